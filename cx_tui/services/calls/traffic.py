"""Calls that come and go, kept in the counters: here from the simulator."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import counters, ledger
from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.events import Ended, Event, Started
from cx_tui.domain.counters import Counters
from cx_tui.domain.money.entry import Entry, Kind
from cx_tui.errors import Unavailable
from cx_tui.ingest.simulator import Caller, Population, Simulator

STEP = 0.25
CALLS_A_SECOND = 40.0
A_PAGE = 1_000
MOST_TAKEN_OVER = 20_000
"""Calls that were up before and go on."""
MS = timedelta(milliseconds=1)


class Traffic:
    """Simulated traffic on one database: all customers who may call do, some far more than others."""

    def __init__(self, database: Database, *, rate: float = CALLS_A_SECOND, seed: int | None = None) -> None:
        self._database = database
        self._rate = rate
        self._seed = seed
        self._simulator: Simulator | None = None
        self._calling: set[int] = set()

    async def run(self) -> None:
        """Make calls until it is cancelled, and end them then; a database that is away is waited for."""
        try:
            while True:
                try:
                    await self.step(datetime.now(UTC))
                except Unavailable:
                    await asyncio.sleep(1)
                await asyncio.sleep(STEP)
        finally:
            await self.hang_up(datetime.now(UTC))

    async def step(self, now: datetime) -> int:
        """What happens in one step, written in one transaction: how many customers it changed."""
        if self._simulator is None:
            self._simulator = await self._begun(now)
        callers = self._simulator.callers(now, STEP)
        allowed: set[int] = set()
        if callers:
            async with self._database.reading() as connection:
                allowed = await counters.who_may_call(connection, callers)
        return await self._count(self._simulator.advance(now, STEP, allowed.__contains__), now)

    async def hang_up(self, now: datetime) -> None:
        """End all calls that are up: nobody would do it later."""
        if self._simulator is not None:
            await self._count(self._simulator.hang_up(now), now)
        async with self._database.writing() as connection:
            await counters.no_calls(connection)

    async def _begun(self, now: datetime) -> Simulator:
        """A simulator for the customers of this database; calls that are up there go on in it."""
        seed = int(now.timestamp()) if self._seed is None else self._seed
        population = Population(seed=seed)
        simulator, after, left = Simulator(population, self._rate, seed=seed), 0, MOST_TAKEN_OVER
        # Small pages: keys are answered in between.
        while True:
            async with self._database.reading() as connection:
                rows = await counters.callers(connection, after, A_PAGE)
            for row in rows:
                caller, live = Caller(row.id, row.channels, row.currency, row.time_zone), min(row.live, left)
                population.add([caller])
                simulator.take_over(caller, live, now)
                left -= live
            if len(rows) < A_PAGE:
                return simulator
            after = rows[-1].id

    async def _count(self, events: Sequence[Event], moment: datetime) -> int:
        started = Counter(one.customer_id for one in events if isinstance(one, Started))
        ended = [one.call for one in events if isinstance(one, Ended)]
        touched = {one for one in (*started, *(call.customer_id for call in ended)) if one is not None}
        touched |= self._calling
        if not touched:
            return 0
        async with self._database.writing() as connection:
            known = await counters.counters_of(connection, touched)
            for customer_id, calls in started.items():
                if one := known.get(customer_id or 0):
                    for _ in range(calls):
                        one.start_call(moment)
            _end(known, ended, moment)
            for one in known.values():
                one.cps = started[one.customer_id] / STEP
            await counters.keep(connection, known.values())
            await self._book(connection, ended, known, moment)
        self._calling = {one for one in started if one is not None}
        return len(known)

    async def _book(
        self, connection: AsyncConnection, ended: Sequence[Call], known: Mapping[int, Counters], now: datetime
    ) -> None:
        """These calls are only counted, never kept, so no day of calls has their charges: they are booked
        at once."""
        charges: dict[int, Decimal] = defaultdict(Decimal)
        currencies = {}
        for call in ended:
            if call.charge and (of := call.customer_id or 0) in known:
                charges[of] += call.charge
                currencies[of] = call.currency
        source = f"simulated calls {now.date()}"
        turns = await ledger.turns_of(connection, {(of, source) for of in charges})
        entries = [
            Entry(
                customer_id=of, kind=Kind.CALLS, amount=-charge, currency=currencies[of], source=source,
                turn=turns.get((of, source), 0) + 1, day=now.date(), at=now,
            )
            for of, charge in charges.items()
        ]  # fmt: skip
        await ledger.book(connection, entries, paid=True)


def _end(known: dict[int, Counters], calls: Iterable[Call], moment: datetime) -> None:
    for call in calls:
        if one := known.get(call.customer_id or 0):
            one.end_call(
                moment,
                answered=call.connected,
                seconds=(call.talk_ms if call.connected else (call.ended_at - call.invited_at) // MS) // 1000,
                ring_ms=call.pdd_ms or 0,
                charge=call.charge or Decimal(0),
            )
