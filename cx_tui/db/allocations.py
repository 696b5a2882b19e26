"""What follows from allocations: how much of an invoice is paid, and whether it is paid."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import invoices
from cx_tui.db.history_tables import change
from cx_tui.db.tables import table_named


async def follow(connection: AsyncConnection, ids: Collection[int], operation_id: int | None) -> None:
    """An operation wrote allocations: keep what is allocated to their invoices."""
    own = table_named("allocation").c
    noted = select(change.c.record_id).where(
        change.c.operation_id == operation_id, change.c.record == "allocation"
    )
    found = await connection.execute(select(own.invoice).where(own.id.in_(noted)).distinct())
    await invoices.allocated(connection, sorted(found.scalars()), datetime.now(UTC))
