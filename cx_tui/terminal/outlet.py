"""The terminal as a file: what it takes at once is sent at once, for the rest a thread waits, and it never
fails."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from typing import TextIO


class Outlet:
    """Stands where Textual's writer expects the output file."""

    def __init__(self, file: TextIO, taken: Callable[[], None]) -> None:
        self._file = file
        self._encoding = file.encoding or "utf-8"
        self._taken = taken
        self._held = b""
        self._never_waits = _opened_again(file)
        self.lost = False
        """Whether the terminal is gone: what is written then goes nowhere."""

    def send_at_once(self, text: str) -> bool:
        """Send as much as the terminal takes without waiting: whether that was all.  The rest is kept."""
        self.write(text)
        if self._never_waits is not None:
            self._send(self._never_waits)
        return not self._held

    def write(self, text: str) -> None:
        """Keep a text for the next `flush`."""
        self._held += text.encode(self._encoding, "replace")

    def flush(self) -> None:
        """Send what was kept; returns when the terminal has taken it."""
        while self._held:
            if not self._send(self.fileno()):
                # Another program on this terminal has made it so; its right to do that does not end here.
                select.select([], [self.fileno()], [])
        self._taken()

    def _send(self, descriptor: int) -> bool:
        """Send what goes: whether any did."""
        try:
            sent = os.write(descriptor, self._held)
        except BlockingIOError:
            return False
        except OSError:
            self.lost = True
            sent = len(self._held)
        self._held = self._held[sent:]
        return True

    def close(self) -> None:
        """Nothing is sent at once any more."""
        if self._never_waits is not None:
            os.close(self._never_waits)
            self._never_waits = None

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file.isatty()


def _opened_again(file: TextIO) -> int | None:
    """The terminal, opened so that only who writes here need not wait: that it may make others wait is right
    for everybody else who has it."""
    try:
        return os.open(os.ttyname(file.fileno()), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return None
