"""A program under a pseudo-terminal, watched from outside: what it shows, how many bytes, how soon.

The bytes are only put aside with the time they came; the emulator, which is slow, reads them when the
screen is asked for.  Where it would take the processor from what is measured, call `frames` first: that
waits until all has come, and `wait_for` then finds the time of what was shown.  Bytes that come close
together are one frame, and a frame's time is that of its last byte.
"""

import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

import psutil
import pyte

COLUMNS, ROWS = 120, 40
KEYS = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "escape": "\x1b", "enter": "\r",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "home": "\x1b[H", "end": "\x1b[F",
}  # fmt: skip
ANSWERS = {
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}
UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[a-zA-Z~$]+|\x1b\[[0-9;]*\$[a-z]|\x1b[P\]].*?(?:\x1b\\|\x07)"
)
ONE_FRAME = 0.004
"""Seconds between bytes of the same frame."""


class Frame(NamedTuple):
    """Bytes that came together, and when the last of them was here."""

    at: float
    data: bytes


class Terminal:
    """A program on a screen of its own."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self._arrived: SimpleQueue[Frame | None] = SimpleQueue()
        self._unread: list[Frame] = []
        self._next: Frame | None = None
        self._is_over = False
        self.since = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(command[0], list(command), {**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:  # it has ended
                self._arrived.put(None)
                return
            self._arrived.put(Frame(time.perf_counter(), data))
            for question, answer in ANSWERS.items():
                if question in data:
                    os.write(self._fd, answer)

    def _frame(self, timeout: float) -> Frame | None:
        """The next frame, or None when nothing comes in time."""
        frame, self._next = self._next or self._piece(timeout), None
        while frame and (more := self._piece(ONE_FRAME)):
            if more.at - frame.at > ONE_FRAME:
                self._next = more
                break
            frame = Frame(more.at, frame.data + more.data)
        return frame

    def _piece(self, timeout: float) -> Frame | None:
        try:
            return self._arrived.get(timeout=timeout)
        except Empty:
            return None

    def frames(self, quiet: float, first: float = 0.0) -> list[Frame]:
        """What comes until it is quiet for so many seconds; the first byte may take longer."""
        came: list[Frame] = []
        while frame := self._frame(quiet if came else max(first, quiet)):
            came.append(frame)
        self._unread += came
        return came

    def lines(self) -> list[str]:
        """The screen as it is now."""
        for frame in self._unread:
            self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", frame.data))
        self._unread.clear()
        return list(self.screen.display)

    def send(self, key: str) -> None:
        """Press a key, or type text, and wait for nothing."""
        self.since = time.perf_counter()
        os.write(self._fd, KEYS.get(key, key).encode())

    def press(self, key: str, quiet: float = 0.1) -> tuple[int, float]:
        """Press a key: the bytes it made the program send, and milliseconds until the last of them."""
        self.frames(0.0)
        self.send(key)
        came = self.frames(quiet, first=1.0)
        return sum(len(frame.data) for frame in came), (came[-1].at - self.since) * 1000 if came else 0.0

    def wait_for(self, shown: str | Callable[[list[str]], bool], limit: float = 30.0) -> float:
        """Milliseconds from the last key, or the start, until the frame that shows it was complete."""
        test = shown if callable(shown) else _shows(shown)
        unread, self._unread = self._unread, []
        until = time.perf_counter() + limit
        at = self.since
        while not test(self.lines()):
            frame = unread.pop(0) if unread else self._frame(max(0.0, until - time.perf_counter()))
            if frame is None:
                raise AssertionError(f"not shown: {shown}\n" + "\n".join(self.lines()))
            self._unread, at = [frame], frame.at
        self._unread = unread
        return (at - self.since) * 1000

    @property
    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self._reader.is_alive()

    def rss_mb(self) -> float:
        """The resident memory of the program."""
        return float(psutil.Process(self.pid).memory_info().rss) / 2**20

    def quit(self) -> None:
        """Leave with the program's own key."""
        self.send("q")
        self._end()

    def ended(self, limit: float) -> int:
        """With what the program ends by itself; it is not there any more then."""
        self._reader.join(limit)
        assert not self._reader.is_alive(), "it has not ended\n" + "\n".join(self.lines())
        return self._end()

    def close(self) -> None:
        """End the program, unless it has ended."""
        if not self._is_over:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._end()

    def _end(self) -> int:
        self._is_over = True
        _, status = os.waitpid(self.pid, 0)
        self._reader.join(5)
        os.close(self._fd)
        return os.waitstatus_to_exitcode(status)


def _shows(pattern: str) -> Callable[[list[str]], bool]:
    return lambda lines: re.search(pattern, "\n".join(lines)) is not None
