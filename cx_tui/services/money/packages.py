"""Charging packages and DIDs: each period once, by whichever program runs, and after a downtime what was
missed.

A period that has an entry in the ledger is paid: its source is unique there.  `charged_to` only says up to
which day nobody need look any more.  Where more periods than usual are missing (the programs were away for
long, or a package begins in the past), a person is asked: those wait until they are run by hand.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import free_minutes, history, ledger, packages
from cx_tui.db.calls.standing import Standing, lock
from cx_tui.db.engine import Database
from cx_tui.db.packages import Take
from cx_tui.domain.calls.call import Call
from cx_tui.domain.history import Act
from cx_tui.domain.money.entry import Entry, Kind
from cx_tui.domain.money.periods import Spell
from cx_tui.domain.who import Who
from cx_tui.services.money import sold
from cx_tui.services.money.sold import Charge, Sold

__all__ = ["Charge", "Packages", "Ran"]

AT_ONCE = 250
"""So many customers' packages are charged in one transaction: working on more would keep keys waiting."""

CATCHES_UP = 3
"""So many missed periods of a package are charged by themselves; more wait for a person."""

NOTHING = Decimal(0)

ON_SCREEN = "R on the tab Packages shows and charges them"
BY_COMMAND = "cx-tui packages run --catch-up charges them"


@dataclass
class Ran:
    """What a run did."""

    number: int = 0
    """How many charges it took."""
    charged: list[Charge] = field(default_factory=list)
    """These, if they were to be kept."""
    waiting: list[Charge] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """Some of what is due up to a day, of one kind, behind a number."""

    table: str
    day: date
    after: int
    customer_id: int | None
    take: Take
    catch_up: bool = field(kw_only=True)
    keep: bool = field(kw_only=True)


