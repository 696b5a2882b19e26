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
        lag = cast(Program, self._owner.app).link.lag()
        self._not_before = monotonic() + max(AT_LEAST, SHARE * lag)
        self._reading = self._read()


class Following:
    """Reads again what a screen shows: when something was heard, as times pass, and when what was missed
    while another screen was above can be seen."""

    def __init__(
        self, screen: Screen[Any], read: "Callable[[], Worker[Any]]", show_lines: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._show_lines = show_lines
        self._pace = Pace(screen, read)
        self._has_missed = False
        self._minute = 0

    def begin(self) -> None:
        """Read again as times pass."""
        if cast(Program, self._screen.app).settings.refresh.seconds:
            self._screen.set_interval(LOOK_EVERY, self._look)

    def _look(self) -> None:
        minute, self._minute = self._minute, int(time() // 60)
        if minute != self._minute:
            self.ask()
        elif cast(Program, self._screen.app).counts_down:
            self._show_lines()

    def ask(self) -> None:
        """Have it read, soon: as soon as it can be seen."""
        self._has_missed = not self._screen.is_current
        if self._screen.is_current:
            self._pace.ask()

    def resumed(self) -> None:
        """The screen can be seen again."""
        if self._has_missed:
            self.ask()


class Follower(Screen[Any]):
    """A screen whose `keep_up` reads what is shown again."""

    def __init__(self) -> None:
        super().__init__()
        self.following = Following(self, lambda: self.keep_up(), self.show_lines)

    def keep_up(self) -> "Worker[Any]":
        """Read again what is shown."""
        raise NotImplementedError

    @on(events.Mount)
    def look_at_the_clock(self) -> None:
        """Read again as times pass."""
        self.following.begin()

    def follow(self, news: "News") -> None:
        """Others have done something."""
        self.following.ask()

    def link_changed(self) -> None:
        """The database does not answer any more, or does again."""
        if cast(Program, self.app).away:
            self.show_lines()
        else:
            self.following.ask()

    def show_lines(self) -> None:
        """Say how things stand."""

    def on_screen_resume(self) -> None:
        """Read what was missed while another screen was above."""
        self.following.resumed()


def in_short(number: int, moved: int = 0) -> str:
    """How many rows there are more, or fewer, than are listed, how many would have another place, and what
    to do; empty when none."""
    said = [f"{number:,} new" if number > 0 else f"{-number:,} fewer"] if number else []
    said += [f"{moved:,} would move"] if moved else []
    return f"{', '.join(said)}: press r" if said else ""
