"""The screen of the last run, shown again before the program is loaded."""

import os
import shutil
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.terminal import Terminal

LIVE = r"live \d\d:\d\d"
ALL_THERE = r"Active [\d,]+.*live \d\d:\d\d"


class Starting:
    """Starts the program on one database, again and again, as one operator does."""

    def __init__(self, home: Path, database: Path) -> None:
        left_out = ("CX_", "PYTEST", "TEXTUAL", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY", "SSH")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        self.env |= {"LANG": "C.UTF-8", "CX_TUI_REFRESH_SECONDS": "0"}
        self.home = home
        self.database = database
        self.started: list[Terminal] = []

    def __call__(self, *arguments: str, **env: str) -> Terminal:
        url = f"sqlite:///{self.database}"
        self.started.append(Terminal("--db", url, *arguments, env={**self.env, **env}))
        return self.started[-1]

    def run(self, *arguments: str, **env: str) -> Terminal:
        """Start, wait for the live rows, leave."""
        terminal = self(*arguments, **env)
        terminal.shows(LIVE)
        terminal.press("q")
        assert terminal.exit_code() == 0
        return terminal

    def kept(self) -> list[Path]:
        return list(self.home.glob("state_home/cx-tui/screens/*"))


@pytest.fixture
def start(home: Path, tmp_path: Path, world_of: Callable[[str], str]) -> Iterator[Starting]:
    """Starts the program on a copy of the world; ends what has not ended."""
    database = tmp_path / "world.db"
    shutil.copy(world_of("sqlite").removeprefix("sqlite:///"), database)
    starting = Starting(home, database)
    yield starting
    for terminal in starting.started:
        terminal.close()


@pytest.fixture
def unloadable(tmp_path: Path) -> str:
    """A place in which Textual is, but ends the program as soon as it is loaded."""
    folder = tmp_path / "unloadable"
    (folder / "textual").mkdir(parents=True)
    (folder / "textual" / "__init__.py").write_text("import sys, time\ntime.sleep(0.3)\nsys.exit(7)\n")
    return str(folder)


def test_it_is_there_before_anything_is_loaded_and_the_terminal_is_given_back(
    start: Starting, unloadable: str
) -> None:
    start.run()
    terminal = start(PYTHONPATH=unloadable)
    terminal.shows(r"as of \d\d:\d\d(.|\n)*Abu Dhabi Broadband")
    assert terminal.exit_code() == 7
    assert terminal.is_restored()


def test_the_live_screen_after_it_is_the_same_as_without_it(start: Starting) -> None:
    start.run()
    (kept,) = start.kept()
    after = start()
    after.shows(ALL_THERE)
    after.rests()
    kept.unlink()
    without = start()
    without.shows(ALL_THERE)
    without.rests()
    assert b"as of" in after.bytes
    assert after.cells()[1:] == without.cells()[1:]


def test_keys_that_are_pressed_meanwhile_are_neither_drawn_nor_lost(start: Starting) -> None:
    start.run()
    terminal = start()
    terminal.shows("as of")
    terminal.press("/telecom")
    terminal.shows(r"found(.|\n)*/ telecom")
    assert b"/telecom" not in terminal.bytes


def test_the_line_is_at_the_end_as_it_was_before(start: Starting) -> None:
    start.run()
    terminal = start()
    before = terminal.modes()
    terminal.shows("as of")
    assert not terminal.modes()[3] & termios.ECHO
    terminal.shows(LIVE)
    terminal.press("q")
    assert terminal.exit_code() == 0
    assert terminal.modes() == before


@pytest.mark.parametrize("other", [{"COLORTERM": "truecolor"}, {"CX_TUI_LOOK_ASCII": "on"}, {"PGHOST": "x"}])
def test_another_terminal_or_setting_does_not_see_it(
    other: dict[str, str], start: Starting, unloadable: str
) -> None:
    start.run()
    terminal = start(**other, PYTHONPATH=unloadable)
    assert terminal.exit_code() == 7
    assert terminal.bytes == b""


def test_what_the_program_has_to_say_is_said_on_the_usual_screen(start: Starting) -> None:
    config = start.home / "config_home/cx-tui/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('database.url = "postgresql://ana:secret@localhost/switch"\n')
    config.chmod(0o644)
    start.run()
    again = start.run()
    back, said = again.bytes.index(b"\x1b[?1049l"), again.bytes.index(b"cx-tui: ")
    assert again.bytes.index(b"as of") < back < said < again.bytes.rindex(b"\x1b[?1049h")


def test_only_the_operator_can_read_it_and_it_can_be_switched_off(start: Starting) -> None:
    start.run()
    (kept,) = start.kept()
    assert kept.stat().st_mode & 0o777 == 0o600
    start.run(CX_TUI_START_LAST_ROWS="false")
    assert not start.kept()
    assert not list(start.home.glob("state_home/cx-tui/*/last-rows.json"))


def test_a_form_that_is_open_at_the_end_is_not_shown_at_the_next_start(start: Starting) -> None:
    terminal = start()
    terminal.shows(LIVE)
    terminal.press("+")
    terminal.shows("Basic")
    terminal.drop_link()
    assert terminal.exit_code() == 129
    again = start()
    again.shows("as of")
    again.shows(LIVE)
    assert "Basic" not in "\n".join(again.lines())
