"""All services of one database, as one person uses them.

The list of customers comes at once; what changes something is loaded when it is first asked for.
"""

import asyncio
from collections import ChainMap
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cx_tui.config import Settings
from cx_tui.config.folders import data_dir
from cx_tui.db import rights, schema
from cx_tui.db.engine import Database, connect
from cx_tui.domain.query import Query
from cx_tui.domain.record import Record
from cx_tui.domain.rights import Rights
from cx_tui.domain.who import NOBODY, Who
from cx_tui.errors import Refused
from cx_tui.services.lists.customers import Customers
from cx_tui.services.loading import loaded
from cx_tui.services.periodic import repeat, to_nobody

if TYPE_CHECKING:
    from cx_tui.domain.admission.call import Call as AskedCall
    from cx_tui.domain.admission.engine import Decision
    from cx_tui.domain.admission.facts import RewriteRule
    from cx_tui.domain.calls.live import LiveCall
    from cx_tui.domain.records.customer import Customer
    from cx_tui.domain.records.ip import Ip
    from cx_tui.domain.records.rewrite import Rewrite
    from cx_tui.domain.records.sip_user import SipUser
    from cx_tui.services.admission.admission import Admission
    from cx_tui.services.approvals.approvals import Approvals
    from cx_tui.services.audio.recordings import Recordings
    from cx_tui.services.audio.voicemail import Voicemail
    from cx_tui.services.calls.calls import Calls, End
    from cx_tui.services.calls.ending import Ended
    from cx_tui.services.changes.bulk import BulkChanges
    from cx_tui.services.changes.delayed import Delayed
    from cx_tui.services.due import WhenDue
    from cx_tui.services.following.following import Listener
    from cx_tui.services.following.here import Here
    from cx_tui.services.history.log import Log
    from cx_tui.services.latency.latency import OfAddress, OfUser
    from cx_tui.services.lists.grouping import Grouped
    from cx_tui.services.lists.listing import Listing
    from cx_tui.services.money.money import Money
    from cx_tui.services.records.number_blocks import Assigned
    from cx_tui.services.records.presence import Presence
    from cx_tui.services.records.records import Records
    from cx_tui.services.sending.delivery import Delivery
    from cx_tui.services.sending.outbox import Outbox
    from cx_tui.services.views import Views

DUE_EVERY = 1.0
"""Seconds between two looks at what is due."""

MONEY_EVERY = 60.0
"""Seconds between two looks at whether money is due: calls of a day, packages, alerts."""

LEAVING = 3.0
"""Seconds that work which has begun has to come to its end."""

FAREWELL = 1.0
"""Seconds in which it is said that this session is gone."""

NO_SERVERS = Settings()


