"""What is charged to customers at its times: their packages, and the monthly prices of their DIDs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import packages
from cx_tui.db.records import repository_of
from cx_tui.domain.money import periods
from cx_tui.domain.money.periods import Spell
from cx_tui.domain.records.package import Frequency, Package, PackageType


@dataclass(frozen=True, kw_only=True, slots=True)
class Sold:
    """Something that a customer has and pays at its times."""

    what: str
    """What entries are booked for: "package" or "did"."""
    id: int
    customer_id: int
    customer: str
    currency: str
    package: Package
    quantity: int
    starts: date
    ends: date | None
    charged_to: date | None
    auto: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """What is, or would be, charged for a period of something sold."""

    customer_id: int
    customer: str
    package: str
    what: str = "package"
    own_id: int
    key: str
    day: date
    amount: Decimal
    currency: str
    waits: str = ""
    """Why it is not charged by itself."""
    only_asks: bool = False
    """Whether a person has only to agree to that."""

    @property
    def source(self) -> str:
        """What it is booked for."""
        return f"{self.what} {self.own_id} {self.key}"


def charge_of(sold: Sold, key: str, day: date, amount: Decimal) -> Charge:
    """A charge of something sold."""
    return Charge(
        customer_id=sold.customer_id, customer=sold.customer, package=sold.package.name, what=sold.what,
        own_id=sold.id, key=key, day=day, amount=amount, currency=sold.currency,
    )  # fmt: skip


def charges_of(sold: Sold, day: date) -> list[Charge]:
    """All prices that fell due of it since it was settled last, up to a day."""
    found = []
    package, settled = sold.package, sold.charged_to
    if sold.starts <= day and package.setup_retail and (settled is None or settled < sold.starts):
        amount = periods.amount_of(package.setup_retail, sold.quantity)
        found.append(charge_of(sold, "setup", sold.starts, amount))
    if package.retail:
        price = periods.amount_of(package.retail, sold.quantity)
        dues = periods.due_of(package, sold.starts, sold.ends, settled, day)
        found += [charge_of(sold, due.key, due.day, price) for due in dues]
    return found


def spells_of(sold: Sold, day: date) -> list[Spell]:
    """The periods whose minimum spend has to be looked at, up to a day."""
    if sold.package.type is not PackageType.MINIMUM_SPEND:
        return []
    return periods.spells_of(sold.package, sold.starts, sold.ends, sold.charged_to, day)


def minimum_charge(sold: Sold, spell: Spell, spent: Decimal) -> Charge:
    """What is charged as calls of a period did not reach what has to be spent."""
    minimum = periods.amount_of(sold.package.minimum_spend, sold.quantity)
    rest = periods.missing(minimum, spell.share, spent)
    return charge_of(sold, f"minimum {spell.due.key}", spell.due.day, rest)


Due = Callable[..., Awaitable[list[Sold]]]
"""Some of what is not settled up to a day: connection, day, after which number, how many."""


async def packages_due(
    connection: AsyncConnection, day: date, after: int, count: int, **more: Any
) -> list[Sold]:
    """Some customers' packages that fall due."""
    rows = await packages.due(connection, day, after, count, **more)
    return await packages_of_rows(connection, rows)


async def packages_of_rows(connection: AsyncConnection, rows: Sequence[Any]) -> list[Sold]:
    """Customers' packages with what was sold."""
    sold = await repository_of(Package).some(connection, {row.package for row in rows}) if rows else {}
    return [
        Sold(
            what="package", id=row.id, customer_id=row.customer_id, customer=row.customer_name,
            currency=row.customer_currency, package=sold[row.package], quantity=row.quantity,
            starts=row.starts or row.created_at.date(), ends=row.ends, charged_to=row.charged_to,
            auto=row.auto_decrement,
        )
        for row in rows
    ]  # fmt: skip


async def dids_due(connection: AsyncConnection, day: date, after: int, count: int, **more: Any) -> list[Sold]:
    """Some DIDs whose monthly price falls due."""
    return [_of_did(row) for row in await packages.dids_due(connection, day, after, count, **more)]


def _of_did(row: Any) -> Sold:
    first = row.created_at.date()
    package = Package(
        id=0, created_at=row.created_at, changed_at=row.created_at, name=f"DID {row.number}",
        retail=row.retail, frequency=Frequency.MONTHLY,
    )  # fmt: skip
    return Sold(
        what="did", id=row.id, customer_id=row.customer_id, customer=row.customer_name,
        currency=row.customer_currency, package=package, quantity=1, starts=first, ends=None,
        charged_to=row.charged_to,
    )  # fmt: skip


SOURCES: Mapping[str, Due] = MappingProxyType({"customer_package": packages_due, "did": dids_due})
"""The tables of what is sold, and what tells what of them falls due."""
