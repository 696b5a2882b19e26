"""Live calls: 30,000 on Dialogs, what a program takes beside 100 a second; and the first plot of a month."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from cx_tui.services.calls.summaries import Period
from cx_tui.services.session import open_session
from tests.bench.conftest import PROGRAM, Start
from tests.bench.figures import Figures, p95
from tests.bench.terminal import Terminal
from tests.calls.made import many, put
from tests.conftest import made, opened, run

pytestmark = pytest.mark.bench

CUSTOMERS = 20_000
UP = int(os.environ.get("CX_BENCH_LIVE", "30000"))
RATE = 100
IDLE = 10.0
TURNS = 20


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of its own on SQLite."""
    url = f"sqlite:///{tmp_path_factory.mktemp('live') / 'live.db'}"
    run(made(url, CUSTOMERS))
    return url


@contextmanager
def calling(url: str, rate: float, up: int) -> Iterator[None]:
    """Customers call meanwhile."""
    script = Path(__file__).with_name("calling.py")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(script), url, str(rate), str(up)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield
        assert process.poll() is None, "the calls ended"
    finally:
        process.kill()
        process.communicate()


def on_dialogs(start: Start, url: str) -> Terminal:
    """The program with all live calls on the screen."""
    terminal = start(*PROGRAM, "--db", url)
    terminal.wait_for(r"\blive \d\d:\d\d")
    terminal.press(":")
    terminal.press("Dialogs", quiet=0.3)
    terminal.send("enter")
    terminal.wait_for(r"[\d,]+ up\b")
    terminal.frames(0.5)
    return terminal


def test_30_000_live_calls_are_paged_at_once_in_little_memory(
    start: Start, url: str, figures: Figures
) -> None:
    with calling(url, 1, UP):
        terminal = on_dialogs(start, url)
        terminal.wait_for(rf"{UP:,} up")
        took = [terminal.press(key)[1] for key in ("pagedown", "pagedown", "G", "pageup", "g") * (TURNS // 5)]
        beside = f"median {sorted(took)[len(took) // 2]:.0f}, worst {max(took):.0f}"
        figures.show(f"Dialogs of {UP:,}: key to rows, p95", p95(took), "ms", 60, beside)
        figures.show(f"Dialogs of {UP:,}: memory", terminal.rss_mb(), "MB", 160)
    figures.all_met()


def test_an_idle_program_takes_little_beside_100_calls_a_second(
    start: Start, url: str, figures: Figures
) -> None:
    terminal = start(*PROGRAM, "--db", url)
    terminal.wait_for(r"\blive \d\d:\d\d")
    with calling(url, RATE, 2_000):
        terminal.frames(3.0)
        process = psutil.Process(terminal.pid)
        before = sum(process.cpu_times()[:2])
        terminal.frames(0.0)
        sent, until = 0, time.perf_counter() + IDLE
        while (left := until - time.perf_counter()) > 0:
            sent += sum(len(frame.data) for frame in terminal.frames(0.0, first=left))
        busy = sum(process.cpu_times()[:2]) - before
    figures.show(f"idle beside {RATE} calls a second: processor", 100 * busy / IDLE, "%", 10)
    figures.show(f"idle beside {RATE} calls a second: sent", sent / IDLE / 1000, "kB/s", 1.2)
    figures.all_met()


def test_a_month_of_a_customer_is_plotted_at_once(url: str, figures: Figures) -> None:
    async def measure() -> list[float]:
        async with opened(url) as database:
            calls = many(6_000, customers=20, days=31, last=datetime.now(UTC))
            await put(database, calls, 500)
        times = []
        for _ in range(5):
            session = await open_session(url)
            try:
                began = time.perf_counter()
                found = await session.calls.stats(Period.DAY, 1, datetime.now(UTC) - timedelta(days=31))
                times.append((time.perf_counter() - began) * 1000)
                assert len(found.summaries) > 28
            finally:
                await session.close()
        return times

    figures.show("first plot of a month of one customer", max(run(measure())), "ms", 150)
    figures.all_met()
