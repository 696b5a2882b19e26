"""How soon the form of one of a million customers is there, and what was saved in its row."""

import re
import statistics
from collections.abc import Callable

import pytest

from tests.bench.conftest import PROGRAM, Start
from tests.bench.figures import Figures
from tests.bench.terminal import ROWS, Terminal

pytestmark = pytest.mark.bench

MEASURED = 9
FORM, LIST = "Daily spend limit", r"\blive \d\d:\d\d"
F10, CLEAR = "\x1b[21~", "\x15"
QUIET = 0.25
"""Seconds of silence after which all is there."""
LABELS = ("Name", "Channels", "Flow speed", "Status", "Debit limit", "Tax %", "Currency", FORM)


@pytest.fixture
def grid(start: Start, url: str) -> Terminal:
    """The program with its first list, far down in it."""
    terminal = start(*PROGRAM, "--db", url, CX_TUI_REFRESH_SECONDS="0")
    terminal.wait_for(LIST)
    terminal.frames(1.0)
    return terminal


def all_of_basic(lines: list[str]) -> bool:
    """Whether every field of Basic is there, with the cursor in the name and the keys below."""
    screen = "\n".join(lines)
    return all(label in screen for label in LABELS) and "▸ Name" in screen and "f10 save" in lines[ROWS - 1]


def open_form(terminal: Terminal) -> tuple[float, float]:
    """Milliseconds from the key to the first paint of the form, and to all of Basic."""
    terminal.frames(0.0)
    terminal.send("enter")
    terminal.frames(QUIET, first=5.0)
    first = terminal.wait_for(lambda lines: "customer #" in lines[0] or "Basic" in lines[1])
    return first, terminal.wait_for(all_of_basic)


def leave(terminal: Terminal) -> None:
    """Back to the list."""
    terminal.send("escape")
    terminal.frames(QUIET, first=5.0)
    terminal.wait_for(LIST)


def test_the_form_of_a_customer_opens(grid: Terminal, figures: Figures) -> None:
    cold_first, cold_all = open_form(grid)
    leave(grid)
    warm = []
    for _ in range(MEASURED):
        grid.press("down")
        warm.append(open_form(grid))
        leave(grid)
    first, all_there = (statistics.median(times) for times in zip(*warm, strict=True))
    worst = f"worst {max(one for one, _ in warm):.0f}; the first of a run {cold_first:.0f}"
    figures.show("form: key to first paint", first, "ms", 120, worst)
    worst = f"worst {max(one for _, one in warm):.0f}; the first of a run {cold_all:.0f}"
    figures.show("form: key to all of Basic", all_there, "ms", 250, worst)
    figures.all_met()


def test_a_save_shows_in_the_row(grid: Terminal, figures: Figures) -> None:
    times = []
    for number in range(MEASURED + 1):
        channels = 4_000 + number
        open_form(grid)
        for keys in ("down", CLEAR, str(channels)):
            grid.press(keys)
        grid.send(F10)
        grid.wait_for(rf"Channels +\S+ +→ {channels}")
        grid.frames(QUIET)
        grid.send("enter")
        grid.frames(QUIET, first=5.0)
        times.append(grid.wait_for(in_a_row(channels)))
        grid.frames(QUIET)
    took = statistics.median(times[1:])
    beside = f"worst {max(times[1:]):.0f}; the first of a run {times[0]:.0f}"
    figures.show("save: enter to the row in the grid", took, "ms", 80, beside)
    figures.all_met()


def in_a_row(channels: int) -> Callable[[list[str]], bool]:
    """Whether the list is back with a row that has so many channels."""
    wanted = re.compile(rf"of {channels:,} ")
    return lambda lines: "Customers" in lines[0] and any(wanted.search(line) for line in lines[3:])
