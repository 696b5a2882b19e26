"""Keys in their order, however many of them arrive at once.

Textual inserts a letter as soon as it reaches an input, but carries out a binding such as backspace only
when the key has bubbled up to the program.  On a slow link keys come together, and `1`, backspace, `2`
would become `1`, `2`, backspace.  Here a key is passed on when the one before it has been dealt with.

What is typed behind a key that opens a screen is meant for that screen: it waits until that is there and has
its focus, and does nothing on the screen before.  When the act says that it can't be done, it is dropped.
What is typed behind a search is meant for the rows that it finds: it waits for them as long as the screen, or
what on it has the focus, says that they are awaited.

The other way round, a screen that comes late must not take what is typed on the one before: after escape it
does not come any more, and after keys were passed on without waiting for it, it comes when nobody types.
"""

from asyncio import CancelledError, sleep
from collections import deque
from time import monotonic
from typing import Any, Protocol, TypeVar, runtime_checkable
from weakref import WeakSet

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker, active_worker

from cx_tui.terminal.timers import use_sure_timers

R = TypeVar("R")
S = TypeVar("S")

LOST_AFTER = 1.0
"""Seconds until the next key is passed on although nothing was heard of the last one: its widget may be
gone, or what it began goes on for long."""

OPENS = "opens a screen"
"""The name of work that opens a screen: `@work(name=OPENS)` on the act marks it."""

OPENED_AFTER, LOOK_AGAIN = 1.0, 0.01
"""Seconds that keys wait for what an act still does after its screen was closed, and for the focus of a new
screen; and between two looks whether it is done."""

SAID_AFTER, DROPPED_AFTER = 1.0, 10.0
"""Seconds after which it is said that keys wait, and after which they are dropped: one that was meant for
something that does not come must not act on something else."""

IMPATIENT = {"escape", "ctrl+c", "ctrl+q"}
"""Keys that drop those that wait, once it was said that they do, and call off what they waited for."""

QUIET = 1.0
"""Seconds without a key after which nobody is in the middle of typing."""


@runtime_checkable
class Awaiting(Protocol):
    """What has the focus, or has in it what has it, and whose keys act on something that may still have to
    come: a grid, a list, a screen."""

    def awaits(self, key: str) -> bool:
        """Whether what this key acts on was asked for and is not here yet."""


@runtime_checkable
class Measured(Protocol):
    """A widget some of whose keys go as far as it is high."""

    def needs_its_height(self, key: str) -> bool:
        """Whether this key does."""


def is_laid_out_later(screen: Screen[Any]) -> bool:
    """Whether something on a screen is shown or hidden, and what else is there has not its new size: a widget
    tells its screen, and that works it out with the next frame."""
    if screen._layout_required or screen.message_queue_size:
        return True
    return any(each._layout_required for each in screen.query("*").results(Widget))


ROUNDS = 3
"""So often a key is followed: a box tells that it was entered, a picker of files that one was picked, and the
screen what it does with that."""


class DealtWith(Message, bubble=True):
    """Follows a key, and comes back to the program when that has been dealt with; the next time, when what
    the key made its widgets tell has been dealt with too."""

    def __init__(self, number: int, rounds: int = 1) -> None:
        super().__init__()
        self.number = number
        self.rounds = rounds


