"""The mouse of each widget, as a real terminal tells it: there is nobody who says over what it is."""

import re
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.faults.terminal import Terminal

Start = Callable[[str], Terminal]


@pytest.fixture
def start(env: dict[str, str]) -> Iterator[Start]:
    """Starts the demonstration of a widget; ends it."""
    started: list[Terminal] = []

    def demonstration(widget: str) -> Terminal:
        program = (sys.executable, "-m", f"widgets.{widget}")
        started.append(Terminal(env=env, program=program))
        return started[-1]

    yield demonstration
    for terminal in started:
        terminal.close()


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment without what speaks for another terminal."""
    import os

    left_out = ("CX_", "PYTEST", "TEXTUAL", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY", "SSH")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def place_of(terminal: Terminal, text: str) -> tuple[int, int]:
    """Where a text begins on the screen, counted from 1."""
    for y, line in enumerate(terminal.lines(), 1):
        if text in line:
            return line.index(text) + 1, y
    raise AssertionError(text)


def drag(terminal: Terminal, *places: tuple[int, int]) -> None:
    """Press at the first place, go along the others, let go at the last one."""
    (x, y), (last_x, last_y) = places[0], places[-1]
    told = [f"\x1b[<0;{x};{y}M", *(f"\x1b[<32;{x};{y}M" for x, y in places[1:])]
    terminal.press("".join([*told, f"\x1b[<0;{last_x};{last_y}m"]))


def test_a_week_is_painted(start: Start) -> None:
    terminal = start("week_editor")
    terminal.shows("Tue")
    terminal.rests()
    assert "Sun 0" not in "\n".join(terminal.lines())
    x, y = place_of(terminal, "Sun")
    drag(terminal, (x + 24, y), (x + 28, y), (x + 32, y))
    terminal.shows(r"Sun \d\d:\d\d-\d\d:\d\d")


def test_a_row_of_a_grid_is_gone_to(start: Start) -> None:
    terminal = start("grid")
    terminal.shows("Balance")
    terminal.rests()
    third = terminal.lines()[3]
    name = re.search(r"\w+[^│]*\d", third)
    assert name
    drag(terminal, (5, 4))
    terminal.shows(r"▸ .*" + re.escape(name[0].split()[0]))


def test_a_choice_of_a_menu_is_taken_and_a_click_beside_it_leaves_it(start: Start) -> None:
    terminal = start("menu")
    terminal.shows("press m or c")
    terminal.press("m")
    terminal.shows("Pending Approval")
    terminal.rests()
    drag(terminal, place_of(terminal, "Pending Approval"))
    terminal.shows("'Pending Approval'")
    terminal.press("m")
    terminal.shows("Show customers with the status")
    terminal.rests()
    drag(terminal, (90, 28))
    terminal.shows("None")


def test_a_field_of_a_form_is_gone_to_where_it_is_clicked(start: Start) -> None:
    terminal = start("form")
    terminal.rests()
    terminal.shows("Name")
    x, y = place_of(terminal, "Name")
    before = terminal.lines()[y - 1]
    drag(terminal, (x + 24, y))
    terminal.press("Q")
    terminal.rests()
    assert terminal.lines()[y - 1] != before
    assert "Q" in terminal.lines()[y - 1]


def test_a_column_is_hidden_and_shown_in_the_chooser(start: Start) -> None:
    terminal = start("column_chooser")
    terminal.shows("8 of 46 shown")
    terminal.shows("✓ Maker")
    drag(terminal, place_of(terminal, "✓ Maker"))
    terminal.shows("7 of 46 shown")
