"""Writing to very many records that are there already, each with values of its own."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, MetaData, Table, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable, DropTable

from cx_tui.db.bulk import Rows, insert

FEW = 8
"""Up to so many rows are written one by one: a table of their own takes longer."""


async def write_each(
    connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Rows, **also: Any
) -> int:
    """Give rows their values: each is its key and then its columns.  Says how many were different before.

    `also` is written to those that differ.
    """
    if len(rows) <= FEW:
        return sum([await _write_one(connection, table, columns, row, also) for row in rows])
    key, theirs = table.primary_key.columns[0], _beside(table, tuple(columns))
    await connection.execute(CreateTable(theirs))
    # When something fails, the transaction is turned back, and with it the table.
    await insert(connection, theirs, [key.name, *columns], rows)
    differ = or_(*(table.c[name].is_distinct_from(theirs.c[name]) for name in columns))
    values = {**{name: theirs.c[name] for name in columns}, **also}
    these = update(table).values(values).where(key == theirs.c[key.name], differ)
    done = await connection.execute(these)
    await connection.execute(DropTable(theirs))
    return int(done.rowcount)


@cache
def _beside(table: Table, columns: tuple[str, ...]) -> Table:
    """A table for new values; the same one again, so that statements need not be made anew.

    It has no index: SQLite would walk the whole table and look each row up here.
    """
    key = table.primary_key.columns[0]
    values = (Column(name, table.c[name].type) for name in columns)
    return Table(f"new_{table.name}", MetaData(), Column(key.name, key.type), *values, prefixes=["TEMPORARY"])


async def _write_one(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    row: Sequence[Any],
    also: Mapping[str, Any],
) -> int:
    values = dict(zip(columns, row[1:], strict=True))
    differs = or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))
    mine = update(table).where(table.primary_key.columns[0] == row[0], differs)
    return int((await connection.execute(mine.values({**values, **also}))).rowcount)
