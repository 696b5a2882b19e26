"""How fast frames may follow each other.

Between the program and a slow link lie buffers of megabytes, as those of ssh: what a held key draws would
queue there for minutes, though nobody wants to see it any more.  So when much is sent at a stretch the
terminal is asked for an answer, and until that is here little more is sent: then comes the newest frame.
"""

from __future__ import annotations

import time
from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable, Iterable
from threading import Event

from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from .link import QUESTION

STRETCH = 0.5
"""Seconds without a frame that end a stretch: keys that are pressed one by one cost no question."""
ENOUGH = 4_096
"""So many bytes are sent at a stretch before the terminal is asked, and so many more until it answers."""
PATIENCE, LAST_ANSWER = 3.0, 1.0
"""Seconds after which an answer is given up, while the program runs and when it ends."""


class Pace:
    """Whether the next frame may be sent."""

    def __init__(self) -> None:
        self.answers = False
        """Whether the terminal is known to answer."""
        self._asked = False
        self._bytes = 0
        self._sent_at = 0.0
        self._tired: TimerHandle | None = None
        self._heard = Event()

    @property
    def holds(self) -> bool:
        """Whether frames wait for an answer."""
        return self._asked and self._bytes > ENOUGH

    def handed(self, text: str) -> str:
        """This is sent: with a question when it is much at a stretch."""
        now = time.monotonic()
        if now - self._sent_at > STRETCH and not self._asked:
            self._bytes = 0
        self._sent_at = now
        self._bytes += len(text)
        if not self.answers or self._asked or self._bytes <= ENOUGH:
            return text
        self._asked, self._bytes = True, 0
        self._heard.clear()
        return text + QUESTION

    def hear(self, messages: Iterable[Message]) -> None:
        """What the terminal said, in the thread that reads."""
        if any(isinstance(one, TerminalSupportsSynchronizedOutput) for one in messages):
            self._heard.set()

    def leave(self) -> None:
        """Wait for an answer that is on its way: it would be taken for what is typed into a shell."""
        if self._asked:
            self._heard.wait(LAST_ANSWER)

    def answered(self) -> bool:
        """The terminal has answered, or no answer is expected any more: whether there was a question."""
        if self._tired:
            self._tired.cancel()
            self._tired = None
        asked, self._asked = self._asked, False
        if asked:
            self._bytes = 0
        return asked

    def waits(self, loop: AbstractEventLoop, tired: Callable[[], object]) -> bool:
        """Whether frames wait for an answer; they don't do so for ever."""
        if self.holds and self._tired is None:
            self._tired = loop.call_later(PATIENCE, tired)
        return self.holds
