"""A believable world of customers, to try the program with."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing, derived, kept_warnings, ledger, rebuilt_indexes
from cx_tui.db.engine import Database
from cx_tui.db.tables import contact, counters, customer, found_by
from cx_tui.errors import Refused
from cx_tui.services.garbage import not_collected
from cx_tui.services.seeding import people, traffic
from cx_tui.services.seeding.world import Chunk, World

__all__ = ["seed"]

Progress = Callable[[int, int], None]
Meanwhile = Callable[[], Awaitable[None]]

TABLES = (customer.name, counters.name, found_by.name)
"""Those of contacts stay: what a customer is counted as is asked of them, chunk by chunk."""


async def seed(
    database: Database,
    customers: int,
    seed: int,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> None:
    """Fill an empty database with customers: the same for the same number, seed and moment.

    `progress` is told after each part how many customers there are, and how many there will be.
    """
    moment = now or datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    async with database.writing() as connection:
        await _refuse_customers(connection)
        async with (
            bulk_writing.large_cache(connection),
            rebuilt_indexes.without_indexes(connection, TABLES) as find_added,
        ):
            with not_collected():
                await _fill(connection, World(customers, seed, moment), find_added, progress)
    await bulk_writing.settle(database)


async def _refuse_customers(connection: AsyncConnection) -> None:
    if (await connection.execute(select(customer.c.id).limit(1))).first():
        raise Refused("this database has customers already; seed a new, empty database")


async def _fill(
    connection: AsyncConnection, world: World, find_added: Meanwhile, progress: Progress | None
) -> None:
    """Write chunk by chunk.

    The next one is made while the database works by itself: a server on the rows, SQLite on the search
    of them, which is one long statement.  Its inserting and Python would only wait for each other.

    What follows from the rows is computed while SQLite has their pages at hand; a server, which has no keys
    of customers meanwhile, joins all of them once.
    """
    apart = connection.dialect.name != "sqlite"
    chunks = world.chunks()
    done = 0
    chunk = await asyncio.to_thread(next, chunks, None)
    while chunk is not None:
        if not apart:
            await _write(connection, chunk)
        done += len(chunk.customers)
        following = asyncio.ensure_future(asyncio.to_thread(next, chunks, None))
        try:
            if apart:
                await _write(connection, chunk)
            else:
                await find_added()
                await _derive(connection, world, chunk.ids[0], chunk.ids[-1])
        finally:
            chunk = await following
        if progress:
            progress(done, world.customers)
    tables = [customer, contact, *(table for table, _, _ in world.tables())]
    if apart:
        await bulk_writing.count_rows_on(connection, (*tables, counters))
        await _derive(connection, world, 1, done)
    await kept_warnings.note(connection, world.clock)
    for table in tables:
        await bulk_writing.count_ids_on(connection, table)


async def _write(connection: AsyncConnection, chunk: Chunk) -> None:
    await bulk_writing.insert(connection, customer, chunk.columns, chunk.customers)
    await bulk_writing.insert(connection, contact, people.COLUMNS, chunk.contacts)
    await bulk_writing.insert(connection, counters, traffic.COLUMNS, chunk.counters)
    await bulk_writing.insert(connection, found_by, [column.name for column in found_by.c], chunk.found_by)
    for table, columns, rows in chunk.records:
        await bulk_writing.insert(connection, table, columns, rows)


async def _derive(connection: AsyncConnection, world: World, first: int, last: int) -> None:
    """What these customers are counted as and warned of, and the beginnings of their ledgers."""
    await derived.count_all(connection, counters.c.customer_id.between(first, last))
    await kept_warnings.renew(connection, world.clock, customer.c.id.between(first, last))
    await ledger.open_accounts(connection, first, last, world.clock.now)
