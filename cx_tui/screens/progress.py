"""Something long while it runs: how far it is, how fast, how long it will take, and a way to stop it."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import ClassVar, Generic, TypeVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from cx_tui.errors import CxError, NeedsApproval
from cx_tui.screens.program import Program
from widgets.line import Line, Part
from widgets.text import visible

T = TypeVar("T")
Report = Callable[[int, int], None]
"""Says how many are done, of how many."""

SOON = 0.2
"""Seconds before the dialog is drawn: what is done by then does not flicker."""

LOOK_AGAIN = 0.25
KNOWN_AFTER = 0.5
"""Seconds after which a speed is worth saying."""


class Progress(ModalScreen[T | None], Generic[T]):
    """Does some work and gives its result; None when it was stopped or went wrong, which the operator
    has then read here."""

    CSS_PATH = "progress.tcss"

    need: NeedsApproval | None = None
    """Why it was not done: it needs a second person."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop", "Stop", id="progress.stop", tooltip="Stop it; nothing is changed."),
        Binding("enter", "close", "Close", id="progress.close", tooltip="Close this when it is over."),
    ]

    def __init__(
        self,
        title: str,
        work: Callable[[Report], Awaitable[T]],
        *,
        stopped: str = "It was stopped; nothing was changed.",
        at_the_end: str = "It was stopped at its very end; read again whether it was done.",
    ) -> None:
        super().__init__(classes="-soon")
        self._title = visible(title)
        self._work = work
        self._stopped, self._at_the_end = stopped, at_the_end
        self._doing: asyncio.Future[T] | None = None
        self._begun = monotonic()
        self._done, self._of = 0, 0
        self._stopping = False
        self._said = False
        self._seen_at: float | None = None
        """Since when the operator can know that this is there."""

    def compose(self) -> ComposeResult:
        """The title, the bar, the figures, the key."""
        glyphs = cast(Program, self.app).glyphs
        with Vertical():
            yield Line(glyphs=glyphs, id="title")
            yield Line(id="bar")
            yield Line(glyphs=glyphs, id="figures")
            yield Static(markup=False, id="said")
            yield Line(glyphs=glyphs, id="foot")

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#title", Line).show(Part(self._title, "strong"))
        self.set_timer(SOON, self._show)
        self.set_interval(LOOK_AGAIN, self.show_progress)
        self.run_it()

    def _show(self) -> None:
        self._seen_at = monotonic()
        self.remove_class("-soon")

    @work(group="progress")
    async def run_it(self) -> None:
        """Do the work to its end, whatever that is."""
        self._begun = monotonic()
        self._doing = asyncio.ensure_future(self._work(self._report))
        try:
            result = await self._doing
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            # What was about to be committed may be.
            at_the_end = bool(self._of) and self._done >= self._of
            self._say(self._at_the_end if at_the_end else self._stopped, "warn")
        except NeedsApproval as need:
            self.need = need  # who waits for the result asks for a second person
            self.dismiss(None)
        except CxError as error:
            self._say(f"{error}"[:1].upper() + f"{error}."[1:], "bad")
        else:
            self.dismiss(result)

    def awaits(self, key: str) -> bool:
        """Keys are meant for what follows: they wait for the end of the work.  The one that stops it is meant
        for this if it was typed when this could be seen."""
        unseen = self._seen_at is None or cast(Program, self.app).typed_at < self._seen_at
        return not self._said and (key != "escape" or unseen)

    def action_stop(self) -> None:
        """Stop the work; when it is over, close this."""
        if self._said:
            self.dismiss(None)
        elif self._doing and not self._stopping:
            self._stopping = True
            self._doing.cancel()
            self.show_progress()

    def action_close(self) -> None:
        """Close this, when there is nothing left to wait for."""
        if self._said:
            self.dismiss(None)

    def show_progress(self) -> None:
        """Say how far it is."""
        if self._said:
            return
        cx = cast(Program, self.app)
        full, empty = ("=", "-") if cx.ascii else ("━", "─")
        bar = self.query_one("#bar", Line)
        filled = bar.size.width * min(self._done, self._of) // self._of if self._of else 0
        bar.show(Part(full * filled, "accent"), Part(empty * (bar.size.width - filled), "dim"))
        figures = in_words(self._done, self._of, monotonic() - self._begun)
        self.query_one("#figures", Line).show(figures)
        foot = "stopping …" if self._stopping else "esc stops it"
        self.query_one("#foot", Line).show(right=[Part(foot, "dim")])

    def _report(self, done: int, of: int) -> None:
        self._done, self._of = done, of
        if self.is_mounted:
            self.show_progress()

    def _say(self, sentence: str, tone: str) -> None:
        """Say how it ended in the place of how far it is."""
        self._said = True
        self.remove_class("-soon")
        self.add_class("-over", f"-{tone}")
        self.query_one("#said", Static).update(visible(sentence))
        self.query_one("#foot", Line).show(right=[Part("esc closes", "dim")])


def in_words(done: int, of: int, seconds: float) -> str:
    """How far it is, how fast it goes, and how long the rest will take."""
    if not of:
        return f"{seconds:.0f} s" if seconds >= 1 else ""
    text = f"{done:,} of {of:,}"
    if seconds >= KNOWN_AFTER and done:
        speed = done / seconds
        text += f"   {speed:,.0f} a second"
        if done < of:
            text += f"   about {duration((of - done) / speed)} left"
    return text


def duration(seconds: float) -> str:
    """How long, in words: "40 s", "3 min", "2 h"."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{max(1, round(seconds)):,} s"
