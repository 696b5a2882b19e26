"""What calls cost: to bring them in, to find them, to seal a day, each beside its floor in the same run."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import insert

from cx_tui.calls.frames import SCHEMA, figures_of, ordering
from cx_tui.calls.parquet import ParquetCalls, grouped, in_two_steps
from cx_tui.calls.places import Files
from cx_tui.calls.rerating import Rates, Rounding
from cx_tui.calls.rerating import priced as rerated
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls import days as hot_days
from cx_tui.db.calls import reading, storing
from cx_tui.db.calls.columns import KEY, NAMES, rows_of
from cx_tui.db.calls.storing import store
from cx_tui.db.calls.tables import call_stored
from cx_tui.db.engine import Database, ask, connect
from cx_tui.db.frame_copy import ready
from cx_tui.db.types import instant
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.query import Sort
from cx_tui.services.calls.child import pivoted
from cx_tui.services.calls.listing import CallList
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
        url = server.create()
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
    name, socket = url.split("@/")[1].split("?host=")
    bare = await asyncpg.connect(host=socket, user="postgres", database=name)
    await bare.execute("CREATE TABLE bare (LIKE calls)")
    began = time.perf_counter()
    for place in range(0, len(rows), 500):
        await bare.copy_records_to_table("bare", records=rows[place : place + 500], columns=list(NAMES))
    took = time.perf_counter() - began
    await bare.close()
    return len(rows) / took


FIRST_DAY = date(2026, 5, 1)
DAYS = 31
A_DAY = int(os.environ.get("CX_BENCH_CALLS_A_DAY", "20000"))
LARGE_DAY = date(2026, 6, 2)
LARGE = 200_000
WHO = 4242
EMPTY = {"tries": None, "simulated": False}
C = pl.col


def made_up(day: date, number: int) -> pl.DataFrame:
    """A day of calls at random, always the same."""
    seed = day.toordinal()

    def of(place: int, most: int) -> pl.Expr:
        return (C.n.hash(seed * 100 + place) % most).cast(pl.Int64)

    midnight = instant(datetime(day.year, day.month, day.day, tzinfo=UTC))
    talk = pl.when(of(1, 100) < 45).then(of(2, 400_000)).otherwise(0)
    start = midnight + of(3, 86_400_000_000)
    frame = pl.DataFrame({"n": range(number)}).select(
        # Few call very much: half of the calls are of a hundredth of the customers.
        customer_id=pl.when(of(4, 100) == 0).then(WHO).otherwise(1 + of(5, CUSTOMERS) * of(6, 1000) // 1000),
        start=start, key=C.n.hash(seed * 100 + 7).cast(pl.Int64, wrap_numerical=True), talk_ms=talk,
        ringing=start + 2_000_000, answered=pl.when(talk > 0).then(start + 5_000_000),
        ended=start + 5_000_000 + talk * 1000, carrier=pl.format("carrier {}", of(8, 60)),
        source=pl.lit("sw1"), source_key=pl.format("{}-{}", pl.lit(f"{day}"), C.n.hash(seed * 100 + 11)),
        dialled=pl.format("44{}", of(9, 10**9)), cli=pl.format("49{}", of(10, 10**9)),
        sip_code=pl.when(talk > 0).then(200).otherwise(486), charge=talk * 3 // 4, cost=talk // 2,
        billed_seconds=talk // 1000,
    )  # fmt: skip
    fixed = {"direction": "termination", "currency": "EUR", "release": "caller", "src_ip": "10.0.0.1"}
    rest = [
        pl.lit(fixed.get(name, EMPTY.get(name, "" if kind == pl.String else None))).cast(kind).alias(name)
        for name, kind in SCHEMA.items()
        if name not in frame.columns
    ]
    return frame.with_columns(rest).select(C(name).cast(kind) for name, kind in SCHEMA.items()).sort(KEY)


async def _counted(database: Database, day: date, frame: pl.DataFrame, generation: int) -> None:
    """Note what such a day has, as if it had come call by call."""
    rows = grouped(frame.lazy(), ["customer_id"]).collect()
    sums = {(row["customer_id"], day): figures_of(row) for row in rows.iter_rows(named=True)}
    async with database.writing() as connection:
        await storing.add_to_days(connection, sums)
        await connection.execute(insert(call_stored).values(day=day, generation=generation))


async def _sealed_month(database: Database, sealing: Sealing) -> None:
    for at in range(DAYS):
        day = FIRST_DAY + timedelta(days=at)
        frame = made_up(day, A_DAY)
        await _counted(database, day, frame, 0)
        await ParquetCalls(sealing).put_day(day, frame.lazy())


async def _large_hot_day(database: Database) -> int:
    """A hot day; says how many bytes a record takes."""
    frame = made_up(LARGE_DAY, LARGE)
    await _counted(database, LARGE_DAY, frame, 0)
    async with database.writing() as connection:
        await hot_days.make(connection, LARGE_DAY)
        await _fill(connection, database, hot_days.name_of(LARGE_DAY), frame)
        if database.on_sqlite:
            question = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%calls_20260602%'"
        else:
            # Nobody else does: the server of the tests has no autovacuum.
            await connection.exec_driver_sql("ANALYZE calls_20260602")
            question = "SELECT pg_total_relation_size('calls_20260602')"
        size = (await connection.exec_driver_sql(question)).scalar()
    return int(size or 0)


async def _fill(connection: Any, database: Database, table: str, frame: pl.DataFrame) -> None:
    if not database.on_sqlite:
        frame = frame.with_columns((C("charge", "cost") / 1_000_000).round(6))
    await ready(database.on_sqlite, table, frame, {}).put(connection)


@pytest.fixture(scope="module")
def month(url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, float]:
    """A sealed month and a large hot day: the database, the files, bytes of a hot record."""
    place = tmp_path_factory.mktemp("sealed")

    async def make() -> float:
        database = connect(url)
        try:
            sealing = Sealing(database, Files(str(place)))
            await _sealed_month(database, sealing)
            return await _large_hot_day(database) / LARGE
        finally:
            await database.close()

    return url, place, run(make())


@asynccontextmanager
async def _opened(month: tuple[str, Path, float]) -> Any:
    database = connect(month[0])
    try:
        yield database, Sealing(database, Files(str(month[1])))
    finally:
        await database.close()


async def _best(work: Callable[[], Awaitable[Any]], times: int = 5) -> tuple[float, float]:
    """The least milliseconds, by the clock and of the processor."""
    walls, cpus = [], []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        await work()
        walls.append(time.perf_counter() - began)
        cpus.append(time.process_time() - busy)
    return min(walls) * 1000, min(cpus) * 1000


def test_latest_and_windows(month: tuple[str, Path, float], figures: Figures) -> None:
    """Bars: 20 ms for the latest 50 of a hot day; 0.15 of a look at all files for a window of a month."""

    async def measure() -> None:
        async with _opened(month) as (database, sealing):
            sealed = ParquetCalls(sealing)
            noon = datetime(2026, 6, 2, tzinfo=UTC)
            hot = CallQuery(WHO, first=noon)
            wall, _ = await _best(lambda: CallList(database, sealed, hot).rows(0, 50))
            figures.show(label(month[0], "latest 50 of a customer, hot"), wall, "ms", 20)
            query = CallQuery(WHO, until=noon - timedelta(days=1))
            total = await CallList(database, sealed, query).exact_count()
            held = await _every_day(database)

            async def routed() -> Any:
                return await CallList(database, sealed, query).rows(total // 2, 50)

            async def all_files() -> Any:
                return await sealed.page(query, held, total // 2, 50)

            assert len(await routed()) == 50
            near, _ = await _best(routed)
            far, _ = await _best(all_files, 3)
            beside = f"all files {far:,.0f} ms; {near / far:.2f} of it"
            figures.show(
                label(month[0], f"window at {total // 2:,} of a month"), near, "ms", far * 0.15, beside
            )

    run(measure())


async def _every_day(database: Database) -> list[date]:
    async with database.reading() as connection:
        return [day for day, generation in (await hot_days.stored(connection)).items() if generation]


def test_sealed_size_and_deep_sort(month: tuple[str, Path, float], figures: Figures) -> None:
    """Bars: a sealed record takes 0.4 of a hot one; a deep sort in two steps 0.5 of one of whole rows."""

    async def measure() -> None:
        async with _opened(month) as (_, sealing):
            frame = made_up(LARGE_DAY, LARGE)
            made = await sealing.write(LARGE_DAY, 1, frame.lazy())
            bytes_each = made.bytes / LARGE
            beside = f"hot {month[2]:.0f}"
            figures.show(label(month[0], "bytes of a sealed record"), bytes_each, "B", month[2] * 0.4, beside)
            scan = sealing.files.scan(made.path)
            query = CallQuery(sort=(Sort("talk", descending=True),))
            by, down, last = ordering(query.sort)

            async def two_steps() -> None:
                await asyncio.to_thread(in_two_steps, scan, query, 100_000, 50, True)

            async def whole_rows() -> None:
                whole = scan.sort(by, descending=down, nulls_last=last).slice(100_000, 50)
                await asyncio.to_thread(whole.collect)

            (_, two), (_, one) = await _best(two_steps, 3), await _best(whole_rows, 3)
            figures.show(
                label(month[0], "a day by duration at 100,000, processor"), two, "ms", one * 0.5,
                f"whole rows {one:,.0f}; {two / one:.2f} of it",
            )  # fmt: skip

    run(measure())


def test_pivot_and_keys_meanwhile(month: tuple[str, Path, float], figures: Figures) -> None:
    """Bars: a pivot of files takes 0.15 of one of rows; the loop waits no longer than twice its idle wait."""

    async def measure() -> None:
        async with _opened(month) as (database, sealing):
            sealed = ParquetCalls(sealing)
            days = await _every_day(database)
            pivot, _ = await _best(lambda: sealed.group(CallQuery(), days, ["carrier"]), 3)
            table = hot_days.table_of(LARGE_DAY)

            async def rows() -> None:
                async with database.reading() as connection:
                    await ask(connection, reading.grouped(table, CallQuery(), ["carrier"]))

            of_rows, _ = await _best(rows, 2)
            as_many = of_rows * A_DAY * DAYS / LARGE
            beside = f"rows {as_many:,.0f} ms; {pivot / as_many:.2f} of it"
            figures.show(label(month[0], "pivot of a month by carrier"), pivot, "ms", as_many * 0.15, beside)
            idle = await _longest_wait(asyncio.sleep(1))
            busy = await _longest_wait(pivoted(month[0], str(month[1]), CallQuery(), ["carrier"]))
            what, most = label(month[0], "longest wait during a pivot"), max(2 * idle, 65)
            figures.show(what, busy, "ms", most, f"idle {idle:.0f}")

    run(measure())


async def _longest_wait(work: Any) -> float:
    """The longest time that the loop came too late, in milliseconds."""
    task, longest = asyncio.ensure_future(work), 0.0
    while not task.done():
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - began - 0.005)
    await task
    return longest * 1000


def test_rerate(figures: Figures) -> None:
    """Bar: 0.8 million calls in a second of the processor, by 100,000 prefixes."""
    digits = pl.DataFrame({"n": range(400_000)}).select(
        prefix=(C.n.hash(1) % 10**9).cast(pl.String).str.slice(0, 2 + C.n.hash(2) % 8)
    )
    table = digits.unique("prefix", maintain_order=True).head(100_000).select(
        card=pl.lit(1), prefix="prefix", destination=pl.lit(""), per_minute=pl.lit(12_345),
        connect_fee=pl.lit(0), minimum=pl.lit(30), pulse=pl.lit(6), valid_from=None, valid_to=None,
    )  # fmt: skip
    rates = Rates.of(table)
    calls = made_up(LARGE_DAY, LARGE).with_columns(number=(C.key.hash(3) % 10**9).cast(pl.String))
    cards = calls.select("customer_id").unique().with_columns(card=pl.lit(1, pl.Int32))
    busy = []
    for _ in range(3):
        began = time.process_time()
        priced_again = rerated(calls, cards, rates, rounding=Rounding())
        busy.append(time.process_time() - began)
    assert len(priced_again) == LARGE
    rate = LARGE / min(busy) / 1_000_000
    unknown = priced_again.filter(C.unrated != "").height
    beside = f"{rate:.2f} million (at least 0.8); {len(table):,} prefixes, {unknown:,} calls without"
    figures.show("re-rate, seconds of 0.8 million calls", 0.8 / rate, "s", 1, beside)
