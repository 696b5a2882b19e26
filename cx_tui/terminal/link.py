"""How the link to the terminal fares: what the last key cost, and how long frames take."""

from __future__ import annotations

import time
from typing import Any

from textual.app import App
from textual.message import Message

QUESTION = "\x1b[?2026$p"
"""A terminal that understands it answers at once, and Textual takes the answer for what it knows."""


class LinkMeasured(Message):
    """There are new figures."""


class Link:
    """What is measured.  Only a link that is `watched` is asked, at a price of 9 bytes a key."""

    def __init__(self) -> None:
        self.watched = False
        self.bytes = 0
        """The bytes that followed the last key, until the terminal answered."""
        self.round_trip: float | None = None
        """Seconds from the end of its first frame to the terminal's answer."""
        self.taking = 0.0
        """Seconds that the terminal took to take the last frame."""
        self._counts = self._asks = False
        self._asked_at: float | None = None
        self._handed_at = 0.0

    def key(self) -> None:
        """A key was pressed."""
        self.bytes, self._counts, self._asks = 0, self.watched, self.watched

    def handed(self, text: str) -> str:
        """This is sent: with a question when it is the answer to a key."""
        self._handed_at = time.monotonic()
        self.bytes += len(text.encode("utf-8", "replace")) if self._counts else 0
        if not self._asks:
            return text
        self._asks, self._asked_at = False, self._handed_at
        return text + QUESTION

    def taken(self) -> None:
        """The terminal has taken all."""
        self.taking = time.monotonic() - self._handed_at

    def answered(self) -> bool:
        """The terminal has answered: whether it was asked."""
        if self._asked_at is None:
            return False
        self._counts = False
        self.round_trip, self._asked_at = time.monotonic() - self._asked_at, None
        return True

    def __str__(self) -> str:
        waited = "" if self.round_trip is None else f" {self.round_trip * 1000:.0f} ms"
        return f"{self.bytes:,} B{waited}"


def link_of(app: App[Any]) -> Link | None:
    """The link of an app, when its driver is a lean one."""
    return getattr(app._driver, "link", None)
