"""Writing very many rows at once: the fastest way that each database has."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import SECURED, Database
from cx_tui.db.types import Utc
from cx_tui.errors import CxError

Rows = Sequence[tuple[Any, ...]]
Convert = Callable[[Any], Any]

MANY_PAGES = "PRAGMA cache_size = -131072"

SEARCH_WAITING = text("SELECT gin_clean_pending_list('ix_found_by_document')")


async def insert(connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Add rows of Python values, in the order of these columns."""
    if not rows:
        return
    ready = await asyncio.to_thread(converted, rows, table, columns, connection.dialect)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        await connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608  # names of ours
            ready,
        )
    else:
        await copy(connection, table.name, columns, ready)


async def count_ids_on(connection: AsyncConnection, table: Table) -> None:
    """After rows came with ids of their own: let the database give the next ones above them."""
    if connection.dialect.name != "sqlite":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        await connection.execute(
            select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery()))
        )


async def count_rows_on(connection: AsyncConnection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL look at tables that were filled in this transaction: until it has, it takes them for
    nearly empty and reads the whole of one for each row of another."""
    if connection.dialect.name != "sqlite":
        for table in tables:
            await connection.exec_driver_sql(f"ANALYZE {table.name}")


@asynccontextmanager
async def large_cache(connection: AsyncConnection) -> AsyncIterator[None]:
    """On SQLite, more memory for pages meanwhile: pages that are still filled need not be written out."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = (await connection.exec_driver_sql("PRAGMA cache_size")).scalar()
    await connection.exec_driver_sql(MANY_PAGES)
    try:
        yield
    finally:
        # A connection on which something was cancelled is given up, and its cache with it.
        if not connection.invalidated:
            await connection.exec_driver_sql(f"PRAGMA cache_size = {before}")


@asynccontextmanager
async def writing_much(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction that writes very much.

    On SQLite what it wrote stands in the log then, and is moved into the file beside all that follows:
    it is as safe there, and to move it takes as long as to write it.  While that lasts the next one waits:
    side by side both take longer, and the log would grow instead of being written from its beginning.
    """
    if not database.on_sqlite:
        async with database.writing() as connection:
            yield connection
        return
    await database.caught_up()
    async with database.connected() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute("PRAGMA wal_autocheckpoint = 0")
        try:
            async with connection.begin(), large_cache(connection):
                yield connection
        finally:
            # A connection on which something was cancelled is given up.
            if not connection.invalidated:
                await driver.execute("PRAGMA wal_autocheckpoint = 1000")
    database.afterwards(_move_log(database))


async def _move_log(database: Database) -> None:
    with suppress(CxError):
        async with database.reading() as connection:
            # Nobody waits for it, neither who reads nor who writes.
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[None]:
    """While nobody else has an SQLite database open, pages are written into the file itself, and not
    into the log first and then again.

    Readers have to wait meanwhile, so it is for a database in which there is nothing to read yet.  With a
    rollback journal a transaction is all or nothing just as well.
    """
    if not database.on_sqlite:
        yield
        return
    await database.engine.dispose()
    async with database.reading() as connection:
        for pragma in ("busy_timeout = 0", "synchronous = FULL"):
            await connection.exec_driver_sql(f"PRAGMA {pragma}")
        with suppress(OperationalError):
            await connection.exec_driver_sql("PRAGMA journal_mode = TRUNCATE")
        await connection.exec_driver_sql("PRAGMA busy_timeout = 10000")
    try:
        yield
    finally:
        # The next connection writes a log again.
        await database.engine.dispose()


async def settle(database: Database) -> None:
    """After a large transaction: on SQLite, move it from the log into the file and empty the log; on
    PostgreSQL, put what waits for it into the search index."""
    if database.on_sqlite:
        async with database.reading() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        await put_into_search(database)


async def put_into_search(database: Database) -> None:
    """Put what waits for PostgreSQL's search index into it, which the index's owner may do.  Whose
    transaction it is of does not matter there, and whether that has ended."""
    with suppress(CxError, DBAPIError):
        async with database.reading() as connection:
            await connection.execute(SEARCH_WAITING)


def _convert(table: Table, name: str, dialect: Dialect) -> Convert | None:
    kind = table.c[name].type
    if isinstance(kind, Utc) and dialect.name == "sqlite":
        return _moment_as_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _moment_as_text(moment: datetime | None) -> str | None:
    """What the column type makes of a moment, in a quarter of the time: rows have several of them."""
    return None if moment is None else moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def converted(rows: Rows, table: Table, names: Sequence[str], dialect: Dialect) -> list[tuple[Any, ...]]:
    """Rows of Python values in the order of these columns, as the driver takes them."""
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for place, name in enumerate(names):
        if (convert := _convert(table, name, dialect)) is not None:
            columns[place] = _each(columns[place], convert)
    return list(zip(*columns, strict=True))


def _each(values: Iterable[Any], convert: Convert) -> list[Any]:
    """The converted values; the same object, which most columns have again and again, only once."""
    values = tuple(values)
    identities = list(map(id, values))
    distinct = dict(zip(identities, values, strict=True))
    if len(distinct) > len(values) * 3 // 4:
        return list(map(convert, values))
    ready = {identity: convert(value) for identity, value in distinct.items()}
    return [ready[identity] for identity in identities]


async def copy(
    connection: AsyncConnection, table: str, columns: Sequence[str], rows: Rows | None = None, **source: Any
) -> None:
    """PostgreSQL's COPY into a table: of rows, or of a text in the format that is said."""
    from asyncpg import IntegrityConstraintViolationError, InterfaceError, PostgresError

    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    if not driver.is_in_transaction():
        # SQLAlchemy begins a transaction with its first statement.
        await connection.exec_driver_sql("SELECT 1")
    own = connection.sync_connection
    beside = f"new_{table}" if own is not None and own.get_execution_options().get(SECURED) else ""
    names = ", ".join(columns)
    try:
        if beside:
            # There is no COPY into a table with row security; what is beside it has none.
            source.pop("freeze", None)
            like = f"SELECT {names} FROM {table} LIMIT 0"  # noqa: S608  # names of ours
            await driver.execute(f"CREATE TEMPORARY TABLE {beside} AS {like}")
        if rows is None:
            await driver.copy_to_table(beside or table, columns=list(columns), **source)
        else:
            await driver.copy_records_to_table(beside or table, records=rows, columns=list(columns))
        if beside:
            added = f"INSERT INTO {table} ({names}) SELECT {names} FROM {beside}"  # noqa: S608  # names of ours
            await driver.execute(added)
            await driver.execute(f"DROP TABLE {beside}")
    except IntegrityConstraintViolationError as error:
        raise IntegrityError(f"COPY {table}", None, error) from error
    except (InterfaceError, OSError) as error:
        raise OperationalError(f"COPY {table}", None, error) from error
    except PostgresError as error:
        raise DBAPIError(f"COPY {table}", None, error) from error
