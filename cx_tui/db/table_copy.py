"""Copying tables from one database to another, in the order of their keys.

How far it came needs no note: what is there ends with the greatest key.  Each part is one transaction.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from sqlalchemy import Column, Integer, String, Table, delete, func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing
from cx_tui.db.calls import days
from cx_tui.db.calls.tables import call_stored
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import operation
from cx_tui.db.tables import customer, kept_at, metadata, record_table
from cx_tui.db.types import Money
from cx_tui.domain.records import every_record
from cx_tui.errors import Refused

PART = 5_000
"""So many rows are in a transaction."""

COPYING = "copying"
"""It is noted under this name, while a database is the unfinished copy of another."""

PASSING = {"live_call", "editing", "worker"}
"""What is only true while programs are running."""

OTHERS = ("outbox_tables", "ledger_tables", "invoice_tables")

Progress = Callable[[str, int, int], None]
"""Is told a table, how many of its rows are there, of how many."""


def tables() -> list[Table]:
    """All tables that are copied, what is referred to before what refers to it."""
    for name in OTHERS:
        import_module(f"cx_tui.db.{name}")
    for record in every_record():
        record_table(record)
    return [one for one in metadata.sorted_tables if one.name not in PASSING and one is not kept_at]


async def begin(target: Database) -> bool:
    """Make a database the beginning of a copy: whether it goes on with one.  Refused where it has data."""
    async with target.writing() as connection:
        if (await connection.execute(select(kept_at).where(kept_at.c.name == COPYING))).first():
            return True
        for table in (customer, operation):
            if (await connection.execute(select(table.c.id).limit(1))).first():
                raise Refused("there are data in the database that is copied to; choose a new one")
        for table in reversed(tables()):
            await connection.execute(delete(table))
        await connection.execute(insert(kept_at).values(name=COPYING, moment=datetime.now(UTC)))
    return False


async def copy_table(source: Database, target: Database, table: Table, progress: Progress) -> int:
    """Copy the rows of a table that are not there yet: how many it has then."""
    whole = any(isinstance(column.type, String) for column in table.primary_key.columns)
    done = await _number(target, table)
    of = await _number(source, table)
    if whole and done:
        # Text is not in the same order everywhere: such tables are small, and copied in one transaction.
        return done
    while True:
        rows = await _behind(source, table, None if whole else await _last(target, table), whole=whole)
        if not rows:
            return done
        async with target.writing() as connection:
            await bulk_writing.insert(connection, table, [column.name for column in table.c], rows)
        done += len(rows)
        progress(table.name, done, of)
        if whole:
            return done


async def copy_days(source: Database, target: Database, progress: Progress) -> list[Table]:
    """Copy the calls of the days that have tables of their own; says which tables these are."""
    async with source.reading() as connection:
        hot = await days.hot(connection)
    async with target.reading() as connection:
        there = await days.hot(connection)
    copied = []
    for day in hot:
        table = days.table_of(day)
        if day not in there:
            async with target.writing() as connection:
                await days.make(connection, day)
                await connection.execute(insert(call_stored).values(day=day, generation=0))
        await copy_table(source, target, table, progress)
        copied.append(table)
    return copied


async def copy_stored(source: Database, target: Database) -> None:
    """Say in the target where the calls of each day are; the days with tables of their own stand there."""
    async with source.reading() as connection:
        stored = await days.stored(connection)
    async with target.writing() as connection:
        there = await days.stored(connection)
        rows = [(day, generation) for day, generation in stored.items() if day not in there]
        await bulk_writing.insert(connection, call_stored, ["day", "generation"], rows)


async def finish(source: Database, target: Database) -> None:
    """Let the target give the next numbers above those that came, and be a database like any other."""
    async with source.reading() as connection:
        kept = [tuple(row) for row in await connection.execute(select(kept_at.c.name, kept_at.c.moment))]
    async with target.writing() as connection:
        for table in tables():
            column = table.c.get("id")
            if column is not None and column.primary_key and column.autoincrement:
                await bulk_writing.count_ids_on(connection, table)
        await connection.execute(delete(kept_at))
        await bulk_writing.insert(connection, kept_at, ["name", "moment"], kept)
    await bulk_writing.settle(target)


async def figures_of(database: Database, table: Table) -> dict[str, Any]:
    """How many rows a table has, and the sums of its numbers and amounts: what a copy is compared by."""
    summed = [column for column in table.c if _is_summed(column)]
    sums = (func.sum(column).label(column.name) for column in summed)
    async with database.reading() as connection:
        row = (await connection.execute(select(func.count().label("rows"), *sums).select_from(table))).one()
    return {name: value or 0 for name, value in row._mapping.items()}


def _is_summed(column: Column[Any]) -> bool:
    # Sums of keys and instants would be too large for a database to hold.
    return type(column.type) is Integer or isinstance(column.type, Money)


async def _number(database: Database, table: Table) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def _last(database: Database, table: Table) -> tuple[Any, ...] | None:
    """The greatest key of a table."""
    key = list(table.primary_key.columns)
    async with database.reading() as connection:
        return _row(await _greatest(connection, key))


async def _greatest(connection: AsyncConnection, key: Sequence[Column[Any]]) -> Any:
    return (await connection.execute(select(*key).order_by(*(one.desc() for one in key)).limit(1))).first()


def _row(found: Any) -> tuple[Any, ...] | None:
    return None if found is None else tuple(found)


async def _behind(
    database: Database, table: Table, last: tuple[Any, ...] | None, *, whole: bool
) -> list[tuple[Any, ...]]:
    """The next rows behind a key, or all of them."""
    key = list(table.primary_key.columns)
    question = select(*table.c).order_by(*key)
    if not whole:
        question = question.limit(PART)
    if last is not None:
        question = question.where(tuple_(*key) > tuple_(*last, types=[one.type for one in key]))
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(question)]
