"""Very many records that are there already: named by their numbers, and given values of their own."""

import asyncio
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    any_,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable, DropTable

from cx_tui.db.bulk_writing import Rows, converted, insert
from cx_tui.db.tables import found_by

FEW = 8
"""Up to so many documents are written one by one: a table beside for them takes longer."""


def among(connection: AsyncConnection, column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a number is one of these, which are said in one value: thousands of values take a database
    longer to read than their rows.  A range is said by its ends."""
    if isinstance(ids, range):
        return column.between(ids.start, ids.stop - 1)
    if connection.dialect.name == "sqlite":
        return column.in_(numbers(connection, ids))
    return column == any_(literal(list(ids), ARRAY(Integer)))


def among_texts(
    connection: AsyncConnection, column: ColumnElement[Any], texts: Collection[str]
) -> ColumnElement[bool]:
    """Whether a column has one of very many texts, given as one value."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(texts))).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(literal(list(texts), ARRAY(Text)))


def numbers(connection: AsyncConnection, ids: Sequence[int]) -> Select[tuple[int]]:
    """Numbers as rows."""
    if connection.dialect.name == "sqlite":
        return select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value)
    return select(func.unnest(literal(list(ids), ARRAY(Integer))))


async def write_each(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    rows: Rows,
    changed_at: datetime | None = None,
) -> int:
    """Give rows their values: each is its key and then its columns.  Says how many were different before.

    Of records that differ it is also kept when they were changed, and their versions are counted on.
    """
    if not rows:
        return 0
    if connection.dialect.name != "sqlite":
        return await _write_from_lists(connection, table, columns, rows, changed_at)
    if table is found_by and len(rows) > FEW:
        return await _write_from_beside(connection, table, columns, rows)
    return await _write_by_key(connection, table, columns, rows, changed_at)


async def _write_by_key(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    rows: Rows,
    changed_at: datetime | None,
) -> int:
    """A statement for each row: SQLite takes half as long again for one that joins them all."""
    names = [table.primary_key.columns[0].name, *columns]
    if changed_at is not None:
        names.append("changed_at")
        rows = [(*row, changed_at) for row in rows]
    ready = await asyncio.to_thread(converted, rows, table, names, connection.dialect)
    return int((await connection.exec_driver_sql(_by_key(table, tuple(names)), ready)).rowcount)


@cache
def _by_key(table: Table, names: tuple[str, ...]) -> str:
    key, *written = names
    places = {name: f"?{place}" for place, name in enumerate(written, 2)}
    differ = " OR ".join(f"{name} IS NOT {at}" for name, at in places.items() if name != "changed_at")
    given = [f"{name} = {at}" for name, at in places.items()]
    if "changed_at" in places:
        given.append("version = version + 1")
    return f"UPDATE {table.name} SET {', '.join(given)} WHERE {key} = ?1 AND ({differ})"  # noqa: S608  # names of ours


async def _write_from_beside(
    connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Rows
) -> int:
    """One statement for all rows, as search is brought up to date once in a statement."""
    key, theirs = table.primary_key.columns[0], _beside(table, tuple(columns))
    await connection.execute(CreateTable(theirs))
    # When something fails, the transaction is turned back, and with it the table.
    await insert(connection, theirs, [key.name, *columns], rows)
    differ = or_(*(table.c[name].is_distinct_from(theirs.c[name]) for name in columns))
    values = {name: theirs.c[name] for name in columns}
    these = update(table).values(values).where(key == theirs.c[key.name], differ)
    done = await connection.execute(these)
    await connection.execute(DropTable(theirs))
    return int(done.rowcount)


async def _write_from_lists(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    rows: Rows,
    changed_at: datetime | None,
) -> int:
    """A list for each column: a table beside would have to be made in PostgreSQL's catalogue each time."""
    names = [table.primary_key.columns[0].name, *columns]
    ready = await asyncio.to_thread(converted, rows, table, names, connection.dialect)
    statement = _from_lists(table, tuple(names), connection.dialect, changed_at is not None)
    lists = tuple(list(values) for values in zip(*ready, strict=True))
    moment = () if changed_at is None else (changed_at,)
    return int((await connection.exec_driver_sql(statement, lists + moment)).rowcount)


@cache
def _from_lists(table: Table, names: tuple[str, ...], dialect: Dialect, counted: bool) -> str:
    key, *columns = names
    # An array has no collation, only what is compared.
    kinds = (table.c[name].type.compile(dialect).partition(" COLLATE ")[0] for name in names)
    lists = ", ".join(f"CAST(${place} AS {kind}[])" for place, kind in enumerate(kinds, 1))
    written = [f"{name} = new.{name}" for name in columns]
    if counted:
        written += [f"version = {table.name}.version + 1", f"changed_at = ${len(names) + 1}"]
    differ = " OR ".join(f"{table.name}.{name} IS DISTINCT FROM new.{name}" for name in columns)
    return (
        f"UPDATE {table.name} SET {', '.join(written)}"  # noqa: S608  # names of ours
        f" FROM unnest({lists}) AS new ({', '.join(names)})"
        f" WHERE {table.name}.{key} = new.{key} AND ({differ})"
    )


@cache
def _beside(table: Table, columns: tuple[str, ...]) -> Table:
    """A table for new values; the same one again, so that statements need not be made anew.

    It has no index: SQLite would walk the whole table and look each row up here.
    """
    key = table.primary_key.columns[0]
    values = (Column(name, table.c[name].type) for name in columns)
    return Table(f"new_{table.name}", MetaData(), Column(key.name, key.type), *values, prefixes=["TEMPORARY"])
