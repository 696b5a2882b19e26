"""Links that drop, and links that add noise."""

import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.terminal import Terminal

SOON = 2.0
"""Seconds in which a program without a terminal has ended."""
AT_MOST = 1.0
"""Seconds of the processor that it may take for that."""
# What ends or stops a program on purpose: ctrl+q, q, ctrl+z, ctrl+\.
ENDING = b"\x11q\x1a\x1c"
F10 = "\x1b[21~"
FRAGMENTS = (
    b"\x1b", b"\x1b[", b"\x1b[<", b"\x1b[<3;", b"\x1bP", b"\x1b]52;c;", b"\xc3", b"\xf0\x9f", b"\xff\xfe",
    b"\x1b[?2026;", b"\x1b[1;1R", b"\x1b[I", b"\x1b[O", b"\x00", b"\x9b",
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, world_of: Callable[[str], str]) -> Path:
    """A copy of the world."""
    return Path(shutil.copy(world_of("sqlite").removeprefix("sqlite:///"), tmp_path / "world.db"))


@pytest.fixture
def start(home: Path, world: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts the program on a copy of the world; ends what has not ended."""
    left_out = ("CX_", "PYTEST", "TEXTUAL", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY", "SSH")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    env["LANG"] = "C.UTF-8"
    started: list[Terminal] = []

    def on_terminal(*, hangs_up: bool = True) -> Terminal:
        started.append(Terminal("--db", f"sqlite:///{world}", env=env, hangs_up=hangs_up))
        started[-1].shows(r"live \d\d:\d\d")
        return started[-1]

    yield on_terminal
    for terminal in started:
        terminal.close()


def test_without_its_terminal_the_program_ends_soon_and_quietly(start: Callable[..., Terminal]) -> None:
    terminal = start()
    before = terminal.drop_link()
    began = time.monotonic()
    assert terminal.exit_code() == 129
    assert time.monotonic() - began < SOON
    assert terminal.processor - before < AT_MOST


def test_a_terminal_that_can_no_longer_be_read_is_the_end_too(start: Callable[..., Terminal]) -> None:
    terminal = start(hangs_up=False)
    before = terminal.drop_link()
    assert terminal.exit_code() == 129
    assert terminal.processor - before < AT_MOST


@pytest.mark.parametrize("wait", [0.0, 0.05, 0.15, 0.3, 0.6])
def test_a_change_of_all_customers_is_made_or_not_when_the_link_drops(
    wait: float, start: Callable[..., Terminal], world: Path
) -> None:
    terminal = start()
    terminal.press("a")
    terminal.shows("3,000 marked")
    terminal.press("e")
    terminal.shows("Edit 3,000 customers together(.|\n)*Channels now")
    terminal.press("77")
    terminal.shows("Channels +77")
    terminal.press(F10)
    terminal.shows("Change 3,000 customers")
    terminal.press("3000\r")
    time.sleep(wait)
    terminal.drop_link()
    assert terminal.exit_code() == 129
    with sqlite3.connect(world) as database:
        noted = "SELECT coalesce(sum(last_id - first_id + 1), 0) FROM block"
        (changed,) = database.execute(noted).fetchone()
        (with_it,) = database.execute("SELECT count(*) FROM customer WHERE channels = 77").fetchone()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    assert (changed, with_it) in ((0, 0), (3_000, 3_000))


def test_what_was_being_typed_is_kept_when_the_link_drops(home: Path, start: Callable[..., Terminal]) -> None:
    terminal = start()
    terminal.press("+")
    terminal.shows("Basic")
    terminal.press("Globex")
    terminal.shows("Globex")
    terminal.drop_link()
    assert terminal.exit_code() == 129
    (draft,) = home.glob("state_home/cx-tui/*/draft-*.json")
    assert "Globex" in draft.read_text()


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_thousand_broken_bytes_end_nothing_and_it_can_still_be_left(
    seed: int, start: Callable[..., Terminal]
) -> None:
    terminal, lot = start(), random.Random(seed)
    noise = b""
    while len(noise) < 10_000:
        noise += lot.choice((lot.randbytes(20).translate(None, ENDING), lot.choice(FRAGMENTS)))
    terminal.type(noise)
    # What has begun is ended: a paste, a sequence.
    terminal.type(b"\x1b[201~\x1b[M")
    # A key that comes at once would be the rest of that sequence.
    terminal.rests()
    terminal.type(b"\x11")
    if terminal.ends_or_shows("not saved"):
        terminal.press("\x1b[B\r")
    assert terminal.exit_code() == 0, terminal.bytes[-3000:].decode("utf-8", "replace")
    assert terminal.is_restored()
