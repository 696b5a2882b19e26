"""What the terminal says, as messages.  Nothing that it says, or that noise on the line adds, ends this."""

from __future__ import annotations

import re
import time
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual._xterm_parser import XTermParser
from textual.message import Message

PASTE_END = "\x1b[201~"
_PASTE_MARKS = re.compile(r"\x1b\[20([01])~")
LONGEST_MARK = 6

PATIENCE = 3.0
"""Seconds without a byte after which a paste that has no end is over: else every key would belong to it."""

SILENCE = 5.0
"""Seconds without a byte after which silence says nothing more: an escape alone has long been a key."""


class Hearing:
    """Turns bytes into messages."""

    def __init__(self, debug: bool) -> None:
        self._debug = debug
        self._parser = XTermParser(debug)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._tail = ""
        self._pastes = False
        self._heard_at = 0.0

    @property
    def is_expecting(self) -> bool:
        """Whether silence would mean something."""
        return self._pastes or time.monotonic() - self._heard_at < SILENCE

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages in bytes that came."""
        self._heard_at = time.monotonic()
        # Of half a character nothing is known yet; no text at all would be the end for the parser.
        if text := self._decode(data):
            self._look_for_pastes(text)
            yield from self._parsed(text)

    def tick(self) -> Iterator[Message]:
        """What silence means: an escape alone is a key, a paste that does not go on is over."""
        yield from self._parser.tick()
        if self._pastes and time.monotonic() - self._heard_at > PATIENCE:
            self._pastes = False
            yield from self._parsed(PASTE_END)

    def _parsed(self, text: str) -> Iterator[Message]:
        try:
            yield from self._parser.feed(text)
        except (ValueError, ArithmeticError, LookupError):
            # Something that looked like a report and was none: begin anew, with what is known of the mouse.
            old, self._parser = self._parser, XTermParser(self._debug)
            for name in ("mouse_pixels", "terminal_size", "terminal_pixel_size"):
                setattr(self._parser, name, getattr(old, name))

    def _look_for_pastes(self, text: str) -> None:
        """Remember whether a paste has begun and not ended; a mark may come in two parts."""
        seen = self._tail + text
        if marks := _PASTE_MARKS.findall(seen):
            self._pastes = marks[-1] == "0"
        self._tail = seen[1 - LONGEST_MARK :]
