"""What follows from customers' contracts: by which day one has to be signed, or calls stop."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import kept_warnings
from cx_tui.db.calls.standing import lock
from cx_tui.db.customer_expressions import clock_of
from cx_tui.db.tables import counters, table_named


def due_of_customer() -> ScalarSelect[date]:
    """The first day on which a contract of the customer of some counters has to be signed."""
    own = table_named("customer-contract").c
    mine = own.customer_id == counters.c.customer_id
    wanted = select(func.min(own.grace_date)).where(mine, own.required, own.signed_at.is_(None))
    return wanted.where(own.deleted_at.is_(None)).scalar_subquery()


async def follow(connection: AsyncConnection, ids: Collection[int], operation_id: int | None) -> None:
    """Contracts of these customers were written: keep the day on which the first of them is due."""
    await lock(connection, ids)
    these = counters.c.customer_id.in_(ids)
    await connection.execute(update(counters).where(these).values(contract_due=due_of_customer()))
    await kept_warnings.renew(connection, await clock_of(connection, ids), ids)
