"""Bytes over the line, beside the stock driver, Textual's own table and, where it is installed, VisiData;
what the lean driver takes of the processor; and how far a slow terminal stays behind."""

import csv
import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from cx_tui.terminal.frame import SYNC_END, SYNC_START, is_frame
from cx_tui.terminal.shadow import Shadow
from tests.bench.conftest import ENV, PROGRAM, Start
from tests.bench.figures import Figures
from tests.bench.terminal import COLUMNS, ROWS, Frame, Terminal

pytestmark = pytest.mark.bench

REPEATED = 12
LIVE = r"\blive \d\d:\d\d"
AT_MOST = {
    "first screen": 6_000,
    "cursor down": 420,
    "page scrolls by one row": 450,
    "page down": 2_800,
    "a letter in the search box": 2_600,
    "opening the customer form": 5_000,
    "idle for two seconds": 0,
}
WITHOUT_DETAIL = 300
"""The most bytes for a cursor-down when the line on the customer below it is not counted."""
ANSWERED = 1.0
"""Seconds after which the result of a search is on the screen."""
SLOW = 20_000
"""Bytes that the slow terminal takes in a second."""
PRESSED, EVERY = 90, 1 / 30
BELOW = 3
"""Lines below the list."""
SMALL_FRAME, ANY_FRAME = 0.5, 4.0
"""Milliseconds of the processor for a cursor-down, and for any frame."""


def size(frames: Iterable[Frame]) -> float:
    return float(sum(len(frame.data) for frame in frames))


def of_key(terminal: Terminal, key: str) -> float:
    return statistics.median(terminal.press(key)[0] for _ in range(REPEATED))


def of_list(terminal: Terminal, page_down: str = "pagedown") -> dict[str, float]:
    """Bytes for what every list can do."""
    found = {"first screen": size(terminal.frames(1.5, first=20))}
    found["cursor down"] = of_key(terminal, "down")
    for _ in range(ROWS - REPEATED):
        terminal.press("down", quiet=0.03)
    found["page scrolls by one row"] = of_key(terminal, "down")
    found["page down"] = statistics.median(terminal.press(page_down)[0] for _ in range(REPEATED // 4))
    found["idle for two seconds"] = size(terminal.frames(2.0))
    return found


def of_program(terminal: Terminal) -> dict[str, float]:
    """Bytes for what only this program can do, too."""
    found = of_list(terminal)
    terminal.wait_for(LIVE)
    terminal.press("/", quiet=0.3)
    found["a letter in the search box"] = statistics.median(
        of_letter(terminal, letter) for letter in "telecom"
    )
    terminal.press("escape", quiet=0.3)
    terminal.send("enter")
    found["opening the customer form"] = size(terminal.frames(ANSWERED, first=2.0))
    terminal.wait_for("Basic")
    return found


def of_letter(terminal: Terminal, letter: str) -> float:
    """Bytes until the result is there.  It is never quiet meanwhile: the cursor blinks in the box."""
    terminal.send(letter)
    came = 0.0
    while time.perf_counter() < terminal.since + ANSWERED:
        came += size(terminal.frames(0.02))
    return came


def visidata(start: Start, folder: Path) -> Terminal:
    """VisiData with the same kind of table."""
    path = folder / "customers.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Name", "Credit", "Channels", "Status", "ASR", "ACD", "PDD", "CPS", "Country"])
        for row in range(2_000):
            rows.writerow([f"Acme Wholesale {row:04}", f"{row * 91.37:,.2f} EUR", f"{row} of 120", "Active",
                           f"{row % 97}.1", f"{row % 8}:{row % 60:02}", row % 7, row % 9, "GB"])  # fmt: skip
    return start("vd", str(path))


def test_few_bytes_are_sent(
    program: Callable[..., Terminal],
    peer: Callable[[str], Terminal],
    start: Start,
    tmp_path: Path,
    figures: Figures,
) -> None:
    off = {"CX_TUI_REFRESH_SECONDS": "0"}
    found = {
        "lean": of_program(program(**off)),
        "stock driver": of_program(program(**off, CX_TUI_LOOK_PLAIN_TERMINAL="true")),
        "DataTable": of_list(peer("table")),
    }
    if shutil.which("vd"):
        found["VisiData"] = of_list(visidata(start, tmp_path), page_down="\x06")
    for what, most in AT_MOST.items():
        beside = "; ".join(f"{name} {other[what]:,.0f}" for name, other in found.items() if what in other)
        figures.show(f"bytes: {what}", found["lean"][what], "bytes", most, beside)
    figures.all_met()


