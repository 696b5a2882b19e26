"""How soon others' changes are seen, what it costs while nothing changes, and a database that restarts."""

import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psutil
import pytest

from cx_tui.domain.query import Query
from cx_tui.domain.who import Who
from cx_tui.services.session import Session, open_session
from tests.bench.conftest import PROGRAM, Start
from tests.bench.figures import Figures, label
from tests.bench.test_live import cursor, delays
from tests.conftest import made, run
from tests.faults.own_postgres import own_postgres

pytestmark = pytest.mark.bench

OPERATORS = {"sqlite": 2, "postgresql": 8}
IDLE_CONNECTIONS = 50
SAVES = 12
IDLE_SECONDS = 20.0
SHOWN_BY = 12.0
"""Seconds after a full minute by which the header shows it."""
MANY = 100_000


@contextmanager
def beside(url: str) -> Iterator[Callable[[Callable[[Session], Awaitable[Any]]], Any]]:
    """Another operator, on a loop of its own: does things, and waits until they are done."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def do(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(300)

    session: Session = do(open_session(url, who=Who("ben")))

    async def asked(act: Callable[[Session], Awaitable[Any]]) -> Any:
        return await act(session)

    try:
        yield lambda act: do(asked(act))
    finally:
        do(session.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@contextmanager
def idle_connections(url: str) -> Iterator[None]:
    """Fifty connections that do nothing."""
    if url.startswith("sqlite"):
        yield
        return
    import asyncpg

    async def opened() -> list[Any]:
        return [await asyncpg.connect(url) for _ in range(IDLE_CONNECTIONS)]

    loop = asyncio.new_event_loop()
    connections = loop.run_until_complete(opened())
    try:
        yield
    finally:
        for one in connections:
            loop.run_until_complete(one.close())
        loop.close()


def test_another_operators_save_is_seen_soon(start: Start, copy_url: str, figures: Figures) -> None:
    kind = copy_url.split(":")[0]
    terminals = [start(*PROGRAM, "--db", copy_url) for _ in range(OPERATORS[kind])]
    for one in terminals:
        one.wait_for(r"\blive \d\d:\d\d", 120)
    found: list[float] = []
    with idle_connections(copy_url), beside(copy_url) as ben:

        async def save(session: Session, channels: int) -> None:
            first = (await (await session.customers.list(Query())).ids(0, 1))[0]
            base = await session.records.get(first)
            await session.records.save(base, {"channels": channels})

        for turn in range(SAVES):
            for one in terminals:
                one.frames(0.2)
            channels = 9_000 + turn
            ben(partial(save, channels=channels))
            saved = time.perf_counter()
            for one in terminals:
                one.since = saved
            found += [one.wait_for(rf"of {channels // 1000},{channels % 1000:03}", 30) for one in terminals]
    said = f"{len(terminals)} programs, {len(found)} times"
    median, worst = (300, 1_000) if kind == "postgresql" else (1_200, 1_200)
    figures.show(
        label(copy_url, "a save until it is seen, median"), statistics.median(found), "ms", median, said
    )
    figures.show(label(copy_url, "a save until it is seen, worst"), max(found), "ms", worst, said)
    figures.all_met()


def test_nothing_is_sent_and_little_is_done_while_nothing_changes(
    start: Start, copy_url: str, figures: Figures
) -> None:
    terminal = start(*PROGRAM, "--db", copy_url)
    terminal.wait_for(r"\blive \d\d:\d\d", 120)
    terminal.frames(3.0)
    process = psutil.Process(terminal.pid)
    # Not over a full minute, nor soon after it: the clock in the header goes on with the next look.
    while not SHOWN_BY < time.time() % 60 < 59 - IDLE_SECONDS:
        terminal.frames(0.5)
    before, began = process.cpu_times(), time.perf_counter()
    sent = sum(len(frame.data) for frame in terminal.frames(IDLE_SECONDS))
    after, took = process.cpu_times(), time.perf_counter() - began
    spent = after.user + after.system - before.user - before.system
    figures.show(label(copy_url, "bytes while nothing changes"), sent, "bytes", 0)
    figures.show(label(copy_url, "of a core while nothing changes"), spent / took * 100, "%", 0.5)
    figures.all_met()


def test_a_bulk_edit_of_very_many_disturbs_no_key(start: Start, copy_url: str, figures: Figures) -> None:
    terminal = start(*PROGRAM, "--db", copy_url)
    terminal.wait_for(r"\blive \d\d:\d\d", 120)
    terminal.frames(0.5)
    quiet = delays(terminal)
    with beside(copy_url) as ben:

        async def edit(session: Session) -> int:
            ids = await (await session.customers.list(Query())).ids(0, MANY)
            values = {"channels": 7_777}
            return (await session.bulk.edit(ids, values)).changed

        number: list[int] = []
        thread = threading.Thread(target=lambda: number.append(ben(edit)))
        thread.start()
        busy = delays(terminal)
        thread.join()
        ended = time.perf_counter()
        terminal.since = ended
        seen = terminal.wait_for(r"of 7,777", 30)
    said = f"{number[0]:,} customers; worst {max(busy):.0f} ms; quiet {statistics.median(quiet):.1f} ms"
    figures.show(
        label(copy_url, "key during a bulk edit, p95"), sorted(busy)[int(len(busy) * 0.95)], "ms", 30, said
    )
    figures.show(label(copy_url, "a bulk edit until it is seen"), seen, "ms", 1_200)
    assert cursor(terminal.lines()) >= 0
    figures.all_met()


def test_a_restarted_database_is_seen_to_be_away_and_back(start: Start, figures: Figures) -> None:
    with own_postgres() as server:
        url = server.url("postgres")
        run(made(url, 500))
        terminal = start(sys.executable, "-m", "cx_tui", "--db", url)
        terminal.wait_for(r"\blive \d\d:\d\d", 60)
        away, back = [], []
        for _ in range(3):
            terminal.frames(0.5)
            terminal.since = time.perf_counter()
            stopping = threading.Thread(target=server.stop)
            stopping.start()
            away.append(terminal.wait_for(r"\baway \d\d:\d\d", 30))
            stopping.join()
            server.begin()
            terminal.since = time.perf_counter()
            back.append(terminal.wait_for(r"\blive \d\d:\d\d", 30))
        figures.show("restart until the banner, worst", max(away), "ms", 2_000)
        figures.show("database back until live, worst", max(back), "ms", 3_000)
        figures.all_met()