class Packages:
    """The packages and DIDs of the customers of one database, as they are charged."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who
        self._waiting: list[Charge] = []
        self.by_hand = ON_SCREEN
        """How a person charges what waits, where these sentences are read."""

    def waiting_in_words(self) -> list[str]:
        """What the last look at what is due left to a person."""
        found = self._waiting
        if not found:
            return []
        first, whose = found[0], len({one.customer_id for one in found})
        of = f"{whose:,} customer{'' if whose == 1 else 's'}"
        what = "1 package charge" if len(found) == 1 else f"{len(found):,} package charges"
        how = self.by_hand if first.only_asks else f"choose a package in {first.currency}"
        return [
            f"{what} of {of} wait{'s' if len(found) == 1 else ''} for you ({first.customer}, "
            f"{first.package}: {first.waits}); {how}"
        ]

    async def free_of(self, call: Call) -> list[tuple[str, int]]:
        """The packages whose free minutes pay seconds of a call, and how many."""
        async with self._database.reading() as connection:
            return await free_minutes.given_to(connection, call)

    async def simulate(self, day: date, customer_id: int | None = None, *, catch_up: bool = False) -> Ran:
        """What a run would do; nothing is done."""
        ran = Ran()
        async with self._database.reading() as connection:
            for due in sold.SOURCES.values():
                after = 0
                while some := await due(connection, day, after, AT_ONCE, customer_id=customer_id):
                    charged, waiting, _ = await _charges(connection, some, day, catch_up=catch_up)
                    ran.number += len(charged)
                    ran.charged += charged
                    ran.waiting += waiting
                    after = some[-1].id
        return ran

    async def run(
        self, day: date, customer_id: int | None = None, *, catch_up: bool = False, keep: bool = True
    ) -> Ran:
        """Charge what is due up to a day; when told to, what waits for a person, too.  Who only wants to know
        how many it were does not keep a hundred thousand of them.

        What others are charging just now is left to them, and looked at again at the end: when this is done,
        all of it is charged by somebody, so invoices that are made then have it.
        """
        ran = Ran()
        for table in sold.SOURCES:
            seen: set[int] = set()
            for take in (Take.WHAT_IS_FREE, Take.ALL):
                after: int | None = 0
                while after is not None:
                    part = Part(table, day, after, customer_id, take, catch_up=catch_up, keep=keep)
                    after = await self._charge(ran, part, seen)
        return ran

    async def _charge(self, ran: Ran, part: Part, seen: set[int]) -> int | None:
        """Charge some of one kind that were not seen yet; says behind which number more may follow."""
        table, day, catch_up = part.table, part.day, part.catch_up
        due = sold.SOURCES[table]
        async with self._database.writing() as connection:
            found = await due(
                connection, day, part.after, AT_ONCE, customer_id=part.customer_id, take=part.take
            )
            if not found:
                return None
            some = [one for one in found if one.id not in seen]
            standing = await lock(connection, {one.customer_id for one in some})
            charged, waiting, settled = await _charges(connection, some, day, catch_up=catch_up)
            await self._book(connection, charged, standing)
            await packages.settle(connection, table, settled, day)
        seen.update(one.id for one in some)
        ran.number += len(charged)
        ran.charged += charged if part.keep else ()
        ran.waiting += waiting
        return found[-1].id

    async def run_due(self, now: datetime | None = None) -> int:
        """Charge what is due now by itself: how many charges it took."""
        day = (now or datetime.now(UTC)).date()
        async with self._database.reading() as connection:
            waiting = [await due(connection, day, 0, 1) for due in sold.SOURCES.values()]
        self._waiting = []
        if not any(waiting):
            return 0  # nobody is kept from writing for nothing
        ran = await self.run(day, keep=False)
        self._waiting = ran.waiting
        return ran.number

    async def _book(
        self, connection: AsyncConnection, charges: Sequence[Charge], standing: Mapping[int, Standing]
    ) -> None:
        if not charges:
            return
        now = datetime.now(UTC)
        title = f"packages charged: {len(charges):,}"
        operation = await history.begin(
            connection, self._who, Act.BOOK, title, now, records=len({one.customer_id for one in charges})
        )
        who = self._who.name[:120]
        entries = [
            Entry(
                customer_id=one.customer_id, kind=Kind.PACKAGE, amount=-one.amount, currency=one.currency,
                source=one.source, day=one.day, at=now, reason=one.package[:300], who=who,
                operation_id=operation,
            )
            for one in charges
        ]  # fmt: skip
        await ledger.book(connection, entries, locked=standing)


async def _charges(
    connection: AsyncConnection, some: Sequence[Sold], day: date, *, catch_up: bool
) -> tuple[list[Charge], list[Charge], list[int]]:
    """What is charged, what waits for a person, and what is settled then."""
    auto = [one for one in some if one.auto]
    found = {one.id: sold.charges_of(one, day) for one in auto}
    for own, charges in (await _minimums(connection, auto, day)).items():
        found[own] += charges
    places = {(one.customer_id, one.source) for charges in found.values() for one in charges}
    paid = await packages.already(connection, places)
    charged: list[Charge] = []
    waiting: list[Charge] = []
    settled = []
    for one in some:
        due = [
            charge
            for charge in found.get(one.id, ())
            if charge.amount and (charge.customer_id, charge.source) not in paid
        ]
        why, only_asks = _why_wait(one, due, catch_up=catch_up)
        if why:
            waiting += [replace(charge, waits=why, only_asks=only_asks) for charge in due]
            continue
        charged += due
        settled.append(one.id)
    return charged, waiting, settled


async def _minimums(connection: AsyncConnection, some: Sequence[Sold], day: date) -> dict[int, list[Charge]]:
    """What is missing of minimum spends; customers with the same period are asked about at once."""
    by_days: dict[tuple[date, date], list[tuple[Sold, Spell]]] = defaultdict(list)
    for one in some:
        for spell in sold.spells_of(one, day):
            by_days[spell.first, spell.last].append((one, spell))
    found: dict[int, list[Charge]] = defaultdict(list)
    for (first, last), those in by_days.items():
        spent = await packages.spent(connection, {one.customer_id for one, _ in those}, first, last)
        for one, spell in those:
            found[one.id].append(sold.minimum_charge(one, spell, spent.get(one.customer_id, NOTHING)))
    return found


def _why_wait(one: Sold, due: Sequence[Charge], *, catch_up: bool) -> tuple[str, bool]:
    """Why a person is asked, "" when none is; and whether that is all that is missing."""
    if not due:
        return "", False
    if one.package.currency and one.package.currency != one.currency:
        return f"the package is in {one.package.currency}, the customer pays in {one.currency}", False
    if not catch_up and len({charge.key for charge in due if charge.key != "setup"}) > CATCHES_UP:
        return f"{len(due)} periods are missing", True
    return "", False
