"""What is typed into a form when the terminal goes, the system ends the program, or nobody asks it."""

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.terminal import Terminal as Plain

TAB, ESC, F10 = "\t", "\x1b", "\x1b[21~"
DOWN = "\x1b[B"


class Terminal(Plain):
    """A terminal that can be waited at, and hung up."""

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for something beside the screen."""
        self._until(holds, what)

    def hang_up(self) -> None:
        """Close the terminal, as a lost connection does."""
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, self._fd)
        os.close(nothing)


@pytest.fixture
def env(home: Path) -> dict[str, str]:
    """The environment of a program in an empty home."""
    left_out = ("CX_", "PYTEST", "TEXTUAL", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "LANG": "C.UTF-8", "PYTHONWARNINGS": "default"}


@pytest.fixture
def start(
    env: dict[str, str], world_of: Callable[[str], str], tmp_path: Path
) -> Iterator[Callable[[], Terminal]]:
    """Starts the program on customers of its own; ends what has not ended."""
    path = shutil.copy(world_of("sqlite").removeprefix("sqlite:///"), tmp_path / "own.db")
    started: list[Terminal] = []

    def on_terminal() -> Terminal:
        started.append(Terminal("--db", f"sqlite:///{path}", env=env))
        started[-1].shows(r"live \d\d:\d\d")
        return started[-1]

    yield on_terminal
    for terminal in started:
        terminal.close()


@pytest.fixture
def drafts(home: Path) -> Callable[[], list[dict[str, Any]]]:
    """What is in the drafts on the disk."""
    folder = home / "state_home" / "cx-tui"
    return lambda: [json.loads(path.read_text()) for path in folder.glob("*/draft-*.json")]


def type_channels(terminal: Terminal, text: str) -> None:
    """Open the form of the first customer, and type this in place of its channels."""
    terminal.press("e")
    terminal.shows("Daily spend limit")
    terminal.press(DOWN)
    terminal.shows("▸ Channels")
    terminal.press("\x15")  # ctrl+u
    terminal.shows(r"▸▪Channels +\n")
    terminal.press(text)
    terminal.shows(rf"Channels +{text} ")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_what_was_typed_outlives_the_program(
    number: signal.Signals,
    code: int,
    start: Callable[[], Terminal],
    drafts: Callable[[], list[dict[str, Any]]],
) -> None:
    terminal = start()
    type_channels(terminal, "1234")
    if number is signal.SIGKILL:  # nothing can be done at that moment, so it has to be on the disk before
        terminal.until(drafts, "a draft")
    terminal.send(number)
    assert terminal.exit_code() == code
    assert terminal.is_restored() or number is signal.SIGKILL
    (draft,) = drafts()
    assert draft["typed"] == {"channels": "1234"}
    assert draft["base"]["channels"].isdecimal()

    again = start()
    again.shows("You had typed this and not saved it")
    again.press(DOWN + "\r")
    again.shows(r"Channels +1234 ")
    again.press(F10)
    again.shows(rf"Channels +{draft['base']['channels']} +→ 1234")
    again.press("\r")
    again.shows(r"of 1,234 ")
    assert not drafts()
    again.press("q")
    assert again.exit_code() == 0


def test_a_terminal_that_goes_away_loses_nothing(
    start: Callable[[], Terminal], drafts: Callable[[], list[dict[str, Any]]]
) -> None:
    terminal = start()
    type_channels(terminal, "1234")
    terminal.hang_up()
    terminal.exit_code()
    assert [draft["typed"] for draft in drafts()] == [{"channels": "1234"}]


def test_a_paste_into_notes_is_taken_once_and_nothing_in_it_is_obeyed(
    start: Callable[[], Terminal], drafts: Callable[[], list[dict[str, Any]]]
) -> None:
    terminal = start()
    type_channels(terminal, "1234")
    for _ in range(4):
        terminal.press("\x1bOR")  # f3
    terminal.shows("The customer can read these")
    terminal.press("\x1b[200~one\rtwo [bold]x[/]\x1b[201~")
    terminal.shows(r"two \[bold\]x\[/\]")
    terminal.until(lambda: len(drafts()) == 1 and "public_notes" in drafts()[0]["typed"], "a draft")
    (draft,) = drafts()
    was = draft["base"]["public_notes"]
    assert len(draft["typed"]["public_notes"]) == len(was) + len("one\ntwo [bold]x[/]")
