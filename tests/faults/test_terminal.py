"""The program on a real terminal: how it starts, how it ends, and what it says when it can't start."""

import os
import re
import shlex
import shutil
import signal
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.terminal import PROGRAM, Terminal

AWAY = "postgresql://cx:secret@127.0.0.1:1/customers"
MOST_ON_THE_WAY = 65_536
"""So many bytes the system keeps for a terminal that takes none."""
COLOR = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-7]|4[0-7]|[34]8|9[0-7]|10[0-7])(?:;[\d;]*)?m")


@pytest.fixture
def env(home: Path) -> dict[str, str]:
    """The environment of a program in an empty home."""
    left_out = ("CX_", "PYTEST", "TEXTUAL", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "LANG": "C.UTF-8", "PYTHONWARNINGS": "default"}


@pytest.fixture
def start(env: dict[str, str]) -> Iterator[Callable[..., Terminal]]:
    """Starts the program on a terminal; ends what has not ended."""
    started: list[Terminal] = []

    def on_terminal(*arguments: str, **more: str) -> Terminal:
        started.append(Terminal(*arguments, env={**env, **more}))
        return started[-1]

    yield on_terminal
    for terminal in started:
        terminal.close()


@pytest.fixture
def without_terminal(env: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the program without a terminal."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_nothing_is_explained_to_a_reader_who_has_gone(env: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*PROGRAM, "info"], env=env, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_the_demo_starts_shows_rows_and_gives_the_terminal_back(start: Callable[..., Terminal]) -> None:
    terminal = start("demo", "--customers", "300")
    terminal.shows(r"Customers   300 .* live \d\d:\d\d")
    terminal.shows(r"▸  \w+")
    terminal.press("q")
    assert terminal.exit_code() == 0
    assert terminal.is_restored()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, 143),
        (signal.SIGHUP, 129),
        (signal.SIGINT, 130),
        (signal.SIGQUIT, 131),
        (signal.SIGABRT, 134),
    ],
)
def test_a_signal_ends_it_in_order(
    number: signal.Signals, code: int, world_of: Callable[[str], str], start: Callable[..., Terminal]
) -> None:
    terminal = start("--db", world_of("sqlite"))
    terminal.shows(r"live \d\d:\d\d")
    terminal.send(number)
    assert terminal.exit_code() == code
    assert terminal.is_restored()


@pytest.mark.parametrize("driver", [(), ("--plain-terminal",)])
def test_errors_that_go_into_a_file_take_nothing_from_the_screen(
    driver: tuple[str, ...], tmp_path: Path, world_of: Callable[[str], str], env: dict[str, str]
) -> None:
    log = tmp_path / "log"
    command = shlex.join([*PROGRAM, "--db", world_of("sqlite"), *driver])
    terminal = Terminal("-c", f"{command} 2>{log}", env=env, program=("/bin/sh",))
    try:
        terminal.shows(r"live \d\d:\d\d")
        terminal.press("q")
        assert terminal.exit_code() == 0
        assert terminal.is_restored()
    finally:
        terminal.close()
    assert log.read_bytes() == b""


