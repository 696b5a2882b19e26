"""Screens that follow what others do: they read again what is shown, and not more often than one can see."""

from collections.abc import Callable
from time import monotonic, time
from typing import TYPE_CHECKING, Any, cast

from textual import events, on
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

from cx_tui.screens.program import Program

if TYPE_CHECKING:
    from cx_tui.domain.news import News

AT_LEAST = 0.34
"""Seconds between two reads: at most three a second."""

SHARE = 10
"""On a slow link a read comes after so many times what the terminal took to take the last frame."""

LOOK_EVERY = 10.0
"""Seconds between two looks at the clock: when a minute is full, what is shown is read again although nothing
was heard.  Times pass, too; all of them are shown in minutes, so they go on together."""


class Pace:
    """Reads when something was heard: at once after a quiet time, then as often as one can see."""

    def __init__(self, owner: Widget, read: "Callable[[], Worker[Any]]") -> None:
        self._owner = owner
        self._read = read
        self._reading: Worker[Any] | None = None
        self._waiting: Timer | None = None
        self._not_before = 0.0

    def ask(self) -> None:
        """Have it read, soon."""
        if self._waiting is None:
            wait = self._not_before - monotonic()
            if wait > 0 or self._is_reading:
                self._waiting = self._owner.set_timer(max(wait, AT_LEAST / 4), self._go)
            else:
                self._go()

    @property
    def _is_reading(self) -> bool:
        return self._reading is not None and not self._reading.is_finished

    def _go(self) -> None:
        self._waiting = None
        if self._is_reading:
            self.ask()  # what is being read may be older than what was heard
            return
        lag = cast(Program, self._owner.app).lag()
        self._not_before = monotonic() + max(AT_LEAST, SHARE * lag)
        self._reading = self._read()


class Follower(Screen[Any]):
    """A screen whose `keep_up` reads what is shown again."""

    _has_missed = False
    _pace: Pace | None = None
    _minute = 0

    def keep_up(self) -> "Worker[Any]":
        """Read again what is shown."""
        raise NotImplementedError

    @property
    def pace(self) -> Pace:
        """How often it is read."""
        self._pace = self._pace or Pace(self, lambda: self.keep_up())
        return self._pace

    @on(events.Mount)
    def look_at_the_clock(self) -> None:
        """Read again as times pass."""
        if cast(Program, self.app).settings.refresh.seconds:
            self.set_interval(LOOK_EVERY, self._look)

    def _look(self) -> None:
        minute, self._minute = self._minute, int(time() // 60)
        if minute != self._minute:
            self._read_if_seen()
        elif cast(Program, self.app).counts_down:
            self.show_lines()

    def follow(self, news: "News") -> None:
        """Others have done something."""
        self._read_if_seen()

    def link_changed(self) -> None:
        """The database does not answer any more, or does again."""
        if cast(Program, self.app).away:
            self.show_lines()
        else:
            self._read_if_seen()

    def show_lines(self) -> None:
        """Say how things stand."""

    def on_screen_resume(self) -> None:
        """Read what was missed while another screen was above."""
        if self._has_missed:
            self._read_if_seen()

    def _read_if_seen(self) -> None:
        self._has_missed = not self.is_current
        if self.is_current:
            self.pace.ask()


def in_short(number: int) -> str:
    """How many rows there are more, or fewer, than are listed, and what to do; empty when none."""
    if not number:
        return ""
    return f"{number:,} new: press r" if number > 0 else f"{-number:,} fewer: press r"
