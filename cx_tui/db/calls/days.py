"""The tables of the last days' calls: made when a day's first call comes, gone when the day is sealed.

On PostgreSQL they are the partitions of `calls`; on SQLite they stand for themselves.  Either is written
and read by its own name, so that a question about one day never meets another.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import Index, MetaData, PrimaryKeyConstraint, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

from cx_tui.db.calls.columns import KEY, columns
from cx_tui.db.calls.tables import call_stored
from cx_tui.db.reseller_sql import of_table
from cx_tui.db.types import instant

A_DAY = timedelta(days=1)
SECURED = "SELECT relrowsecurity FROM pg_class WHERE oid = 'calls'::regclass"


def name_of(day: date) -> str:
    """The name of a day's table."""
    return f"calls_{day:%Y%m%d}"


@lru_cache(400)
def table_of(day: date) -> Table:
    """A day's table."""
    name = name_of(day)
    table = Table(
        name,
        MetaData(),
        *columns(),
        PrimaryKeyConstraint(*KEY, name=f"pk_{name}"),
        sqlite_with_rowid=False,
    )
    Index(f"ix_{name}_start", table.c.start)
    return table


def bounds(day: date) -> tuple[int, int]:
    """The first instant of a day and the first after it, as rows have them."""
    first = datetime.combine(day, time(), UTC)
    return instant(first), instant(first + A_DAY)


async def share(connection: AsyncConnection, days: Iterable[date]) -> dict[date, int]:
    """Have these days' calls written: the generation of each.  Until the transaction ends nobody moves them;
    a day that has no table yet gets one."""
    wanted = sorted(set(days))
    question = select(call_stored.c.day, call_stored.c.generation).where(call_stored.c.day.in_(wanted))
    question = question.order_by(call_stored.c.day).with_for_update(read=True)
    found = {row.day: row.generation for row in await connection.execute(question)}
    missing = [day for day in wanted if day not in found]
    for day in missing:
        await _begin(connection, day)
    if missing:
        found.update({row.day: row.generation for row in await connection.execute(question)})
    return found


async def have_alone(connection: AsyncConnection, day: date) -> int | None:
    """Have a day's calls alone until the transaction ends: their generation; None, there are none."""
    question = select(call_stored.c.generation).where(call_stored.c.day == day).with_for_update()
    generation = (await connection.execute(question)).scalar()
    return None if generation is None else int(generation)


async def stored(connection: AsyncConnection) -> Mapping[date, int]:
    """All days that have calls, with their generations."""
    rows = await connection.execute(select(call_stored).order_by(call_stored.c.day))
    return {row.day: row.generation for row in rows}


async def hot(connection: AsyncConnection) -> Sequence[date]:
    """The days that have tables of their own."""
    return [day for day, generation in (await stored(connection)).items() if generation == 0]


async def _begin(connection: AsyncConnection, day: date) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    kind = sqlite if on_sqlite else postgresql
    row = kind.insert(call_stored).values(day=day, generation=0).on_conflict_do_nothing()
    # Where another just begins it, this waits until it has.
    if (await connection.execute(row)).rowcount:
        await make(connection, day)


async def make(connection: AsyncConnection, day: date) -> None:
    """Make a day's table."""
    table = table_of(day)
    if connection.dialect.name == "sqlite":
        await connection.execute(CreateTable(table))
        for index in table.indexes:
            await connection.execute(CreateIndex(index))
        return
    # Attached when it is made: so nobody who reads other days has to wait.
    first, after = bounds(day)
    await connection.exec_driver_sql(f"CREATE TABLE {table.name} (LIKE calls INCLUDING DEFAULTS)")
    await connection.exec_driver_sql(
        f"ALTER TABLE calls ATTACH PARTITION {table.name} FOR VALUES FROM ({first}) TO ({after})"
    )
    if (await connection.exec_driver_sql(SECURED)).scalar():
        # A partition that is read by its own name has only its own policies.
        for statement in of_table(table.name):
            await connection.exec_driver_sql(statement)


def is_gone(error: DBAPIError) -> bool:
    """Whether an error says that the table of a day is not there: the day was sealed while it was asked."""
    return getattr(error.orig, "sqlstate", "") == "42P01" or "no such table" in str(error.orig)


async def drop(connection: AsyncConnection, day: date) -> None:
    """Let a day's table go."""
    if connection.dialect.name != "sqlite":
        # Who reads of it just now is waited for, but not while all others wait behind us.
        await connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    await connection.execute(DropTable(table_of(day)))
