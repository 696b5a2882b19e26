"""Keys in their order, however many of them arrive at once.

Textual inserts a letter as soon as it reaches an input, but carries out a binding such as backspace only
when the key has bubbled up to the program.  On a slow link keys come together, and `1`, backspace, `2`
would become `1`, `2`, backspace.  Here a key is passed on when the one before it has been dealt with.

What is typed behind a key that opens a screen is meant for that screen: it waits until that is there and has
its focus, and does nothing on the screen before.
"""

from collections import deque
from time import monotonic
from typing import Any, TypeVar
from weakref import WeakSet

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

R = TypeVar("R")

LOST_AFTER = 0.25
"""Seconds until the next key is passed on although nothing was heard of the last one: its widget may be
gone, or what it began goes on for long."""

OPENING = {"act", "form", "drafts"}
"""The groups of workers that open screens."""
OPENED_AFTER, LOOK_AGAIN = 1.0, 0.01
"""Seconds after which a screen is not waited for any longer, and between two looks whether it is there."""


class DealtWith(Message, bubble=True):
    """Follows a key, and comes back to the program when that has been dealt with."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class InOrder(App[R]):
    """A program that deals with one key after another."""

    _keys: deque[Event]
    _under_way: int | None = None
    _passed_on = 0
    _timer: Timer | None = None
    _typed_on: Screen[Any] | None = None
    _waits_since: float | None = None
    _given_up: WeakSet[Worker[Any]]

    async def on_event(self, event: Event) -> None:
        """Let keys and pastes wait for the one before."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if not hasattr(self, "_keys"):
            self._keys, self._given_up = deque(), WeakSet()
        self._keys.append(event)
        if self._under_way is None:
            await self._pass_on()
        elif self._timer is None:
            self._timer = self.set_timer(LOST_AFTER, self._lost)

    async def _pass_on(self) -> None:
        """Pass the next key on, and a message that follows it."""
        patience = LOST_AFTER
        while self._keys and self._under_way is None:
            self._passed_on += 1
            self._under_way = self._passed_on
            screen = self.screen
            target: Widget = screen
            if self._is_left(screen):
                patience = LOOK_AGAIN
                break
            if screen is self._typed_on:
                patience = LOST_AFTER
                await super().on_event(self._keys.popleft())
                target = self.focused or self.screen
            else:
                # When it has dealt with all before this message, it has its focus.
                self._typed_on, patience = screen, OPENED_AFTER
            if not target.post_message(DealtWith(self._passed_on)):
                self._under_way = None

        if self._keys:
            self._timer = self.set_timer(patience, self._lost)

    def _is_left(self, screen: Screen[Any]) -> bool:
        """Whether another screen is about to come before this one."""
        opening = {
            worker
            for worker in self.workers
            if worker.node is screen and worker.group in OPENING and not worker.is_finished
        } - set(self._given_up)
        since, now = self._waits_since or monotonic(), monotonic()
        if opening and now - since < OPENED_AFTER:
            self._waits_since = since
            return True
        self._given_up.update(opening)
        self._waits_since = None
        return False

    async def on_dealt_with(self, message: DealtWith) -> None:
        """The next one, if it was the last that was passed on, and after what that has put off: the focus
        goes elsewhere a message later."""
        message.stop()
        self.call_later(self._settled, message.number)

    async def _lost(self) -> None:
        if self._under_way is not None:
            await self._settled(self._under_way)

    async def _settled(self, number: int) -> None:
        if number != self._under_way:
            return
        self._under_way = None
        if self._timer:
            self._timer.stop()
            self._timer = None
        await self._pass_on()