def frames_of(frames: Iterable[Frame]) -> str:
    """What Textual made, without the marks around it."""
    text = b"".join(frame.data for frame in frames).decode()
    return text.replace(SYNC_START, "").replace(SYNC_END, "")


def took(shadow: Shadow, frame: str) -> float:
    """Milliseconds of the processor for a frame."""
    began = time.process_time()
    shadow.draw(frame)
    shadow.changes()
    return (time.process_time() - began) * 1000


def sent(shadow: Shadow, frame: str) -> int:
    """Bytes for a frame."""
    shadow.draw(frame)
    return len(shadow.changes().encode())


def test_the_driver_takes_little_of_the_processor(program: Callable[..., Terminal], figures: Figures) -> None:
    stock = program(CX_TUI_REFRESH_SECONDS="0", CX_TUI_LOOK_PLAIN_TERMINAL="true")
    first = frames_of(stock.frames(1.5, first=20))
    first = first[first.index("\x1b[1;1H") :]

    def after(key: str) -> str:
        stock.send(key)
        frame = frames_of(stock.frames(0.1, first=1.0))
        assert is_frame(frame)
        return frame

    shadow, list_alone = Shadow(erases_in_color=True), Shadow(erases_in_color=True)
    shadow.resize(COLUMNS, ROWS)
    list_alone.resize(COLUMNS, ROWS - BELOW)
    took(shadow, first)
    took(list_alone, first)
    made = [after("down") for _ in range(ROWS)]
    downs = [took(shadow, frame) for frame in made]
    scrolls = [took(shadow, after("down")) for _ in range(REPEATED)]
    pages = [took(shadow, after("pagedown")) for _ in range(REPEATED)]
    everything = []
    for _ in range(REPEATED):
        unknown = Shadow(erases_in_color=True)
        unknown.resize(COLUMNS, ROWS)
        everything.append(took(unknown, frames_of([Frame(0, first.encode())])))
    for what, values, most in (
        ("cursor down", downs[:REPEATED], SMALL_FRAME),
        ("page scrolls by one row", scrolls, ANY_FRAME),
        ("page down", pages, ANY_FRAME),
        ("first screen", everything, ANY_FRAME),
    ):
        beside = f"worst {max(values):.2f}"
        figures.show(f"driver's processor time: {what}", statistics.median(values), "ms", most, beside)
    without = statistics.median(sent(list_alone, frame) for frame in made[:REPEATED])
    figures.show("bytes: cursor down, without the detail", without, "bytes", WITHOUT_DETAIL)
    figures.all_met()


class SlowTerminal(Terminal):
    """Takes a few bytes at a time."""

    def _read(self) -> None:
        began, taken = time.monotonic(), 0
        while True:
            try:
                data = os.read(self._fd, 256)
            except OSError:
                self._arrived.put(None)
                return
            taken += len(data)
            began = max(began, time.monotonic() - taken / SLOW)
            time.sleep(max(0.0, began + taken / SLOW - time.monotonic()))
            self._arrived.put(Frame(time.perf_counter(), data))


def behind(sqlite: str, home: Path, **env: str) -> float:
    """Seconds from the last of many keys until the screen is as it should be."""
    command = [*PROGRAM, "--db", sqlite]
    terminal = SlowTerminal(command, {**ENV, "HOME": str(home), "CX_TUI_REFRESH_SECONDS": "0", **env})
    try:
        terminal.frames(2.0, first=20)
        begin = time.monotonic()
        for number in range(PRESSED):
            time.sleep(max(0.0, begin + number * EVERY - time.monotonic()))
            terminal.send("down")
        last = terminal.since
        return terminal.frames(1.0, first=1.0)[-1].at - last
    finally:
        terminal.close()


def test_a_slow_terminal_is_not_left_behind(sqlite: str, tmp_path: Path, figures: Figures) -> None:
    lean = behind(sqlite, tmp_path)
    stock = behind(sqlite, tmp_path, CX_TUI_LOOK_PLAIN_TERMINAL="true")
    beside = f"at {SLOW / 1000:.0f} kB/s, after {PRESSED} downs at 30 a second; stock driver {stock:.2f}"
    figures.show("the last key is on a slow terminal after", lean, "s", 0.1, beside)
    figures.all_met()
