"""What stops when DIDs are released, said before it is done."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.did_numbers import USUAL_DAYS
from cx_tui.db.tables import table_named
from cx_tui.domain.money.periods import days_of
from cx_tui.domain.records.package import Frequency

LOOKED_AT = 1_000
"""What stops is said of so many at most; of more only that it does."""

A_DAY = timedelta(days=1)
A_MONTH = timedelta(days=31)


async def what_stops(connection: AsyncConnection, ids: Sequence[int], today: date) -> list[str]:
    """What stops with these DIDs, in sentences: calls, packages, prices; and how long the numbers rest."""
    if len(ids) > LOOKED_AT:
        return ["Calls to them find nobody from then on, and their packages and prices end today."]
    did, carrier = table_named("did").c, table_named("carrier")
    days = func.coalesce(carrier.c.did_quarantine, USUAL_DAYS).label("days")
    question = select(did.id, did.retail, did.package, did.created_at, days)
    question = question.join(carrier, carrier.c.id == did.carrier, isouter=True)
    rows = (await connection.execute(question.where(among(connection, did.id, ids)))).all()
    if not rows:
        return []
    one = len(rows) == 1
    found = ["Calls to it find nobody from then on." if one else "Calls to them find nobody from then on."]
    if packages := await _packages(connection, ids, today):
        what = f"The package {packages[0]} ends"
        if len(packages) > 1:
            what = f"{len(packages):,} packages end"
        found.append(f"{what} today; what was charged for this period stays charged.")
    if priced := [row for row in rows if row.retail and row.package is None]:
        paid = max(_paid_to(row, today) for row in priced)
        whose = "Its price is" if one else f"The prices of {len(priced):,} are"
        found.append(f"{whose} not charged again; what was charged pays to {paid} and is not given back.")
    rests = max(row.days for row in rows)
    until = today + rests * A_DAY
    found.append(f"Nobody else can get {'it' if one else 'them'} before {until}.")
    return found


async def _packages(connection: AsyncConnection, ids: Sequence[int], today: date) -> list[str]:
    """The names of the packages that last and belong to these DIDs."""
    own, sold = table_named("customer-package").c, table_named("package")
    lasts = own.deleted_at.is_(None) & or_(own.ends.is_(None), own.ends > today)
    question = select(sold.c.name).join_from(table_named("customer-package"), sold, sold.c.id == own.package)
    rows = await connection.execute(question.where(among(connection, own.did, ids), lasts).order_by(own.id))
    return list(rows.scalars())


def _paid_to(row: Any, today: date) -> date:
    """The last day that is paid when a DID is charged up to today: the one before it would be due again."""
    dues = days_of(Frequency.MONTHLY, (), row.created_at.date(), today + A_MONTH)
    return next(due.day for due in dues if due.day > today) - A_DAY
