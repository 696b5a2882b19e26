"""The installed program on a terminal of its own, as bytes and as a screen."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from typing import Any

import psutil
import pyte

from tests.patience import patient

PROGRAM = (sys.executable, "-m", "cx_tui")
PATIENCE = patient(20.0)
QUIET = 0.3
TAKEN_AT_ONCE = 256
"""Bytes that a terminal's line has room for even when the program is busy."""
# What pyte would print as text.
UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[a-zA-Z~$]+|\x1b\[[0-9;]*\$[a-z]|\x1b[P\]].*?(?:\x1b\\|\x07)"
)


class Terminal:
    """A program on a screen of 100 columns and 30 lines."""

    def __init__(
        self,
        *arguments: str,
        env: Mapping[str, str],
        hangs_up: bool = True,
        program: tuple[str, ...] = PROGRAM,
    ) -> None:
        self.bytes = b""
        self._code: int | None = None
        self._is_open = True
        self.processor = 0.0
        """Seconds of the processor that the program had taken when it ended."""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
            if not hangs_up:
                _let_go_of_terminal()
            os.execvpe(program[0], (*program, *arguments), {**env, "TERM": "xterm-256color"})

    def lines(self) -> list[str]:
        """The screen as it is now."""
        return list(self._screen().display)

    def cells(self) -> list[list[tuple[object, ...]]]:
        """The screen as it is now, with its colours; of a blank only what an eye sees."""
        screen = self._screen()
        lines = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
        return [[("", cell.bg) if cell.data == " " else tuple(cell) for cell in line] for line in lines]

    def modes(self) -> list[Any]:
        """The modes of the line, as `stty` would say them."""
        return list(termios.tcgetattr(self._fd))

    def _screen(self) -> pyte.Screen:
        screen = pyte.Screen(100, 30)
        pyte.ByteStream(screen).feed(UNKNOWN_TO_PYTE.sub(b"", self.bytes))
        return screen

    def shows(self, pattern: str) -> None:
        """Wait until the screen has this."""
        self._until(lambda: re.search(pattern, "\n".join(self.lines())), pattern)

    def rests(self) -> None:
        """Wait until nothing more comes."""
        end = time.monotonic() + PATIENCE
        while self._read(QUIET):
            assert time.monotonic() < end, "the screen never rests:\n" + "\n".join(self.lines())

    def press(self, keys: str) -> None:
        """Press keys."""
        self.type(keys.encode())

    def press_blindly(self, key: str, times: int, *, pause: float) -> None:
        """Press a key again and again, and take nothing of what comes."""
        for _ in range(times):
            os.write(self._fd, key.encode())
            time.sleep(pause)

    def type(self, data: bytes) -> None:
        """Send bytes, however broken, as fast as they are taken."""
        while data:
            data = data[os.write(self._fd, data[:TAKEN_AT_ONCE]) :]
            while self._read(0.0):
                pass

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def ends_or_shows(self, pattern: str) -> bool:
        """Wait until the program has ended or shows this: whether it shows it."""
        self._until(lambda: self._ended() or re.search(pattern, "\n".join(self.lines())), pattern)
        return self._code is None

    def exit_code(self) -> int:
        """Wait until the program has ended: its exit code, negative when a signal ended it."""
        self._until(self._ended, "the end")
        assert self._code is not None
        return self._code

    def is_restored(self) -> bool:
        """Whether the usual screen and the cursor are there, and keys and mouse are no longer reported."""
        ends = {b"?1049": b"l", b"?25": b"h", b"?1000": b"l", b"?2004": b"l"}
        for mode, end in ends.items():
            used = re.findall(rb"\x1b\[" + re.escape(mode) + rb"([hl])", self.bytes)
            if used and used[-1] != end:
                return False
        return b"\x1b[?1049l" in self.bytes

    def drop_link(self) -> float:
        """Drop the link: seconds of the processor that the program has taken until now."""
        times = psutil.Process(self.pid).cpu_times()
        os.close(self._fd)
        self._is_open = False
        return float(times.user + times.system)

    def close(self) -> None:
        """End the program if it has not ended."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._is_open:
            os.close(self._fd)

    def _ended(self) -> bool:
        if self._code is not None:
            return True
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if pid:
            self.processor = usage.ru_utime + usage.ru_stime
            self._code = os.waitstatus_to_exitcode(status)
            while self._read(0.0):
                pass
        return bool(pid)

    def _until(self, holds: Callable[[], object], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"not seen: {what}\n" + "\n".join(self.lines()))
            self._read(0.05)

    def _read(self, patience: float) -> bool:
        """Take what has come: whether something has."""
        if not self._is_open:
            time.sleep(patience)
            return False
        if not select.select([self._fd], [], [], patience)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # its other end is closed
            return False
        self.bytes += data
        return bool(data)


def _let_go_of_terminal() -> None:
    """Be told nothing by the system when the terminal goes away."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    fcntl.ioctl(0, termios.TIOCNOTTY)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
