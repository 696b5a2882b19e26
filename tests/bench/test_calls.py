"""What calls cost: to bring them in, to find them, to seal a day, each beside its floor in the same run."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cx_tui.db.calls.columns import NAMES, rows_of
from cx_tui.db.calls.storing import store
from cx_tui.db.engine import connect
from cx_tui.domain.calls.call import Call
from tests.bench.figures import Figures, label
from tests.calls.made import many, priced
from tests.conftest import Server, made, run

pytestmark = pytest.mark.bench

CUSTOMERS = 20_000
CALLS = 20_000
COLUMNS = ", ".join(NAMES)


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    """Calls of one day in the order in which they began."""
    return many(CALLS, customers=CUSTOMERS, days=1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with customers."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('calls') / 'calls.db'}"
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create("bench_calls")
    run(made(url, CUSTOMERS))
    return url


@pytest.fixture
def figures() -> Iterator[Figures]:
    """The figures of one benchmark."""
    found = Figures()
    yield found
    found.all_met()


def test_ingest(url: str, calls: list[Call], figures: Figures, tmp_path: Path) -> None:
    """Bars: 0.08 of a bare insert, and the same batches again at 4 (PostgreSQL: 2) times the rate."""
    first = run(_bring(url, calls, 500))
    again = run(_bring(url, calls[: CALLS // 4], 500))
    floor = _bare_sqlite(calls, tmp_path) if url.startswith("sqlite") else run(_bare_copy(url, calls))
    times = 4 if url.startswith("sqlite") else 2
    beside = f"bare {floor:,.0f}/s; {first / floor:.3f} of it (at least 0.08)"
    figures.show(label(url, "calls brought in, 500 a batch"), first, "/s", None, beside)
    figures.show(label(url, "bare insert, times"), floor / first, "x", 1 / 0.08)
    figures.show(
        label(url, "the same again, times"), first * times / again, "of bar", 1, f"{again / first:.1f} x"
    )


async def _bring(url: str, calls: Sequence[Call], size: int) -> float:
    database = connect(url)
    try:
        began = time.perf_counter()
        for place in range(0, len(calls), size):
            async with database.writing() as connection:
                await store(connection, calls[place : place + size], priced)
        return len(calls) / (time.perf_counter() - began)
    finally:
        await database.close()


def _bare_sqlite(calls: Sequence[Call], folder: Path) -> float:
    rows = rows_of(calls, on_sqlite=True)
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = NORMAL")
    bare.execute(f"CREATE TABLE bare ({COLUMNS})")
    began = time.perf_counter()
    for place in range(0, len(rows), 500):
        bare.execute("BEGIN")
        bare.executemany(
            f"INSERT INTO bare VALUES ({', '.join('?' * len(NAMES))})", rows[place : place + 500]
        )
        bare.execute("COMMIT")
    took = time.perf_counter() - began
    bare.close()
    return len(rows) / took


async def _bare_copy(url: str, calls: Sequence[Call]) -> float:
    import asyncpg

    rows = rows_of(calls, on_sqlite=False)
    socket = url.split("host=")[1]
    bare = await asyncpg.connect(host=socket, user="postgres", database="bench_calls")
    await bare.execute("CREATE TABLE bare (LIKE calls)")
    began = time.perf_counter()
    for place in range(0, len(rows), 500):
        await bare.copy_records_to_table("bare", records=rows[place : place + 500], columns=list(NAMES))
    took = time.perf_counter() - began
    await bare.close()
    return len(rows) / took
