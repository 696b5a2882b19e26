"""The program inside tmux, GNU screen or mosh, seen from outside: what they make of what was sent."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL

import psutil
from pyte.screens import Char

from tests.faults.lean_apps import MARK
from tests.faults.lean_terminal import COLUMNS, FENCE, LINES, PATIENCE, Screen

UNFINISHED = re.compile(rb"(?:\x1b(?:\[[^@-~]*|[P_\]][^\x07\x1b]*\x1b?)?)?$")
"""A sequence of which more is to come."""
ROOT = Path(__file__).parents[2]
SETTLED = 5.0
"""Seconds that a multiplexer may take until it shows what it was given."""
UTF8 = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def tmux(command: Sequence[str], folder: Path) -> list[str]:
    settings = folder / "tmux.conf"
    settings.write_text("set -g status off\nset -s escape-time 0\nset -g default-terminal tmux-256color\n")
    server = ["tmux", "-S", str(folder / "socket"), "-f", str(settings)]
    return [*server, "-T", "256,RGB", "new-session", *command]


def screen(command: Sequence[str], folder: Path) -> list[str]:
    settings = folder / "screenrc"
    settings.write_text("startup_message off\nmaptimeout 0\ntermcapinfo * 'hs@'\nterm screen-256color\n")
    return ["screen", "-U", "-c", str(settings), *command]


def mosh(command: Sequence[str], folder: Path) -> list[str]:
    said = subprocess.run(
        ["mosh-server", "new", "-c", "256", "-i", "127.0.0.1", "--", *command],
        capture_output=True, text=True, check=True, timeout=PATIENCE, env={**os.environ, **UTF8},
    )  # fmt: skip
    found = re.search(r"MOSH CONNECT (\d+) (\S+)", said.stdout)
    assert found, said
    return ["env", f"MOSH_KEY={found[2]}", "MOSH_NO_TERM_INIT=1", "mosh-client", "127.0.0.1", found[1]]


MULTIPLEXERS = {"tmux": tmux, "screen": screen, "mosh": mosh}
NEEDED = {"tmux": "tmux", "screen": "screen", "mosh": "mosh-server"}


class Inside:
    """A watched program inside a multiplexer: what Textual made, and what the outer terminal shows."""

    def __init__(self, name: str, *arguments: str, folder: Path, env: Mapping[str, str]) -> None:
        self.made, self.sent = Screen(COLUMNS, LINES), Screen(COLUMNS, LINES)
        copy = folder / "made.bytes"
        copy.touch()
        self._copy = str(copy)
        self._read_copy = copy.open("rb")
        self._of_made = self._of_sent = b""
        self._marks = 0
        ours = [f"{key}={value}" for key, value in {**env, **UTF8, "PYTHONPATH": str(ROOT)}.items()]
        kind, *rest = arguments
        program = [sys.executable, "-m", "tests.faults.lean_apps", kind, str(copy), *rest]
        command = MULTIPLEXERS[name](["env", *ours, *program], folder)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.execvpe(command[0], command, {**os.environ, **UTF8, "TERM": "xterm-256color"})
        self._wait_for(b"\x1b[?2004h")

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._fd, keys)

    def must_agree(self, after: object) -> None:
        """Wait until the outer terminal shows what Textual made."""
        end = time.monotonic() + SETTLED
        self._meet()
        while wrong := list(self._differences()):
            if time.monotonic() > end:
                raise AssertionError(f"{len(wrong)} cells differ after {after}:\n" + "\n".join(wrong[:10]))
            self._take(0.05)
            self._meet()

    def _meet(self) -> None:
        """Take all that Textual has made until now."""
        self._marks += 1
        mark = MARK.format(self._marks).encode()
        self.press(FENCE)
        self._wait_for(mark)
        made, _, self._of_made = self._of_made.partition(mark)
        self.made.feed(made)

    def _differences(self) -> Iterator[str]:
        for line in range(LINES):
            cells = zip(self.made.cells(line), self.sent.cells(line), strict=True)
            for column, (one, other) in enumerate(cells):
                if _told(one) != _told(other):
                    yield f"line {line}, column {column}: made {_told(one)}, shown {_told(other)}"

    def _wait_for(self, expected: bytes) -> None:
        """Wait until Textual has made this."""
        end = time.monotonic() + PATIENCE
        while expected not in self._of_made:
            assert time.monotonic() < end, "the program does not answer:\n" + "\n".join(self.sent.display)
            self._take(0.02)
            self._of_made += self._read_copy.read()

    def _take(self, patience: float) -> None:
        if select.select([self._fd], [], [], patience)[0]:
            with suppress(OSError):  # its other end is closed
                self._of_sent += os.read(self._fd, 1 << 16)
            whole = len(self._of_sent) - len(UNFINISHED.findall(self._of_sent)[0])
            self.sent.feed(self._of_sent[:whole])
            self._of_sent = self._of_sent[whole:]

    def close(self) -> None:
        """End the program, what it runs in, and what shows that."""
        for process in psutil.process_iter(["pid", "cmdline"]):
            if self._copy in (process.info["cmdline"] or ()):  # tmux, screen and mosh leave a server behind
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)
        self._read_copy.close()


def _told(cell: Char) -> tuple[object, ...]:
    """What every multiplexer passes on."""
    return cell.data, cell.fg, cell.bg, cell.bold, cell.underscore, cell.reverse
