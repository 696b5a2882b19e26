"""The first rows of PostgreSQL's tables: while there are none, a table can be one transaction's alone.

Nobody waits for a table without rows.  So it is locked, and emptied although it is empty: rows of a table
that is new in its transaction need no second look.  What all of them share is not said in each row, but
once, as what a column has by default.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.frame_copy import as_text, literal

# With tables, all that have keys to them, and keys to those.
BELONGING = text(
    """
    WITH RECURSIVE belonging (id) AS (
        SELECT to_regclass(name)::oid FROM unnest(CAST(:names AS text[])) AS name
        UNION SELECT conrelid FROM pg_constraint JOIN belonging ON confrelid = id WHERE contype = 'f'
    ) SELECT id::regclass::text, pg_has_role(relowner, 'USAGE') FROM belonging JOIN pg_class ON oid = id"""
)

WITH_DEFAULT = text(
    "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(:name) AND attnum > 0 AND atthasdef"
)


async def take_over(connection: AsyncConnection, tables: Sequence[str]) -> bool:
    """Make tables this transaction's alone; False when there are rows in them or in what belongs to them, or
    they are another's."""
    belonging = (await connection.execute(BELONGING, {"names": list(tables)})).all()
    if not all(is_mine for _, is_mine in belonging):
        return False
    names = [name for name, _ in belonging]
    if await _any_rows(connection, names):
        return False
    async with connection.begin_nested() as mark:
        await connection.exec_driver_sql(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")
        # Not before they are locked is it sure.
        if await _any_rows(connection, names):
            # This gives the locks back.
            await mark.rollback()
            return False
        await connection.exec_driver_sql(f"TRUNCATE {', '.join(names)}")
    return True


async def _any_rows(connection: AsyncConnection, names: list[str]) -> bool:
    questions = " OR ".join(f"EXISTS (SELECT FROM {name})" for name in names)  # names of ours
    return bool((await connection.exec_driver_sql(f"SELECT {questions}")).scalar())


@asynccontextmanager
async def by_default(
    connection: AsyncConnection, table: str, values: Mapping[str, Any]
) -> AsyncIterator[set[str]]:
    """Meanwhile a column of a table has such a value where a row says none.  Gives the names of those
    columns; one that has another default is left as it is."""
    others = set((await connection.execute(WITH_DEFAULT, {"name": table})).scalars())
    ours = {name: literal(as_text(value)) for name, value in values.items() if name not in others}
    if ours:
        await _alter(connection, table, [f"{name} SET DEFAULT {value}" for name, value in ours.items()])
    yield set(ours)
    if ours:
        await _alter(connection, table, [f"{name} DROP DEFAULT" for name in ours])


async def _alter(connection: AsyncConnection, table: str, columns: list[str]) -> None:
    done = ", ".join(f"ALTER COLUMN {column}" for column in columns)
    await connection.exec_driver_sql(f"ALTER TABLE {table} {done}")
