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

import pyte

PROGRAM = (sys.executable, "-m", "cx_tui")
PATIENCE = 20.0
# What pyte would print as text.
UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[a-zA-Z~$]+|\x1b\[[0-9;]*\$[a-z]|\x1b[P\]].*?(?:\x1b\\|\x07)"
)


class Terminal:
    """A program on a screen of 100 columns and 30 lines."""

    def __init__(self, *arguments: str, env: Mapping[str, str]) -> None:
        self.bytes = b""
        self._code: int | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
            os.execvpe(PROGRAM[0], (*PROGRAM, *arguments), {**env, "TERM": "xterm-256color"})

    def lines(self) -> list[str]:
        """The screen as it is now."""
        screen = pyte.Screen(100, 30)
        pyte.ByteStream(screen).feed(UNKNOWN_TO_PYTE.sub(b"", self.bytes))
        return list(screen.display)

    def shows(self, pattern: str) -> None:
        """Wait until the screen has this."""
        self._until(lambda: re.search(pattern, "\n".join(self.lines())), pattern)

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._fd, keys.encode())

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

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

    def close(self) -> None:
        """End the program if it has not ended."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    def _ended(self) -> bool:
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
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
        if not select.select([self._fd], [], [], patience)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # its other end is closed
            return False
        self.bytes += data
        return bool(data)
