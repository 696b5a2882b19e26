"""The calls of one database, as operators and commands use them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import MappingProxyType

from sqlalchemy import select

from cx_tui.calls.checking import Checking, Difference
from cx_tui.calls.clickhouse import ClickHouseCalls, ClickHouseServer
from cx_tui.calls.mirrored import Mirrored
from cx_tui.calls.months import Months
from cx_tui.calls.parquet import ParquetCalls
from cx_tui.calls.places import Files
from cx_tui.calls.port import SealedCalls
from cx_tui.calls.recalculating import Plan, Recalculating, Rerate, call_by_call
from cx_tui.calls.sealing import Sealing
from cx_tui.db import approvals, free_minutes
from cx_tui.db.calls import live, live_reading
from cx_tui.db.calls.manifest import CallFile
from cx_tui.db.calls.storing import Rate
from cx_tui.db.engine import Database, ask
from cx_tui.db.tables import customer, found_by
from cx_tui.domain.approvals import why_rerate
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.key import key_of
from cx_tui.domain.calls.live import LiveCall, State
from cx_tui.domain.calls.live_query import LiveQuery
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.calls.recalculation import Recalculation
from cx_tui.domain.search import key_of as name_key_of
from cx_tui.domain.who import NOBODY, Who
from cx_tui.errors import NeedsApproval, NotFound, Refused
from cx_tui.ingest.adapter import Recognise
from cx_tui.services.calls.free_minutes import FreeMinutes
from cx_tui.services.calls.ingest import Ingest
from cx_tui.services.calls.listing import CallList
from cx_tui.services.calls.prices import Prices
from cx_tui.services.calls.stats import Stats, stats_of
from cx_tui.services.calls.summaries import Period, Summaries
from cx_tui.services.calls.traffic import Traffic
from cx_tui.services.rates.pricing import LONGEST_PREFIX

LATEST = 50

End = Callable[[str], Awaitable[Ending]]
"""Ends a call at its switch, by the key that the switch knows it by."""


class Calls:
    """Calls: brought in, listed, summed up, sealed, checked, recalculated, ended."""

    def __init__(
        self,
        database: Database,
        place: str,
        who: Who = NOBODY,
        *,
        rate: Rate | None = None,
        rerate: Rerate | None = None,
        ends: Mapping[str, End] = MappingProxyType({}),
        clickhouse: str = "",
    ) -> None:
        self._database = database
        self._prices = Prices()
        self._rate = rate or self._prices
        self._rerate = rerate or call_by_call(self._rate)
        self._ends = ends
        self._who = who
        self.place = place
        """Where sealed days are."""
        self.clickhouse = clickhouse
        """The server that has the sealed days too; none, if empty."""
        self.sealing = Sealing(database, Files(place), who.name)

    @property
    def database_url(self) -> str:
        """The database, for a process of its own."""
        return self._database.url.render_as_string(hide_password=False)

    @cached_property
    def sealed(self) -> SealedCalls:
        """The sealed days."""
        return self.mirrored or ParquetCalls(self.sealing)

    @cached_property
    def mirrored(self) -> Mirrored | None:
        """The files with the server that has the same days, where there is one."""

        def open_server() -> ClickHouseCalls:
            return ClickHouseCalls(ClickHouseServer(self.clickhouse))

        return Mirrored(self.sealing, open_server) if self.clickhouse else None

    @cached_property
    def summaries(self) -> Summaries:
        """Hours, days, weeks and months."""
        return Summaries(self._database, self.sealed)

    async def sum_of(self, call: Call, free: int) -> str:
        """How the charge of a call came about, of which so many seconds were free; "" where nobody knows."""
        if call.customer_id is None:
            return ""
        number, prices = call.priced_number, Prices()
        beginnings = [number[:length] for length in range(1, LONGEST_PREFIX + 1)]
        async with self._database.reading() as connection:
            await prices.prepare(connection, [call.customer_id], set(beginnings))
        return prices.sum_of(call, free)

    async def stats(self, period: Period, customer_id: int | None, first: datetime) -> Stats:
        """What calls, channels and balance did since then."""
        return await stats_of(self._database, self.summaries, period, customer_id, first)

    @cached_property
    def recalculating(self) -> Recalculating:
        """Recalculates days."""
        return Recalculating(self.sealing, self._rerate)

    def ingest(self) -> Ingest:
        """What takes calls from sources."""
        return Ingest(
            self._database, self._rate, self.sealing.in_files, prepare=self._prices.prepare,
            free=FreeMinutes(self._prices).give,
        )  # fmt: skip

    def list(self, query: CallQuery) -> CallList:
        """The calls of a query; nothing is read or counted yet."""
        if query.customer_id is None and self._database.rights.reseller:
            # What is in the database is narrowed there; files of sealed days hold the calls of everybody.
            raise Refused("you see the calls of one customer at a time: open its card, or name it")
        return CallList(self._database, self.sealed, query)

    async def latest(self, customer_id: int | None = None, count: int = LATEST) -> Sequence[Call]:
        """The newest calls of a customer, or of all."""
        return await self.list(CallQuery(customer_id)).rows(0, count)

    async def live(self, customer_id: int | None = None) -> Sequence[LiveCall]:
        """The calls that are up, the oldest first."""
        async with self._database.reading() as connection:
            return await live.up(connection, customer_id)

    async def live_keys(self, query: LiveQuery) -> Sequence[int]:
        """The keys of live calls in their order."""
        async with self._database.reading() as connection:
            return await live_reading.keys_of(connection, query)

    async def live_states(self, query: LiveQuery) -> Mapping[State, int]:
        """How many live calls are how far."""
        async with self._database.reading() as connection:
            return await live_reading.number_by_state(connection, query)

    async def live_begun_since(self, moment: datetime) -> int:
        """How many of the calls that are up were begun since then."""
        async with self._database.reading() as connection:
            return await live_reading.begun_since(connection, moment)

    async def live_calls(self, keys: Collection[int]) -> Mapping[int, LiveCall]:
        """Those of these calls that are up."""
        async with self._database.reading() as connection:
            return await live_reading.calls_of(connection, keys)

    async def end(self, key: str) -> Ending:
        """End a live call, by its key or that of its switch."""
        found = [call for call in await self.live() if key in (call.live_key, call.source_key)]
        if not found:
            return Ending.NOT_THERE
        if len(found) > 1:
            sources = ", ".join(call.source for call in found)
            raise Refused(f"several calls have the key {key} ({sources}); use the other key of the call")
        return await self.end_live(found[0])

    async def end_live(self, call: LiveCall) -> Ending:
        """End a live call.  A ghost is up nowhere: it is only forgotten."""
        if call.state is State.GHOST:
            async with self._database.writing() as connection:
                await live.forget(connection, key_of(call.source, call.source_key))
            return Ending.ENDED
        if call.source not in self._ends:
            raise Refused(f"calls of {call.source} can't be ended from here; end it at the switch")
        return await self._ends[call.source](call.live_key)

    async def seal_due(
        self, hot_days: int, today: date | None = None
    ) -> AsyncIterator[tuple[date, CallFile]]:
        """Seal all days that are due, and let go of the hours that are kept no more."""
        await self.ingest().forget_hours()
        for day in await self.sealing.due(today or datetime.now(UTC).date(), hot_days):
            if made := await self.sealing.seal(day):
                yield day, made

    async def let_go(self, keep_days: int, today: date | None = None) -> int:
        """Let the days go that are older than calls are kept; says how many they were."""
        last = (today or datetime.now(UTC).date()) - timedelta(days=keep_days)
        return await Months(self.sealing).let_go(last)

    async def put_together(self, month: date) -> Sequence[CallFile]:
        """Put a closed month together, by customers."""
        return await Months(self.sealing).put_together(month)

    def differences(self) -> AsyncIterator[Difference]:
        """What is counted and is not what the calls say."""
        return Checking(self.sealing).differences()

    async def dry_run(self, asked: Recalculation) -> Plan:
        """What a recalculation would change."""
        async with self._database.reading() as connection:
            await self._prices.prepare(connection, None)
            self._prices.free = await free_minutes.taken_on(connection, asked.day)
        return await self.recalculating.dry_run(asked)

    async def recalculate(self, plan: Plan) -> int | None:
        """Do what a dry run showed, where one person alone may: the number of the change."""
        from cx_tui.services.approvals.approvals import wish_to_recalculate

        async with self._database.reading() as connection:
            why = why_rerate(await approvals.rules(connection))
        if why:
            raise NeedsApproval(why, wish_to_recalculate(plan, why))
        return await self.recalculating.apply(plan)

    async def ask_to_recalculate(self, need: NeedsApproval, reason: str) -> int:
        """Ask for a second person to recalculate: the number of the request."""
        from cx_tui.services.approvals.approvals import Approvals

        return await Approvals(self._database, self._who, lambda: self).ask(need.wish, reason)

    async def customer_named(self, said: str) -> int:
        """The number of a customer who is said by name, or as #number."""
        own = customer.c
        by = own.name_key == name_key_of(said)
        if said.startswith("#") and said[1:].isdecimal():
            by = own.id == int(said[1:])
        async with self._database.reading() as connection:
            rows = await ask(connection, select(own.id).where(by, own.deleted_at.is_(None)))
        if not rows:
            raise NotFound(f'there is no customer "{said}"; write its whole name, or # and its number')
        return int(rows[0][0])

    async def recognised(self, said: str) -> int | None:
        """The customer behind the account of a call file: by name, or by external id."""
        own = customer.c
        external = select(found_by.c.customer_id).where(found_by.c.external_id == said)
        by = (own.name_key == name_key_of(said)) | own.id.in_(external)
        async with self._database.reading() as connection:
            rows = await ask(connection, select(own.id).where(by, own.deleted_at.is_(None)).limit(2))
        return int(rows[0][0]) if len(rows) == 1 else None

    def recogniser(self) -> Recognise:
        """The same for a thread that reads files: the database is asked on the loop of who calls this."""
        loop = asyncio.get_running_loop()

        def recognise(said: str) -> int | None:
            return asyncio.run_coroutine_threadsafe(self.recognised(said), loop).result()

        return recognise

    def traffic(self, name: str, rate: float) -> Traffic:
        """Simulated calls of the customers of this database."""
        return Traffic(self._database, name=name, rate=rate)
