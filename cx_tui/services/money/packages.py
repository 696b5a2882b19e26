"""Charging packages: each period once, by whichever program runs, and after a downtime what was missed.

A period that has an entry in the ledger is paid: its source is unique there.  `charged_to` only says up to
which day nobody need look any more.  Where more periods than usual are missing (the programs were away for
long, or a package begins in the past), a person is asked: those wait until they are run by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history, ledger, packages
from cx_tui.db.calls.standing import lock
from cx_tui.db.engine import Database
from cx_tui.db.records import repository_of
from cx_tui.domain.history import Act
from cx_tui.domain.money import periods
from cx_tui.domain.money.entry import Entry, Kind
from cx_tui.domain.records.package import Package, PackageType
from cx_tui.domain.who import Who

AT_ONCE = 1_000
"""So many customers' packages are charged in one transaction."""

CATCHES_UP = 3
"""So many missed periods of a package are charged by themselves; more wait for a person."""

NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What is, or would be, charged for a period of a customer's package."""

    customer_id: int
    customer: str
    package: str
    own_id: int
    key: str
    day: date
    amount: Decimal
    currency: str
    waits: str = ""
    """Why it is not charged by itself."""

    @property
    def source(self) -> str:
        """What it is booked for."""
        return f"package {self.own_id} {self.key}"


@dataclass
class Ran:
    """What a run did."""

    charged: list[Charge] = field(default_factory=list)
    waiting: list[Charge] = field(default_factory=list)


class Packages:
    """The packages of the customers of one database."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def simulate(self, day: date, customer_id: int | None = None, *, catch_up: bool = False) -> Ran:
        """What a run would do; nothing is done."""
        ran, after = Ran(), 0
        async with self._database.reading() as connection:
            while rows := await packages.due(connection, day, after, AT_ONCE, customer_id=customer_id):
                charged, waiting, _ = await _charges(connection, rows, day, catch_up=catch_up)
                ran.charged += charged
                ran.waiting += waiting
                after = rows[-1].id
        return ran

    async def run(self, day: date, customer_id: int | None = None, *, catch_up: bool = False) -> Ran:
        """Charge what is due up to a day; when told to, what waits for a person, too."""
        ran, after = Ran(), 0
        while True:
            async with self._database.writing() as connection:
                rows = await packages.due(connection, day, after, AT_ONCE, customer_id=customer_id, take=True)
                if not rows:
                    return ran
                await lock(connection, {row.customer_id for row in rows})
                charged, waiting, settled = await _charges(connection, rows, day, catch_up=catch_up)
                await self._book(connection, charged)
                await packages.settle(connection, settled, day)
            ran.charged += charged
            ran.waiting += waiting
            after = rows[-1].id

    async def run_due(self, now: datetime | None = None) -> int:
        """Charge what is due now by itself: how many charges it took."""
        day = (now or datetime.now(UTC)).date()
        async with self._database.reading() as connection:
            if not await packages.due(connection, day, 0, 1):
                return 0  # nobody is kept from writing for nothing
        ran = await self.run(day)
        return len(ran.charged)

    async def _book(self, connection: AsyncConnection, charges: Sequence[Charge]) -> None:
        if not charges:
            return
        now = datetime.now(UTC)
        title = f"packages charged: {len(charges):,}"
        operation = await history.begin(
            connection, self._who, Act.BOOK, title, now, records=len({one.customer_id for one in charges})
        )
        entries = [
            Entry(
                customer_id=one.customer_id, kind=Kind.PACKAGE, amount=-one.amount, currency=one.currency,
                source=one.source, day=one.day, at=now, reason=one.package[:300], who=self._who.name[:120],
                operation_id=operation,
            )
            for one in charges
        ]  # fmt: skip
        await ledger.book(connection, entries)


async def _charges(
    connection: AsyncConnection, rows: Sequence[Any], day: date, *, catch_up: bool
) -> tuple[list[Charge], list[Charge], list[int]]:
    """What is charged, what waits for a person, and which of the customers' packages are settled then."""
    sold = await repository_of(Package).some(connection, {row.package for row in rows})
    found = [(row, await _of(connection, row, sold[row.package], day)) for row in rows]
    paid = await packages.already(
        connection, {(one.customer_id, one.source) for _, some in found for one in some}
    )
    charged: list[Charge] = []
    waiting: list[Charge] = []
    settled = []
    for row, some in found:
        due = [one for one in some if one.amount and (one.customer_id, one.source) not in paid]
        if why := _why_wait(row, sold[row.package], due, catch_up=catch_up):
            waiting += [Charge(**{**vars(one), "waits": why}) for one in due]
            continue
        charged += due
        settled.append(row.id)
    return charged, waiting, settled


def _why_wait(row: Any, package: Package, due: Sequence[Charge], *, catch_up: bool) -> str:
    if not due:
        return ""
    if package.currency and package.currency != row.customer_currency:
        return f"the package is in {package.currency}, the customer pays in {row.customer_currency}"
    if not catch_up and len({one.key for one in due if one.key != "setup"}) > CATCHES_UP:
        return f"{len(due)} periods are missing; look at them and run it with --catch-up"
    return ""


async def _of(connection: AsyncConnection, own: Any, package: Package, day: date) -> list[Charge]:
    """All that fell due of a customer's package since it was settled last."""
    if not own.auto_decrement:
        return []
    starts = own.starts or own.created_at.date()

    def charge(key: str, when: date, amount: Decimal) -> Charge:
        return Charge(
            customer_id=own.customer_id, customer=own.customer_name, package=package.name, own_id=own.id,
            key=key, day=when, amount=amount, currency=own.customer_currency,
        )  # fmt: skip

    found = []
    if starts <= day and package.setup_retail and (own.charged_to is None or own.charged_to < starts):
        found.append(charge("setup", starts, periods.amount_of(package.setup_retail, own.quantity)))
    if package.retail:
        price = periods.amount_of(package.retail, own.quantity)
        dues = periods.due_of(package, starts, own.ends, own.charged_to, day)
        found += [charge(due.key, due.day, price) for due in dues]
    if package.type is PackageType.MINIMUM_SPEND:
        minimum = periods.amount_of(package.minimum_spend, own.quantity)
        for spell in periods.spells_of(package, starts, own.ends, own.charged_to, day):
            spent = await packages.spent(connection, own.customer_id, spell.first, spell.last)
            rest = periods.missing(minimum, spell.share, spent)
            found.append(charge(f"minimum {spell.due.key}", spell.due.day, rest))
    return found
