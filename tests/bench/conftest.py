"""What the benchmarks share: databases of a million customers, and the program on a terminal.

CX_BENCH_DB names an SQLite file and CX_BENCH_PG a PostgreSQL URL that are seeded already; without
them each is made, which takes a minute or two.  CX_BENCH_CUSTOMERS makes smaller ones.
"""

import asyncio
import compileall
import os
import shutil
import sys
import sysconfig
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest
from sqlalchemy.engine import make_url

import cx_tui
import widgets
from cx_tui.services.session import Session, open_session
from tests.bench.figures import Figures
from tests.bench.terminal import Terminal
from tests.conftest import Server, made, run

CUSTOMERS = int(os.environ.get("CX_BENCH_CUSTOMERS", "1000000"))
PROGRAM = (sys.executable, "-m", "cx_tui")
ENV = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("CX_", "PYTHON", "XDG_")) and name not in ("LINES", "COLUMNS", "NO_COLOR")
}


class Seeded(NamedTuple):
    """What seeding took."""

    seconds: float
    peak_mb: float


def seed(url: str, customers: int = CUSTOMERS) -> Seeded:
    """Run `cx-tui seed`."""
    command = [*PROGRAM, "seed", "--db", url, "--customers", str(customers)]
    began = time.perf_counter()
    pid = os.posix_spawn(command[0], command, ENV)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, f"seeding {url} failed"
    return Seeded(time.perf_counter() - began, usage.ru_maxrss / 1024)


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """All code is compiled before the first start is measured."""
    folders = [sysconfig.get_path("purelib"), cx_tui.__path__[0], widgets.__path__[0]]
    for folder in folders:
        compileall.compile_dir(folder, quiet=2, workers=0)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an SQLite database with all customers."""
    given = os.environ.get("CX_BENCH_DB", "")
    if given and Path(given).exists():
        return f"sqlite:///{given}"
    url = f"sqlite:///{tmp_path_factory.mktemp('bench') / 'customers.db'}"
    seed(url)
    return url


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> str:
    """The URL of a PostgreSQL database with all customers."""
    if given := os.environ.get("CX_BENCH_PG"):
        return given
    server: Server = request.getfixturevalue("postgres")
    run(server.execute("CREATE DATABASE bench"))
    url = server.url("bench")
    run(made(url))
    seed(url)
    run(vacuum(server))
    return url


async def vacuum(server: Server) -> None:
    """The tests' server does not do by itself what every other one has done a minute later."""
    import asyncpg

    connection = await asyncpg.connect(host=str(server.socket_dir), user="postgres", database="bench")
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def copy_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a copy that may be written to."""
    url: str = request.getfixturevalue(request.param)
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("changes") / "copy.db"
        shutil.copy(url.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        path.unlink()
        return
    template = make_url(url)
    name = f"{template.database}_changes"
    run(on_server(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    run(on_server(url, f"CREATE DATABASE {name} TEMPLATE {template.database}"))
    yield template.set(database=name).render_as_string(hide_password=False)
    run(on_server(url, f"DROP DATABASE {name} WITH (FORCE)"))


async def on_server(url: str, statement: str) -> None:
    """Run a statement beside the database."""
    import asyncpg

    made = make_url(url).set(database="postgres", drivername="postgresql")
    connection = await asyncpg.connect(made.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def figures() -> Figures:
    """The figures of one benchmark."""
    return Figures()


class Start(Protocol):
    """Starts a program on a terminal."""

    def __call__(self, *command: str, **env: str) -> Terminal: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts programs, all with the same new home; those still running at the end are ended."""
    started: list[Terminal] = []

    def on_terminal(*command: str, **env: str) -> Terminal:
        home = {"HOME": str(tmp_path), **env}
        started.append(Terminal(command, {**ENV, **home}))
        return started[-1]

    yield on_terminal
    for terminal in started:
        terminal.close()


@pytest.fixture
def peer(start: Start) -> Callable[[str], Terminal]:
    """Starts a bare Textual program."""
    return lambda name: start(sys.executable, str(Path(__file__).with_name("peers.py")), name)


@pytest.fixture
def program(start: Start, sqlite: str) -> Callable[..., Terminal]:
    """Starts the program with the customers on SQLite."""
    return lambda **env: start(*PROGRAM, "--db", sqlite, **env)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Either database."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def ask(url: str) -> Callable[[Callable[[Session], Awaitable[Any]]], Any]:
    """Runs a question to the services of a database."""

    def run(question: Callable[[Session], Awaitable[Any]]) -> Any:
        async def asking() -> Any:
            session = await open_session(url)
            try:
                # What follows the clock is renewed by a program that is open.
                await session.customers.sweep()
                return await question(session)
            finally:
                await session.close()

        return asyncio.run(asking())

    return run
