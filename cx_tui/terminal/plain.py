"""Textual's own way of drawing, but for one thing: a terminal that is behind gets no frames that nobody would
see any more."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from .frame import is_frame
from .outlet import Outlet

WORTH_KEEPING = 4096
"""Frames that wait are sent as they are until they have so many characters: then the whole screen is less."""


class PlainDriver(LinuxDriver):
    """While the terminal is busy frames wait; when too many do, the newest screen is drawn in their place."""

    def __init__(self, app: App[Any], **more: Any) -> None:
        super().__init__(app, **more)
        self._file = cast(Any, Outlet(cast(Any, sys.__stderr__), self._taken))
        self._busy = False
        self._waiting = ""
        self._is_behind = False

    def start_application_mode(self) -> None:
        """Begin, or go on after a suspension: nothing waits."""
        self._busy = self._is_behind = False
        self._waiting = ""
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual says no types there

    def write(self, data: str) -> None:
        """Send what the program writes, or let it wait."""
        if not is_frame(data):
            super().write(data)
        elif not self._busy:
            self._busy = True
            super().write(data)
        elif len(self._waiting) + len(data) > WORTH_KEEPING:
            self._is_behind, self._waiting = True, ""
        elif not self._is_behind:
            self._waiting += data

    def _taken(self) -> None:
        """The terminal has taken all it was given (said in the writer's thread)."""
        with suppress(RuntimeError):  # the program has ended
            self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        self._busy = False
        waiting, self._waiting = self._waiting, ""
        if self._is_behind:
            self._is_behind = False
            self._app.screen.refresh()
        elif waiting:
            self.write(waiting)
