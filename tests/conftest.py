"""What tests stand on: real databases, made once and copied for each test, and a home of their own."""

import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings
from sqlalchemy import update

from cx_tui.db import schema
from cx_tui.db.engine import Database, connect
from cx_tui.db.tables import table_named
from cx_tui.services.seeding import seed
from tests.postgres import Server, one_at_a_time, run, running

__all__ = ["Server", "made", "opened", "run"]

# A slow machine is no failure.  Every run tries the same examples; those that a run by chance found stand in
# the tests.  The slow set tries others each time, and says which.
settings.register_profile("always", deadline=None, max_examples=25, derandomize=True, database=None)
settings.register_profile("slow", deadline=None, max_examples=100, database=None)

HOMES = count()

ENGINES = ("sqlite", "postgresql")
WORLD_CUSTOMERS, WORLD_SEED = 3_000, 7
WORLD_NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
"""A Tuesday, shortly before 13:00 in London and 08:00 in New York."""


def _wants(config: pytest.Config, marker: str) -> bool:
    """Whether tests with a marker are asked for by `-m`."""
    return marker in config.option.markexpr.replace(f"not {marker}", "")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Examples are drawn by lot in the slow set only."""
    settings.load_profile("slow" if _wants(config, "slow") else "always")
    if _wants(config, "slow") and config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(secrets.randbelow(10**9))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every rule over examples is in the slow set too, with more and other ones."""
    if _wants(config, "slow"):
        for item in items:
            if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
                item.add_marker("slow")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """How the same examples are tried again."""
    if _wants(config, "slow"):
        seed = config.option.hypothesis_seed
        terminalreporter.write_line(f"Random examples; the same again: -m slow --hypothesis-seed={seed}")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three for two processors, as tests wait a lot for a program to be idle, and at most eight, for which
    PostgreSQL has connections; none for a benchmark, which has the machine for itself, and for a single
    file, which is sooner done without."""
    alone = _wants(config, "bench") or any(".py" in name for name in config.args)
    return 0 if alone else min(8, max(2, len(os.sched_getaffinity(0)) * 3 // 2))


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
            # The world stands still since then: no program that opens it finds months of DIDs to be paid.
            async with database.writing() as connection:
                await connection.execute(update(table_named("did")).values(charged_to=date(2999, 1, 1)))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home for this test alone, made when it is used: nobody's own is read or written."""
    folder = tmp_path_factory.getbasetemp() / "homes" / str(next(HOMES))
    for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR"):
        monkeypatch.setenv(f"XDG_{name}", str(folder / name.lower()))
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def postgres(shared: Path, testrun_uid: str) -> Iterator[Server]:
    """A real PostgreSQL, started with the first test that wants it."""
    with running(shared, testrun_uid) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(shared: Path) -> Path:
    """A migrated file without customers."""
    return _shared_file(shared, "template.db")


def _shared_file(shared: Path, name: str, customers: int = 0) -> Path:
    path = shared / name
    with one_at_a_time(shared):
        if not path.exists():
            half = path.with_suffix(".half")
            run(made(f"sqlite:///{half}", customers))
            half.rename(path)
    return path


@pytest.fixture
def empty_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database of the test's own without customers."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'empty.db')}"


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The name of a migrated database without customers."""
    return postgres.shared_database("empty", lambda name: run(made(postgres.url(name))))


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
    return f"sqlite:///{_shared_file(request.getfixturevalue('shared'), 'world.db', WORLD_CUSTOMERS)}"


def _postgres_world(request: pytest.FixtureRequest) -> str:
    server: Server = request.getfixturevalue("postgres")

    def fill(name: str) -> None:
        run(made(server.url(name), WORLD_CUSTOMERS))
        run(server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))

    return server.url(server.shared_database("world", fill))


@pytest.fixture
async def world(kind: str, world_of: Callable[[str], str]) -> AsyncIterator[Database]:
    """The open world of 3,000 customers as it was made at `world_now`: to be read, never written."""
    async with opened(world_of(kind)) as database:
        yield database


@pytest.fixture(scope="session")
def world_now() -> datetime:
    """The moment of the world."""
    return WORLD_NOW
