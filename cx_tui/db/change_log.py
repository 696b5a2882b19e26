"""What was committed since one looked: none of it is overlooked, however late its transaction ends.

Numbers are given when an operation begins, and it is seen when it ends: whoever asks for what is behind the
last number loses what began before and ended after.  So on PostgreSQL one stands at a snapshot, and asks for
what was not visible in it and is visible now.  On SQLite one writes after the other, and the number will do.

A notification is speed, never truth: it has no payload, so those of one transaction become one, and only
what an operator does sends it, since it is a lock that commits share.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.history_tables import OF_OPERATION, operation

CHANNEL = "cx_changes"

# Rows of a database that was restored elsewhere may name transactions that are still to come there.
SINCE = text("""
    SELECT CAST(pg_current_snapshot() AS text) AS place, new.id
    FROM (SELECT 1) AS always LEFT JOIN (
        SELECT id, xact FROM operation
        WHERE xact >= CAST(CAST(pg_snapshot_xmin(CAST(:place AS pg_snapshot)) AS text) AS bigint)
        AND xact < CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)
    ) AS new ON NOT pg_visible_in_snapshot(CAST(CAST(new.xact AS text) AS xid8), CAST(:place AS pg_snapshot))
    ORDER BY new.id
""")


class Since(NamedTuple):
    """What has come since a place, and the place from where one goes on."""

    place: str
    operations: list[int]


def wake_up(connection: AsyncConnection) -> Sequence[ColumnElement[Any]]:
    """What a statement asks for besides, so that others look when its transaction has ended."""
    return () if _on_sqlite(connection) else (func.pg_notify(CHANNEL, ""),)


async def wake_others(connection: AsyncConnection) -> None:
    """Have others look when this transaction has ended."""
    if wanted := wake_up(connection):
        await connection.execute(select(*wanted))


async def place(connection: AsyncConnection) -> str:
    """Where the log stands at this moment."""
    if _on_sqlite(connection):
        return str((await ask(connection, select(func.max(operation.c.id))))[0][0] or 0)
    return str((await ask(connection, text("SELECT CAST(pg_current_snapshot() AS text)")))[0][0])


async def since(connection: AsyncConnection, place: str) -> Since:
    """The numbers of the operations that have come since.  On PostgreSQL, and nowhere else, another place
    says that something was committed: perhaps nothing that is in the log."""
    if _on_sqlite(connection):
        own = operation.c.id
        found = [row[0] for row in await ask(connection, select(own).where(own > int(place)).order_by(own))]
        return Since(str(found[-1]) if found else place, found)
    rows = await ask(connection, SINCE.bindparams(bindparam("place", place)))
    return Since(str(rows[0].place), [row.id for row in rows if row.id is not None])


async def operations(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """These operations."""
    return await ask(
        connection, select(*OF_OPERATION).where(operation.c.id.in_(ids)).order_by(operation.c.id)
    )


async def version_of_data(connection: AsyncConnection) -> int:
    """A number of this connection to SQLite that is another one when any other connection has committed."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    return int((await driver.execute_fetchall("PRAGMA data_version"))[0][0])


def _on_sqlite(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "sqlite"
