"""Customers' packages that fall due, taken so that nobody else charges them at the same time."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

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

SETTLE = (
    "UPDATE customer_package SET charged_to = given.day FROM {given} WHERE customer_package.id = given.own"
)


async def due(
    connection: AsyncConnection,
    day: date,
    after: int,
    count: int,
    *,
    customer_id: int | None = None,
    take: bool = False,
) -> Sequence[Any]:
    """Some customers' packages that were not settled up to a day, in the order of their numbers; taken, they
    are ours until the transaction ends, and those that others have are left out."""
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
    if take:
        question = question.with_for_update(skip_locked=True, of=table_named("customer-package"))
    return (await connection.execute(question)).all()


async def already(connection: AsyncConnection, sources: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these sources of customers are in the ledger already."""
    found = await those_there(
        connection, ledger.name, {"customer_id": "int", "source": "text"}, sorted(sources)
    )
    return {(of, source) for of, source in found}


async def spent(connection: AsyncConnection, customer_id: int, first: date, last: date) -> Any:
    """What a customer's calls of some days cost."""
    own = call_days.c
    question = select(func.coalesce(func.sum(own.charge), 0, type_=own.charge.type))
    these = (own.customer_id == customer_id) & own.day.between(first, last)
    return (await connection.execute(question.where(these))).scalar()


async def settle(connection: AsyncConnection, ids: Sequence[int], day: date) -> None:
    """Note that what fell due of these up to a day is settled."""
    said: Any = day.isoformat() if on_sqlite(connection) else day
    await change(connection, SETTLE, {"own": "int", "day": "date"}, [(one, said) for one in ids])
