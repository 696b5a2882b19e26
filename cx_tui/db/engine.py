"""The database: an engine for each kind, and the two ways to use it, reading and writing."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import CursorResult, Executable, Row, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from cx_tui.db.words import in_words
from cx_tui.errors import Misconfigured

READING = "cx_reading"
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA cache_size = -8000",
    "PRAGMA temp_store = MEMORY",
)

# A prepared statement must be planned for its values: with a generic plan a search turns from
# 70 ms into 4 s at its sixth run.  JIT compiles longer than these queries take.
SERVER_SETTINGS = {"plan_cache_mode": "force_custom_plan", "jit": "off", "application_name": "cx-tui"}

READ_ONLY: dict[bool, dict[str, str]] = {True: {"default_transaction_read_only": "on"}, False: {}}


def parse_url(text: str) -> URL:
    """The URL with the async driver chosen for the user."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    name = url.drivername.split("+")[0] if url else ""
    if url is None or name not in DRIVERS:
        raise Misconfigured(
            "the database URL can't be read; write sqlite:///path or postgresql://user@host/name"
        )
    if name == "sqlite" and url.database in (None, "", ":memory:"):
        raise Misconfigured(
            "a database in memory is gone at the end; name a file, like sqlite:///customers.db"
        )
    return url.set(drivername=DRIVERS[name])


class Database:
    """One database, shared by everything in the program."""

    def __init__(self, url: URL, engine: AsyncEngine, *, read_only: bool = False) -> None:
        self.url = url
        self.engine = engine
        self.read_only = read_only
        # On SQLite the driver is left in its mode: setting and resetting it would make it begin by itself.
        self._no_transaction = {READING: True} if self.on_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._afterwards: set[asyncio.Task[None]] = set()

    @property
    def on_sqlite(self) -> bool:
        """Whether it is the embedded database."""
        return self.url.drivername.startswith("sqlite")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for questions, without a transaction."""
        async with _in_words(self.url), self.engine.connect() as connection:
            yield await connection.execution_options(**self._no_transaction)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction; on SQLite it has the write lock from its beginning."""
        async with _in_words(self.url), self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose transactions one begins oneself."""
        async with _in_words(self.url), self.engine.connect() as connection:
            yield connection

    def afterwards(self, act: Coroutine[Any, Any, None]) -> None:
        """Have something done that nobody waits for; at the end the database does."""
        task = asyncio.create_task(act)
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)

    async def close(self) -> None:
        """Give all connections back."""
        await asyncio.gather(*self._afterwards)
        await self.engine.dispose()


async def ask(connection: AsyncConnection, question: Executable) -> Sequence[Row[Any]]:
    """The answer to a question; when nobody waits for it any more, the database stops working on it."""
    return (await carry_out(connection, question)).all()


async def carry_out(connection: AsyncConnection, statement: Executable) -> CursorResult[Any]:
    """Execute what may take long; when nobody waits for it any more, the database stops working on it."""
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    answer = asyncio.ensure_future(connection.execute(statement))
    try:
        return await asyncio.shield(answer)
    except asyncio.CancelledError:
        if hasattr(driver, "interrupt"):
            # SQLite's thread would go on, and the next user of the connection would wait for it.
            await driver.interrupt()
        else:
            answer.cancel()
        await asyncio.gather(answer, return_exceptions=True)
        raise


def connect(text: str, *, read_only: bool = False) -> Database:
    """The database of a URL; nothing is opened yet.  Read-only is kept by the database itself."""
    url = parse_url(text)
    if url.drivername.startswith("sqlite"):
        engine = create_async_engine(
            url, pool_size=4, max_overflow=4, connect_args={"async_creator_fn": _open_file}
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        if read_only:
            event.listen(engine.sync_engine, "connect", _only_queries)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    else:
        engine = create_async_engine(
            url,
            pool_size=5,
            pool_pre_ping=True,
            connect_args={"server_settings": SERVER_SETTINGS | READ_ONLY[read_only], "timeout": 10},
        )
    return Database(url, engine, read_only=read_only)


async def _open_file(*arguments: Any, **more: Any) -> Any:
    """What SQLAlchemy does itself, but a failure is over only when the driver's thread has ended: it
    would speak to a loop that may be closed by then, and print what nobody understands."""
    import aiosqlite

    connection = aiosqlite.connect(*arguments, **more)
    thread = connection._thread
    thread.daemon = True
    try:
        return await connection
    except BaseException:
        await asyncio.to_thread(thread.join)
        raise


def _prepare_sqlite(connection: Any, record: object) -> None:
    # The driver must not begin transactions by itself: it would begin them too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _only_queries(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    if READING not in connection.get_execution_options():
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@asynccontextmanager
async def _in_words(url: URL) -> AsyncIterator[None]:
    """Errors of drivers become sentences."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        if said := in_words(error, url):
            raise said from error
        raise
