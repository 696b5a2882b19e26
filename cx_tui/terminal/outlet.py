"""The terminal as a file that a thread may write to: it says when all was taken, and never fails."""

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
        self._held: list[str] = []
        self.lost = False
        """Whether the terminal is gone: what is written then goes nowhere."""

    def write(self, text: str) -> None:
        """Keep a text for the next `flush`."""
        self._held.append(text)

    def flush(self) -> None:
        """Send what was kept; returns when the terminal has taken it."""
        data = "".join(self._held).encode(self._encoding, "replace")
        self._held.clear()
        try:
            while data and not self.lost:
                data = data[self._send(data) :]
        except OSError:
            self.lost = True
        self._taken()

    def _send(self, data: bytes) -> int:
        try:
            return os.write(self.fileno(), data)
        except BlockingIOError:
            # Another program on this terminal has made it so; its right to do that does not end here.
            select.select([], [self.fileno()], [])
            return 0

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file.isatty()