def test_too_few_open_files_are_said_in_a_sentence(env: dict[str, str]) -> None:
    command = shlex.join([*PROGRAM, "info"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -n 16; exec {command}"], env=env, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("cx-tui: only 16 files may be open at once here")
    assert "Traceback" not in done.stderr


def test_the_first_start_makes_a_database_that_only_its_owner_can_read(
    home: Path, start: Callable[..., Terminal]
) -> None:
    terminal = start()
    terminal.shows("There are no customers yet")
    terminal.press("q")
    assert terminal.exit_code() == 0
    file = home / "data_home" / "cx-tui" / "cx.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_server_that_is_away_is_said_on_the_screen_without_the_password(
    start: Callable[..., Terminal],
) -> None:
    terminal = start("--db", AWAY)
    terminal.shows("the database .* is away")
    terminal.shows("press r to try again")
    assert b"secret" not in terminal.bytes
    terminal.press("q")
    assert terminal.exit_code() == 0


def test_a_server_that_is_away_gives_a_sentence_and_exit_code_3(
    without_terminal: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = without_terminal("db", "info", "--db", AWAY)
    assert done.returncode == 3
    assert re.fullmatch(r"cx-tui: the database .*127\.0\.0\.1.* is away: .*\n", done.stderr)
    assert "secret" not in done.stderr


def test_without_a_terminal_it_says_what_to_use_instead(
    without_terminal: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = without_terminal()
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"cx-tui: this needs a terminal.*\n", done.stderr)


def test_a_wrong_setting_is_said_with_its_file_and_line(
    home: Path, without_terminal: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    file = home / "config_home" / "cx-tui" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[look]\nascii = "perhaps"\n')
    done = without_terminal("info")
    assert done.returncode == 2
    assert f"{file} line 2" in done.stderr
    assert done.stderr.count("\n") == 1


def test_info_prints_the_paths_and_settings(
    home: Path, without_terminal: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = without_terminal("info")
    assert (done.returncode, done.stderr) == (0, "")
    for text in (str(home / "data_home" / "cx-tui"), str(home / "state_home" / "cx-tui"), "look.theme"):
        assert text in done.stdout


def test_colours_are_sent_unless_they_are_not_wanted(
    world_of: Callable[[str], str], start: Callable[..., Terminal]
) -> None:
    for more, colored in (({}, True), ({"NO_COLOR": "1"}, False)):
        terminal = start("--db", world_of("sqlite"), **more)
        terminal.shows(r"live \d\d:\d\d")
        terminal.press("j ?")
        terminal.shows("Keys of Customers")
        assert bool(COLOR.search(terminal.bytes)) is colored


def test_the_size_is_the_terminals_whatever_the_shell_exported(start: Callable[..., Terminal]) -> None:
    terminal = start("demo", COLUMNS="60", LINES="20")
    terminal.shows(r"live \d\d:\d\d")
    assert max(len(line.rstrip()) for line in terminal.lines()) > 90
    assert any(line.strip() for line in terminal.lines()[25:])


def test_textuals_own_frames_are_not_queued_for_a_terminal_that_is_behind(
    start: Callable[..., Terminal], tmp_path: Path
) -> None:
    terminal = start("demo", "--plain-terminal", "--no-traffic")
    terminal.shows(r"live \d\d:\d\d")
    terminal.rests()
    before = len(terminal.bytes)
    terminal.press_blindly("\x1b[6~", 100, pause=0.05)
    terminal.rests()
    assert len(terminal.bytes) - before < MOST_ON_THE_WAY + 20_000
    terminal.press("g")
    terminal.rests()
    seen = terminal.cells()
    terminal.press("\x0c")
    terminal.rests()
    assert terminal.cells() == seen


def test_hostile_names_never_reach_the_terminal_raw(
    tmp_path: Path, world_of: Callable[[str], str], start: Callable[..., Terminal]
) -> None:
    file = shutil.copy(world_of("sqlite").removeprefix("sqlite:///"), tmp_path / "hostile.db")
    with sqlite3.connect(file) as connection:
        first = "SELECT id FROM customer WHERE deleted_at IS NULL ORDER BY name_key LIMIT 1"
        name = "\x1b]52;c;YmFk\x07\x1b[41mred\u202e"
        connection.execute(f"UPDATE customer SET name = ?, name_key = ' ' WHERE id = ({first})", (name,))
    connection.close()
    terminal = start("--db", f"sqlite:///{file}")
    terminal.shows("live")
    terminal.shows(r"▸  ␛\]52;c;YmFk")
    terminal.press("y")
    terminal.shows(r'Sent "␛')
    terminal.press("i")
    terminal.shows("esc closes")
    for harmful in (b"\x1b]52;c;YmFk", b"\x1b[41mred", "\u202e".encode()):
        assert harmful not in terminal.bytes