class InOrder(App[R]):
    """A program that deals with one key after another."""

    _under_way: int | None = None
    _asked: Widget | None = None
    """Who has the message behind the key that is under way, and which round of it that is."""
    _asked_rounds = 1
    _passed_on = 0
    _passed_on_at = 0.0
    _timer: Timer | None = None
    _typed_on: Screen[Any] | None = None
    _waits_since: float | None = None
    _waiting_said = False
    _impatient = False
    pressed_at = 0.0
    """When the last key came."""
    typed_at = 0.0
    """When the key came whose turn it is."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self.waiting: deque[Event] = deque()
        """The keys that are still to be dealt with."""
        self._opened: WeakSet[Worker[Any]] = WeakSet()
        """Acts whose screen was there."""
        self._given_up: WeakSet[Worker[Any]] = WeakSet()
        """Acts for which no key waits any more."""
        self._called_off: WeakSet[Worker[Any]] = WeakSet()
        """Acts whose screen is not wanted any more."""
        use_sure_timers()
        super().__init__(*given, **more)

    async def on_event(self, event: Event) -> None:
        """Let keys and pastes wait for the one before."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self.pressed_at = monotonic()
        if self._waiting_said and isinstance(event, Key) and event.key in IMPATIENT:
            self.waiting.clear()
            self._impatient = True
        self.waiting.append(event)
        if self._under_way is None:
            await self._pass_on()
        elif self._timer is None:
            await self._look_again()

    def quiet(self) -> bool:
        """Whether no key came for a moment, and none waits."""
        return not self.waiting and monotonic() - self.pressed_at > QUIET

    def say_waiting(self, number: int) -> None:
        """So many keys wait for something that takes long."""

    def say_dropped(self, number: int) -> None:
        """So many keys were dropped, because what they were meant for did not come."""

    def notify(self, message: str, **more: Any) -> None:
        """Say something; when an act says that it can't be done, what was typed for its screen is dropped."""
        super().notify(message, **more)
        act = active_worker.get(None)
        if act is None or more.get("severity", "information") == "information" or not self.waiting:
            return
        if act in self._opening(self.screen) - set(self._opened) and not self._awaited(self.waiting[0]):
            self._drop()

    async def push_screen_wait(self, screen: Screen[S] | str, *, mode: str | None = None) -> S | Any:
        """Open a screen for an act; one that comes late takes no keys that are meant for the one before."""
        act = active_worker.get(None)
        while act in self._given_up and act not in self._called_off and not self.quiet():  # noqa: ASYNC110
            await sleep(LOOK_AGAIN)  # nobody says it when nobody types
        if act in self._called_off:
            raise CancelledError
        return await super().push_screen_wait(screen, mode=mode)

    async def _pass_on(self) -> None:
        """Pass the next key on, and a message that follows it."""
        while self.waiting and self._under_way is None and self.screen_stack:
            screen = self.screen
            if self._has_to_wait(screen, self.waiting[0]) or not self.waiting:
                break
            self._passed_on += 1
            self._under_way, self._passed_on_at = self._passed_on, monotonic()
            target: Widget = screen
            if screen is self._typed_on:
                await super().on_event(self.waiting.popleft())
                target = self.focused or self.screen
            else:
                # When it has dealt with all before this message, it has its focus.
                self._typed_on = screen
            self._ask(target, self._passed_on, 1)
        self._keep_looking()

    def _ask(self, target: Widget, number: int, rounds: int) -> None:
        """Send the message behind a key; one that nobody takes is not waited for."""
        self._asked, self._asked_rounds = target, rounds
        if not target.post_message(DealtWith(number, rounds)):
            self._under_way = None

    def _keep_looking(self) -> None:
        if self.waiting and self._timer is None:
            self._timer = self.set_timer(LOOK_AGAIN, self._look_again)

    def _has_to_wait(self, screen: Screen[Any], event: Event) -> bool:
        """Whether this key, or paste, has to wait for what it is meant for."""
        self.typed_at = event.time
        opening, awaited = self._opening(screen), self._awaited(event)
        if self._impatient:
            self._impatient = False
            if not awaited:
                self._given_up.update(opening)
                self._called_off.update(opening - set(self._opened))
            return self._goes_on()
        if not (opening or awaited):
            return self._goes_on()
        now = monotonic()
        if self._waits_since is None:
            self._waits_since = now
        waited = now - self._waits_since
        if not awaited and opening <= set(self._opened) and waited > OPENED_AFTER:
            self._given_up.update(opening)
            return self._goes_on()
        if waited > DROPPED_AFTER:
            self._given_up.update(opening)
            self._drop()
            return self._goes_on()
        if waited > SAID_AFTER and not self._waiting_said:
            self._waiting_said = True
            self.say_waiting(len(self.waiting))
        return True

    def awaited(self, key: str) -> bool:
        """Whether what this key would act on was asked for and is not here yet, or has not its size yet."""
        holder = self.focused or self.screen
        if isinstance(holder, Measured) and holder.needs_its_height(key) and is_laid_out_later(self.screen):
            return True
        return any(isinstance(each, Awaiting) and each.awaits(key) for each in holder.ancestors_with_self)

    def _awaited(self, event: Event) -> bool:
        """Whether this key has to wait; on a new screen it is not asked before that has its focus."""
        return self.screen is self._typed_on and self.awaited(event.key if isinstance(event, Key) else "")

    def _drop(self) -> None:
        """Drop the keys that wait, and say so."""
        number = len(self.waiting)
        self.waiting.clear()
        self.say_dropped(number)

    def _goes_on(self) -> bool:
        self._waits_since, self._waiting_said = None, False
        return False

    def _opening(self, screen: Screen[Any]) -> set[Worker[Any]]:
        """The acts of this screen that open another one, and are not done."""
        acts = {
            worker
            for worker in self.workers
            if worker.name == OPENS and not worker.is_finished and worker not in self._given_up
        }
        here = {worker for worker in acts if screen in worker.node.ancestors_with_self}
        # Their screen is on top: when it is closed again, they had it.
        self._opened.update(acts - here)
        return here

    async def on_dealt_with(self, message: DealtWith) -> None:
        """The next one, if it was the last that was passed on, and after what that has put off: the focus
        goes elsewhere a message later."""
        message.stop()
        if message.rounds < ROUNDS:
            self.call_later(self._follow, message.number, message.rounds + 1)
        else:
            self.call_later(self._settled, message.number)

    async def _follow(self, number: int, rounds: int) -> None:
        """What the key made a widget tell lies before this message in its queue."""
        if number == self._under_way:
            self._ask(self.focused or self.screen, number, rounds)
            if self._under_way is None:
                await self._pass_on()

    async def _look_again(self) -> None:
        """While keys wait: whether the one under way is lost with its widget, or in what takes long."""
        self._timer = None
        number = self._under_way
        gone = self._asked is not None and not self._asked.is_attached
        if number is None:
            await self._pass_on()
        elif gone and self._asked_rounds < ROUNDS:
            await self._follow(number, self._asked_rounds + 1)
        elif gone or monotonic() - self._passed_on_at > LOST_AFTER:
            await self._settled(number)
        self._keep_looking()

    async def _settled(self, number: int) -> None:
        if number != self._under_way:
            return
        self._under_way = None
        if self._timer:
            self._timer.stop()
            self._timer = None
        await self._pass_on()
