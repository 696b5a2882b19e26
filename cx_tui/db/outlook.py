"""What a balance did on each of the last days, what was spent lately, and what of packages is used."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.tables import call_days, call_hours
from cx_tui.db.engine import ask
from cx_tui.db.free_minutes_tables import free_minutes
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.calls.figures import hour_of
from cx_tui.domain.money.entry import Kind

ZERO = Decimal(0)


async def moves(connection: AsyncConnection, customer_id: int, since: date) -> dict[date, Decimal]:
    """By how much a balance moved on each day from a day on: entries, and calls by the day they were made."""
    own, days = ledger.c, call_days.c
    entries = select(own.day, func.sum(own.amount, type_=own.amount.type)).where(
        own.customer_id == customer_id, own.day >= since, own.kind != Kind.CALLS
    )
    charges = select(days.day, days.charge).where(
        days.customer_id == customer_id, days.day >= since, days.charge != 0
    )
    found: dict[date, Decimal] = {}
    for row in await connection.execute(entries.group_by(own.day)):
        found[row[0]] = found.get(row[0], ZERO) + row[1]
    for row in await connection.execute(charges):
        found[row[0]] = found.get(row[0], ZERO) - row[1]
    return found


async def entries_since(
    connection: AsyncConnection, customer_id: int, since: datetime
) -> list[tuple[datetime, Decimal]]:
    """When the balance was moved by entries since a moment, and by how much; calls move it by themselves."""
    own = ledger.c
    question = select(own.at, own.amount).where(
        own.customer_id == customer_id, own.at >= since, own.kind != Kind.CALLS
    )
    return [(row[0], row[1]) for row in await connection.execute(question)]


async def hourly_moves(
    connection: AsyncConnection, customer_id: int, since: datetime
) -> dict[datetime, Decimal]:
    """By how much a balance moved in each hour from an hour on: entries, and calls by the hour in which
    they began."""
    own = call_hours.c
    calls = select(own.hour, own.charge).where(
        own.customer_id == customer_id, own.hour >= since, own.charge != 0
    )
    found: dict[datetime, Decimal] = {}
    for at, amount in await entries_since(connection, customer_id, since):
        found[hour_of(at)] = found.get(hour_of(at), ZERO) + amount
    for hour, charge in await connection.execute(calls):
        found[hour] = found.get(hour, ZERO) - charge
    return found


async def spent_since(connection: AsyncConnection, customer_id: int, since: datetime) -> Decimal:
    """What calls cost that began in this hour or later; hours are kept for three days."""
    own = call_hours.c
    question = select(func.coalesce(func.sum(own.charge), 0, type_=own.charge.type))
    rows: Sequence[Any] = await ask(
        connection, question.where(own.customer_id == customer_id, own.hour >= since)
    )
    return Decimal(rows[0][0])


async def daily(connection: AsyncConnection, customer_id: int, today: date) -> tuple[Decimal | None, Decimal]:
    """The daily limit, and what was spent today."""
    days = call_days.c
    spent = select(days.charge).where(days.customer_id == customer_id, days.day == today)
    limit = select(customer.c.daily_limit).where(customer.c.id == customer_id)
    found: Decimal | None = (await connection.execute(limit)).scalar()
    return found, (await connection.execute(spent)).scalar() or ZERO


async def owned(connection: AsyncConnection, customer_id: int, today: date) -> Sequence[Any]:
    """The packages that a customer has on a day or will have."""
    own = table_named("customer-package").c
    question = (
        select(
            own.id, own.customer_id, own.package, own.quantity, own.starts, own.ends, own.auto_decrement,
            own.created_at, own.charged_to, customer.c.name.label("customer_name"),
            customer.c.currency.label("customer_currency"),
        )
        .join(customer, customer.c.id == own.customer_id)
        .where(
            own.customer_id == customer_id, own.deleted_at.is_(None),
            or_(own.ends.is_(None), own.ends >= today),
        )
        .order_by(own.id)
    )  # fmt: skip
    return (await connection.execute(question)).all()


async def minutes(connection: AsyncConnection, ids: Sequence[int]) -> dict[tuple[int, date], tuple[int, int]]:
    """The granted and used seconds of the periods of customers' packages."""
    own = free_minutes.c
    rows = await connection.execute(select(free_minutes).where(own.own_id.in_(ids)))
    return {(row.own_id, row.period): (row.granted, row.used) for row in rows}
