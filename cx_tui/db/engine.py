"""The database: an engine for each kind, and the two ways to use it, reading and writing."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache, partial
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, cast
from weakref import WeakSet

from sqlalchemy import CursorResult, Executable, Row, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from cx_tui.db.database_file import DatabaseFile
from cx_tui.db.error_sentences import in_words
from cx_tui.domain.rights import ALL_RIGHTS
from cx_tui.errors import Misconfigured, Unavailable

READING = "cx_reading"
SECURED = "cx_secured"
"""An option of connections for whose login tables have row security, where PostgreSQL has no COPY."""

LOOK_AGAIN = 0.005
"""Seconds between two looks at whether something has ended."""

INTERRUPT_EVERY = 0.05
"""Seconds between two tries to stop a statement that nobody waits for any more."""

LEAVING = 3.0
"""Seconds that what uses a connection has to come to its end when the database is closed."""

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

PATIENT, IMPATIENT = "PRAGMA busy_timeout = 10000", "PRAGMA busy_timeout = 100"
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    # Else what REPLACE removes goes without its triggers.
    "PRAGMA recursive_triggers = ON",
    PATIENT,
    "PRAGMA cache_size = -8000",
    "PRAGMA temp_store = MEMORY",
)
ONLY_QUERIES = "PRAGMA query_only = ON"

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

    def __init__(
        self,
        url: URL,
        engine: AsyncEngine,
        *,
        read_only: bool = False,
        threads: Collection[Thread] = (),
        file: DatabaseFile | None = None,
    ) -> None:
        self.url = url
        self.engine = engine
        self.read_only = read_only
        self.rights = ALL_RIGHTS
        """What this login may do; `rights.learn` asks for it."""
        # On SQLite the driver is left in its mode: setting and resetting it would make it begin by itself.
        self._no_transaction = {READING: True} if self.on_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._threads = threads
        self._file = file
        self._afterwards: set[asyncio.Task[None]] = set()

    @property
    def on_sqlite(self) -> bool:
        """Whether it is the embedded database."""
        return self.url.drivername.startswith("sqlite")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for questions, without a transaction."""
        async with self.connected() as connection:
            yield await connection.execution_options(**self._no_transaction)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction; on SQLite it has the write lock from its beginning."""
        async with self.connected() as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def writing_if_free(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for what is not worth waiting for: while another writes much to SQLite, it fails."""
        if not self.on_sqlite:
            async with self.writing() as connection:
                yield connection
            return
        async with self.connected() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(IMPATIENT)
            try:
                async with connection.begin():
                    yield connection
            finally:
                # A connection on which something was cancelled is given up.
                if not connection.invalidated:
                    await driver.execute(PATIENT)

    @asynccontextmanager
    async def writing_along(self, connection: AsyncConnection) -> AsyncIterator[AsyncConnection]:
        """The same for who follows the database on a connection that reads: on SQLite it is that one which
        writes, since it is told of what all others write."""
        if not self.on_sqlite:
            async with self.writing() as other:
                yield other
            return
        async with _in_words(self.url):
            await connection.exec_driver_sql(IMPATIENT)
            try:
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    await connection.exec_driver_sql("ROLLBACK")
                    raise
                await connection.exec_driver_sql("COMMIT")
            finally:
                await connection.exec_driver_sql(PATIENT)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose transactions one begins oneself."""
        async with _in_words(self.url), self.engine.connect() as connection:
            if self._file:
                await _same_file(connection, self._file)
            yield connection

    def afterwards(self, act: Coroutine[Any, Any, None]) -> None:
        """Have something done that nobody waits for; at the end the database does."""
        task = asyncio.create_task(act)
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)

    async def caught_up(self) -> None:
        """Wait until all that was to be done afterwards is done."""
        if self._afterwards:
            await asyncio.wait(self._afterwards)

    async def close(self) -> None:
        """Give all connections back, when what still uses one has come to its end."""
        await self.caught_up()
        await _end_of(lambda: cast(QueuePool, self.engine.pool).checkedout() > 0)
        await self.engine.dispose()
        await _end_of(lambda: any(thread.is_alive() for thread in self._threads))


async def ask(
    connection: AsyncConnection, question: Executable, given: Mapping[str, Any] | None = None
) -> Sequence[Row[Any]]:
    """The answer to a question; when nobody waits for it any more, the database stops working on it."""
    return (await carry_out(connection, question, given)).all()


async def carry_out(
    connection: AsyncConnection, statement: Executable, given: Mapping[str, Any] | None = None
) -> CursorResult[Any]:
    """Execute what may take long; when nobody waits for it any more, the database stops working on it."""
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    answer = asyncio.ensure_future(connection.execute(statement, given))
    try:
        return await asyncio.shield(answer)
    except asyncio.CancelledError:
        on_sqlite = hasattr(driver, "interrupt")
        if not on_sqlite:
            answer.cancel()
        # However often it is called off: the connection is given back when nothing uses it any more.
        end = monotonic() + LEAVING
        while not answer.done():
            if not on_sqlite and monotonic() > end:
                driver.terminate()  # nothing comes through it any more, not even that it is called off
            with suppress(asyncio.CancelledError):
                if on_sqlite:
                    # Its thread would go on; a statement that it has not begun yet is not interrupted.
                    await driver.interrupt()
                await asyncio.wait([answer], timeout=INTERRUPT_EVERY)
        if not answer.cancelled():
            answer.exception()
        raise


def connect(text: str, *, read_only: bool = False) -> Database:
    """The database of a URL; nothing is opened yet.  Read-only is kept by the database itself."""
    url = parse_url(text)
    threads: WeakSet[Thread] = WeakSet()
    file = None
    if url.drivername.startswith("sqlite"):
        read_only = read_only or is_only_readable(url)
        # A file that may not be written has its journal as it is.
        pragmas = PRAGMAS[1:] if is_only_readable(url) else PRAGMAS
        prepare = (*pragmas, ONLY_QUERIES) if read_only else pragmas
        file = DatabaseFile(str(url.database))
        opening = {"async_creator_fn": partial(_open_file, threads, prepare, file)}
        engine = create_async_engine(url, pool_size=4, max_overflow=4, connect_args=opening)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    else:
        engine = create_async_engine(
            url,
            # Few are kept by a program that rests: many operators share one server and its limit.
            pool_size=3,
            max_overflow=12,
            pool_pre_ping=True,
            connect_args={"server_settings": SERVER_SETTINGS | READ_ONLY[read_only], "timeout": 10},
        )
        event.listen(engine.sync_engine, "handle_error", _give_up_what_hangs)
    return Database(url, engine, read_only=read_only, threads=threads, file=file)


def _give_up_what_hangs(context: Any) -> None:
    """A connection on which something hangs that nobody waits for any more, as when the network failed, leads
    nowhere: it is as good as lost.  The others need not be."""
    if "another operation" in str(context.original_exception):
        context.is_disconnect, context.invalidate_pool_on_disconnect = True, False


def is_only_readable(url: URL) -> bool:
    """Whether it is a file that is there and that its mode does not let us write."""
    path = Path(url.database or "")
    return url.drivername.startswith("sqlite") and path.exists() and not os.access(path, os.W_OK)


async def _same_file(connection: AsyncConnection, file: DatabaseFile) -> None:
    """Refuse a connection whose file is not the one that is there, and have it opened anew the next time."""
    driver = (await connection.get_raw_connection()).driver_connection
    if not file.is_of(driver):
        await connection.invalidate()
        raise Unavailable(file.replaced())


async def _end_of(lasts: Callable[[], bool]) -> None:
    """Wait until something has ended, but not for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVING):
            while lasts():  # noqa: ASYNC110  # nobody says it when a thread has ended
                await asyncio.sleep(LOOK_AGAIN)


