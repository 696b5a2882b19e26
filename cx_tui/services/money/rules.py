"""What payments and customers' packages must keep to."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.records.package import CustomerPackage
from cx_tui.domain.records.payment import PaymentStatus
from cx_tui.errors import CxError, Invalid, Refused
from cx_tui.services.records.rules import Refusals, Wish


async def payments(connection: AsyncConnection, wishes: Sequence[Wish]) -> Refusals:
    """A top-up is not smaller than the customer's minimum payment; what pays invoices counts; none is ever
    deleted."""
    whose = {one.after.customer_id for one in wishes if one.before is None}
    question = select(customer.c.id, customer.c.minimum_payment, customer.c.currency)
    question = question.where(among(connection, customer.c.id, sorted(whose)))
    least = {row.id: row for row in await connection.execute(question)} if whose else {}
    paying = await _paying(connection, [one.one.id for one in wishes if one.before is not None])
    found: Refusals = {}
    for place, (after, before) in enumerate(wishes):
        if after is None:
            found[place] = Refused("a payment is never deleted; set its status to Cancelled")
        elif before is not None:
            if after.status is not PaymentStatus.COMPLETED and after.id in paying:
                found[place] = Invalid(
                    {"status": "this payment pays invoices; take its allocations back first"}
                )
        elif (row := least.get(after.customer_id)) and 0 < after.total < row.minimum_payment:
            said = f"{row.minimum_payment.normalize():f} {row.currency}"
            found[place] = Invalid(
                {"total": f"the least payment of this customer is {said}; write more, or lower that"}
            )
    return found


async def _paying(connection: AsyncConnection, ids: Sequence[int]) -> set[int]:
    """Those of these payments that pay invoices."""
    own = table_named("allocation").c
    some = select(own.payment_id).where(among(connection, own.payment_id, ids), own.deleted_at.is_(None))
    return set((await connection.execute(some)).scalars()) if ids else set()


async def customer_packages(connection: AsyncConnection, wishes: Sequence[Wish]) -> Refusals:
    """A package is kept for its minimum days."""
    own = table_named("package").c
    sold = sorted({one.before.package for one in wishes if one.before is not None})
    rows = await connection.execute(
        select(own.id, own.minimum_days).where(among(connection, own.id, sold), own.minimum_days > 0)
    )
    least: dict[int, int] = {row.id: row.minimum_days for row in rows}
    found: Refusals = {}
    for place, (after, before) in enumerate(wishes):
        if before is not None and (days := least.get(before.package)):
            first = (before.starts or before.created_at.date()) + timedelta(days=days - 1)
            if why := _too_early(after, before, first):
                found[place] = why
    return found


def _too_early(after: CustomerPackage | None, before: CustomerPackage, first: date) -> CxError | None:
    """Why a package can't end so, whose first possible end is a day."""
    if after is None:
        if before.ends is None or before.ends < first:
            return Refused(f"the package has to be kept to {first}; write that day or a later one as its end")
        return None
    if after.ends != before.ends and after.ends is not None and after.ends < first:
        return Invalid({"ends": f"the package has to be kept to {first}; write that day or a later one"})
    return None
