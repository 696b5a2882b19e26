"""The keys by which an operator opens views, and the view that a list begins with."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, ForeignKey, Integer, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.tables import metadata, record_table
from cx_tui.domain.records.view import SavedView

FIRST = 0
"""Instead of a key: the view that the list begins with."""

saved_view = record_table(SavedView)

view_key = Table(
    "view_key",
    metadata,
    Column("operator", String(120), primary_key=True),
    Column("listed", String(20), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("view_id", Integer, ForeignKey("saved_view.id", ondelete="CASCADE"), nullable=False),
)


async def offered(connection: AsyncConnection, operator: str, listed: str | None = None) -> Sequence[Any]:
    """The views that an operator may open: their own, and those of others that are shared."""
    own = saved_view.c
    wanted: list[ColumnElement[bool]] = [own.deleted_at.is_(None), (own.operator == operator) | own.shared]
    if listed is not None:
        wanted.append(own.listed == listed)
    return await ask(connection, select(saved_view).where(*wanted).order_by(own.name, own.id))


async def keys_of(connection: AsyncConnection, operator: str) -> dict[tuple[str, int], int]:
    """The views on an operator's keys, by the kind of record and the key."""
    own = view_key.c
    rows = await ask(connection, select(own.listed, own.place, own.view_id).where(own.operator == operator))
    return {(row.listed, row.place): row.view_id for row in rows}


async def put(
    connection: AsyncConnection, operator: str, listed: str, place: int, view_id: int | None
) -> None:
    """Put a view on a key, or none."""
    own = view_key.c
    await connection.execute(
        delete(view_key).where(own.operator == operator, own.listed == listed, own.place == place)
    )
    if view_id is not None:
        await connection.execute(
            insert(view_key).values(operator=operator, listed=listed, place=place, view_id=view_id)
        )