class Session:
    """What one person can do at one database."""

    def __init__(
        self,
        database: Database,
        who: Who = NOBODY,
        settings: Settings = NO_SERVERS,
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.database = database
        self.who = who
        self.customers = Customers(database)
        self._settings = settings
        self._env = env
        self.until_closed = AsyncExitStack()
        self._ending = asyncio.Event()
        self._running: list[asyncio.Task[None]] = []
        self._working: asyncio.Task[None] | None = None
        self._ends: dict[str, End] = {}
        self.tell: Callable[[str], None] = to_nobody
        """Who hears what goes wrong with work that is done by itself."""
        self.unconfirmed: Sequence[tuple[datetime, str]] = ()
        """When changes will be turned back unless they are confirmed, and of whom; the next first."""

    @property
    def rights(self) -> Rights:
        """What this login may do."""
        return self.database.rights

    @cached_property
    def records(self) -> "Records[Customer]":
        """Customers, one at a time."""
        from cx_tui.db.records import CUSTOMERS
        from cx_tui.services.records.records import Records

        return Records(self.database, CUSTOMERS, self.who)

    @cached_property
    def records_of(self) -> "Mapping[str, Records[Any]]":
        """The records of every kind, by its name."""
        from cx_tui.services.records.as_written import AsWritten
        from cx_tui.services.records.records import RecordsByName

        return RecordsByName(self.database, self.who, AsWritten(self._settings.switch.realm))

    @cached_property
    def bulk(self) -> "BulkChanges":
        """Acts on many customers at once."""
        from cx_tui.services.changes.bulk import BulkChanges

        return BulkChanges(self.database, self.who)

    def bulk_of(self, record: type[Record]) -> "BulkChanges":
        """Acts on many records of a kind at once."""
        from cx_tui.services.changes.bulk import BulkChanges

        return BulkChanges(self.database, self.who, record)

    def list_of(self, query: Query) -> "Listing":
        """The records of any kind but customers that a query asks for; nothing is counted or read yet."""
        from cx_tui.services.lists.listing import Listing
        from cx_tui.services.lists.source import RecordSource

        return Listing(self.database, RecordSource(query))

    async def assign_number_block(self, customer_id: int) -> "Assigned":
        """Give a customer the next free number block."""
        from cx_tui.services.records.number_blocks import assign

        return await assign(self.database, self.who, customer_id)

    async def rewrites_beside(self, rule: "Rewrite") -> "list[RewriteRule]":
        """The rewrite rules of the same address or SIP user, in their order."""
        from cx_tui.services.admission.facts import rewrite_rule

        every = await self.records_of["rewrite"].of_owner(rule.customer_id)
        return [rewrite_rule(one) for one in every if (one.ip, one.sip_user) == (rule.ip, rule.sip_user)]

    async def cli_rule_foreseen(
        self, customer_id: int, changed: int | None, values: Mapping[str, Any] | None
    ) -> list[str]:
        """What a new, changed or deleted (no values) CLI rule means, and would have done to calls."""
        from cx_tui.services.admission.cli_rules import foreseen

        return await foreseen(self.database, self.calls, customer_id, changed, values)

    async def addresses_foreseen(self, wished: "Sequence[Ip]") -> list[str]:
        """What these addresses of one customer mean for the calls of others, in sentences."""
        from cx_tui.services.admission.addresses import foreseen

        return await foreseen(self.database, wished)

    async def listing(self, query: Query) -> "Listing":
        """The records of any kind that a query asks for; nothing is counted or read yet."""
        return await self.customers.list(query) if query.record == "customer" else self.list_of(query)

    def grouped(self, query: Query) -> "Grouped":
        """The groups of the records of a query; nothing is asked yet."""
        from cx_tui.services.lists.grouping import Grouped

        return Grouped(self.database, query)

    @cached_property
    def views(self) -> "Views":
        """Saved views."""
        from cx_tui.services.views import Views

        return Views(self.database, self.who, self.records_of["view"])

    @cached_property
    def admission(self) -> "Admission":
        """Whether calls may pass, and why not."""
        from cx_tui.services.admission.admission import Admission

        return Admission(self.database)

    @cached_property
    def delayed(self) -> "Delayed":
        """Changes that wait for their time."""
        from cx_tui.services.changes.delayed import Delayed

        return Delayed(self.database, self.who)

    @cached_property
    def presence(self) -> "Presence":
        """Who has what open."""
        from cx_tui.services.records.presence import Presence

        return Presence(self.database, self.who)

    @cached_property
    def here(self) -> "Here":
        """Who is here, and what operators write to each other."""
        from cx_tui.services.following.here import Here

        return Here(self.database, self.who)

    @cached_property
    def _when_due(self) -> "WhenDue":
        from cx_tui.services.due import WhenDue

        return WhenDue(self.database)

    def follow(self, listener: "Listener", every: float) -> None:
        """Tell what others do, until the session closes."""
        from cx_tui.services.following.following import Following

        self._run(Following(self.database, self.here, self._when_due.hearing(listener), every).run())

    @cached_property
    def approvals(self) -> "Approvals":
        """Requests for what needs a second person."""
        from cx_tui.services.approvals.approvals import Approvals

        return Approvals(self.database, self.who, lambda: self.calls)

    @cached_property
    def log(self) -> "Log":
        """What was done."""
        from cx_tui.services.history.log import Log

        return Log(self.database, self.who)

    @cached_property
    def outbox(self) -> "Outbox":
        """Messages to contacts."""
        from cx_tui.services.sending.outbox import Outbox

        return Outbox(self.database, self.who)

    @cached_property
    def delivery(self) -> "Delivery":
        """What hands messages to the servers of the settings."""
        from cx_tui.services.sending.delivery import Delivery

        return Delivery(self.database, self._settings, self._env)

    @cached_property
    def money(self) -> "Money":
        """Balances, payments, packages, invoices, contracts, alerts."""
        from cx_tui.services.money.money import Money

        return Money(self.database, self.who, lambda: self.calls)

    @cached_property
    def calls(self) -> "Calls":
        """Calls, up and finished."""
        from cx_tui.services.calls.calls import Calls
        from cx_tui.services.calls.sources import ends_of

        place = self._settings.calls.place or str(data_dir(self._env) / "calls")
        ends = ChainMap(self._ends, ends_of(self._settings.sources))
        clickhouse = self._settings.calls.clickhouse
        return Calls(self.database, place, self.who, ends=ends, clickhouse=clickhouse)

    @cached_property
    def voicemail(self) -> "Voicemail":
        """The voicemail messages of SIP users."""
        from cx_tui.services.audio.voicemail import Voicemail

        switch = self._settings.switch
        return Voicemail(self.database, self.who, switch.voicemail, switch.realm)

    @cached_property
    def recordings(self) -> "Recordings":
        """The recordings of calls."""
        from cx_tui.services.audio.recordings import Recordings

        return Recordings(self.database, self.calls, self._settings.switch.recordings)

    def latency_of(self, endpoint: "Ip | SipUser") -> "OfAddress | OfUser":
        """What measures how long an address or a SIP user takes to answer."""
        from cx_tui.services.latency.latency import measured

        return measured(endpoint, self._settings.sources)

    async def end_calls(self, wanted: "Sequence[LiveCall]") -> "Sequence[Ended]":
        """End calls that are up, and note it in the log."""
        from cx_tui.services.calls.ending import end_calls

        return await end_calls(self.database, self.who, self.calls, wanted)

    async def keep_simulated(self, asked: "AskedCall", decision: "Decision") -> bool:
        """Keep a call that was simulated in the list of calls: whether it is there."""
        from cx_tui.services.calls.simulated import keep

        return await keep(self.calls, asked, decision, self.who)

    def start_traffic(self) -> None:
        """Let simulated calls come and go until the session closes, which ends them."""
        from cx_tui.services.calls.traffic import DEMO_RATE, PAST_DAYS, SIMULATOR, Traffic

        traffic = Traffic(self.database, past_days=PAST_DAYS, rate=DEMO_RATE)
        self._ends[SIMULATOR] = traffic.end
        self._run(traffic.run())

    def start_story(self) -> None:
        """Let colleagues have worked here, and one of them go on, until the session closes."""
        from cx_tui.services.seeding import story

        self._run(story.go_on(self.database))

    def start_sounds(self, fill: "Callable[[Session], Coroutine[Any, Any, None]]") -> None:
        """Let the switch of a demo have recorded something."""
        self._run(fill(self))

    async def without_traffic(self) -> None:
        """End the calls of an earlier simulation: nobody else would."""
        from cx_tui.services.calls.traffic import no_traffic

        await no_traffic(self.database)

    def start_working(self) -> None:
        """Do what is due beside everything else, until the session closes."""
        self._working = self._run(self._begin_working())

    async def _begin_working(self) -> None:
        # The start of the program has other things to do.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), DUE_EVERY)
        await self.keep_working(self._ending)

    async def keep_working(self, ending: asyncio.Event) -> None:
        """Do what is due, and send what is due, until it shall end; what has begun is finished."""
        if not self.rights.works:
            # What is due for everybody is done by who may do all of it: a worker of the tables' owner.
            await repeat(self._when_due.of(self._turn_back), ending, DUE_EVERY, self.tell)
            return
        await asyncio.gather(
            repeat(self._when_due.of(self._make_due), ending, DUE_EVERY, self.tell),
            repeat(self._do_money, ending, MONEY_EVERY, self.tell),
            repeat(self.approvals.expire, ending, MONEY_EVERY, self.tell),
            self.delivery.keep_going(ending, DUE_EVERY, self._when_due.of, self.tell),
        )

    async def _make_due(self) -> None:
        await self.delayed.run_due()
        await self._look_at_unconfirmed()

    async def _turn_back(self) -> None:
        if self.rights.may_change("delayed", "state"):
            await self.delayed.turn_back_own()
        await self._look_at_unconfirmed()

    async def _look_at_unconfirmed(self) -> None:
        self.unconfirmed = await self.delayed.unconfirmed()

    async def _do_money(self) -> None:
        await loaded("cx_tui.services.money.money")
        await self.money.run_due_and_tell(self.tell)

    def _run(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        self._running.append(asyncio.ensure_future(work))
        return self._running[-1]

    async def close(self) -> None:
        """End what runs, and give the database back."""
        self._ending.set()
        if self._working:
            await asyncio.wait([self._working], timeout=LEAVING)
        if "here" in vars(self):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.here.leave(), FAREWELL)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if "delivery" in vars(self):
            await self.delivery.close()
        await self.database.close()
        await self.until_closed.aclose()


async def open_session(
    url: str,
    *,
    read_only: bool = False,
    makes: bool = False,
    who: Who = NOBODY,
    settings: Settings = NO_SERVERS,
    env: Mapping[str, str] = MappingProxyType({}),
) -> Session:
    """Open a database, make it when it is embedded and new, and open the session for somebody; what is
    sent goes to the servers of the settings.  A read-only session makes none, unless it `makes` it: it is
    the command that only reads then, and not the operator who wants no change."""
    database = connect(url, read_only=read_only)
    try:
        if read_only and schema.is_new(database):
            if not makes:
                raise Refused("there is no database yet; cx-tui db upgrade makes it")
            await _make(url)
        await schema.ready(database)
        await rights.learn(database)
    except BaseException:
        await database.close()
        raise
    known = replace(who, login=database.rights.login or who.name, role=database.rights.role)
    return Session(database, known, settings, env)


async def _make(url: str) -> None:
    database = connect(url)
    try:
        await schema.ready(database)
    finally:
        await database.close()
