"""Keys and bytes while another process changes a hundred customers a second."""

import asyncio
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pytest

from cx_tui.domain.query import Query
from cx_tui.services.session import open_session
from tests.bench.figures import Figures, p95
from tests.bench.terminal import Terminal

pytestmark = pytest.mark.bench

UPDATES_A_SECOND = 100
ON_THE_SCREEN = 30
KEYS = 120
IDLE_SECONDS = 6.0


def test_keys_stay_quick_and_little_is_sent_while_customers_change(
    program: Callable[..., Terminal], sqlite: str, figures: Figures
) -> None:
    terminal = program()
    terminal.wait_for(r"\blive \d\d:\d\d")
    terminal.frames(0.3)
    quiet = delays(terminal)
    with changing(sqlite):
        time.sleep(2)
        busy = delays(terminal)
        sent, places = idle(terminal)
    beside = f"p95 {p95(busy):.1f} ms, median {statistics.median(busy):.1f}, worst {max(busy):.0f}"
    beside += f"; quiet {p95(quiet):.1f}, {statistics.median(quiet):.1f}, {max(quiet):.0f}"
    figures.show("key while customers change, p95 more", p95(busy) - p95(quiet), "ms", 20, beside)
    beside = f"{sent / IDLE_SECONDS:,.0f} bytes and {places / IDLE_SECONDS:.0f} changed cells a second"
    figures.show("bytes for a changed cell", sent / max(1, places), "bytes", 80, beside)
    assert places, "nothing changed on the screen"
    figures.all_met()


@contextmanager
def changing(url: str) -> Iterator[None]:
    """The customers of the first page change meanwhile."""
    path = url.removeprefix("sqlite:///")
    writer = Path(__file__).with_name("writer.py")
    ids = asyncio.run(first_ids(url))
    process = subprocess.Popen([sys.executable, writer, path, str(UPDATES_A_SECOND), *map(str, ids)])
    try:
        yield
        assert process.poll() is None, "the writer ended"
    finally:
        process.terminate()
        process.wait()


async def first_ids(url: str) -> list[int]:
    session = await open_session(url)
    try:
        return await (await session.customers.list(Query())).ids(0, ON_THE_SCREEN)
    finally:
        await session.close()


def delays(terminal: Terminal) -> list[float]:
    """Milliseconds until the cursor has moved, for keys that come at any moment."""
    dice = random.Random(1)
    found = []
    for turn in range(KEYS):
        down = turn // 20 % 2 == 0
        place = cursor(terminal.lines()) + (1 if down else -1)
        terminal.frames(dice.uniform(0.02, 0.12))
        terminal.lines()
        terminal.send("down" if down else "up")
        found.append(terminal.wait_for(partial(cursor_is_at, place), 5))
    return found


def cursor_is_at(place: int, lines: list[str]) -> bool:
    return cursor(lines) == place


def cursor(lines: list[str]) -> int:
    """The line of the cursor."""
    return next((number for number, line in enumerate(lines) if line.startswith("▸")), -1)


def idle(terminal: Terminal) -> tuple[int, int]:
    """Bytes sent while no key is pressed, and how many cells of the screen they changed."""
    terminal.frames(0.0)
    sent = places = 0
    until = time.perf_counter() + IDLE_SECONDS
    before = terminal.lines()
    while (left := until - time.perf_counter()) > 0:
        for frame in terminal.frames(0.0, first=left):
            sent += len(frame.data)
        after = terminal.lines()
        places += sum(differing(old, new) for old, new in zip(before, after, strict=True))
        before = after
    return sent, places


def differing(old: str, new: str) -> int:
    """How many cells of a line differ: places that two spaces or more part from the next."""
    count, last = 0, -9
    for x, (was, now) in enumerate(zip_longest(old, new)):
        if was != now:
            between = old[last + 1 : x]
            count += last < 0 or "  " in between or "  " in new[last + 1 : x]
            last = x
    return count
