"""Customers' packages that fall due, taken so that nobody else charges them at the same time."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.calls.put import change, on_sqlite, those_there
from cx_tui.db.calls.tables import call_days
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import customer, table_named

NEEDED = (
    "id",
    "customer_id",
    "package",
    "quantity",
    "starts",
    "ends",
    "auto_decrement",
    "created_at",
    "charged_to",
)


class Take(Enum):
    """Which of what falls due is taken."""

    NOTHING = auto()
    WHAT_IS_FREE = auto()
    """What others have is left out."""
    ALL = auto()
    """What others have is waited for."""


SETTLE = {
    table: f"UPDATE {table} SET charged_to = given.day FROM {{given}} WHERE {table}.id = given.own"  # noqa: S608
    for table in ("customer_package", "did")
}


async def due(
    connection: AsyncConnection,
    day: date,
    after: int,
    count: int,
    *,
    customer_id: int | None = None,
    take: Take = Take.NOTHING,
) -> Sequence[Any]:
    """Some customers' packages that were not settled up to a day, in the order of their numbers; what is
    taken is ours until the transaction ends."""
    own = table_named("customer-package").c
    question = (
        select(
            *(own[name] for name in NEEDED),
            customer.c.name.label("customer_name"),
            customer.c.currency.label("customer_currency"),
        )
        .join(customer, customer.c.id == own.customer_id)
        .where(
            own.id > after,
            own.deleted_at.is_(None),
            customer.c.deleted_at.is_(None),
            or_(own.charged_to.is_(None), own.charged_to < day),
        )
        .order_by(own.id)
        .limit(count)
    )
    if customer_id is not None:
        question = question.where(own.customer_id == customer_id)
    if take is not Take.NOTHING:
        question = question.with_for_update(
            skip_locked=take is Take.WHAT_IS_FREE, of=table_named("customer-package")
        )
    return (await connection.execute(question)).all()


async def dids_due(
    connection: AsyncConnection,
    day: date,
    after: int,
    count: int,
    *,
    customer_id: int | None = None,
    take: Take = Take.NOTHING,
) -> Sequence[Any]:
    """The same of DIDs that have a monthly price and no package."""
    own = table_named("did").c
    question = (
        select(
            own.id, own.customer_id, own.number, own.retail, own.created_at, own.charged_to,
            customer.c.name.label("customer_name"), customer.c.currency.label("customer_currency"),
        )
        .join(customer, customer.c.id == own.customer_id)
        .where(
            own.id > after, own.deleted_at.is_(None), customer.c.deleted_at.is_(None), own.retail > 0,
            own.package.is_(None), or_(own.charged_to.is_(None), own.charged_to < day),
        )
        .order_by(own.id)
        .limit(count)
    )  # fmt: skip
    if customer_id is not None:
        question = question.where(own.customer_id == customer_id)
    if take is not Take.NOTHING:
        question = question.with_for_update(skip_locked=take is Take.WHAT_IS_FREE, of=table_named("did"))
    return (await connection.execute(question)).all()


async def already(connection: AsyncConnection, sources: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these sources of customers are in the ledger already."""
    found = await those_there(
        connection, ledger.name, {"customer_id": "int", "source": "text"}, sorted(sources)
    )
    return {(of, source) for of, source in found}


async def spent(
    connection: AsyncConnection, customers: Collection[int], first: date, last: date
) -> dict[int, Decimal]:
    """What the calls of customers cost on some days; who made none is left out."""
    own = call_days.c
    question = select(own.customer_id, func.sum(own.charge, type_=own.charge.type)).group_by(own.customer_id)
    these = among(connection, own.customer_id, sorted(customers)) & own.day.between(first, last)
    return {row[0]: row[1] for row in await connection.execute(question.where(these))}


async def settle(connection: AsyncConnection, table: str, ids: Sequence[int], day: date) -> None:
    """Note that what fell due of these up to a day is settled."""
    said: Any = day.isoformat() if on_sqlite(connection) else day
    await change(connection, SETTLE[table], {"own": "int", "day": "date"}, [(one, said) for one in ids])