async def _open_file(
    threads: WeakSet[Thread], prepare: Sequence[str], file: DatabaseFile, *arguments: Any, **more: Any
) -> Any:
    """A connection that does not begin transactions by itself: it would begin them too late.

    Its end is over only when the driver's thread has ended: it would speak to a loop that may be closed by
    then.  The thread is told once to end: whoever told it again would wait for an answer that never comes.
    """
    import aiosqlite

    file.before_opening()
    connection = aiosqlite.connect(*arguments, isolation_level=None, **more)
    connection.stop = cache(connection.stop)  # type: ignore[method-assign]
    thread = connection._thread
    thread.daemon = True
    threads.add(thread)
    try:
        await connection
        await connection.executescript(";".join(prepare))
        await _teach(connection)
    except BaseException:
        connection.stop()
        while thread.is_alive():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(LOOK_AGAIN)
        raise
    file.opened(connection)
    return connection


async def _teach(connection: Any) -> None:
    """What filters need of SQLite and it can't do."""
    from cx_tui.db.text_sql import teach

    await teach(connection.create_function)


def _begin_immediate(connection: Any) -> None:
    if READING not in connection.get_execution_options():
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@asynccontextmanager
async def _in_words(url: URL) -> AsyncIterator[None]:
    """Errors of drivers become sentences."""
    try:
        yield
    except NoneFree as error:
        # All of them hang, or are being made and do not come.
        raise in_words(TimeoutError(), url) or error from error
    except (DBAPIError, OSError) as error:
        if said := in_words(error, url):
            raise said from error
        raise
