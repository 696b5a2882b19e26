"""Latency: an endpoint is asked again and again while one looks, and each round trip is a bar."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.errors import CxError
from cx_tui.screens.header import Header
from cx_tui.screens.page import sentence
from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from widgets.function_keys import LOOK
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part
from widgets.plot import Plot, Point

if TYPE_CHECKING:
    from cx_tui.services.latency.latency import Figures, Trip
    from cx_tui.services.session import Session

EVERY = 2.0
"""Seconds between two questions: an endpoint must not take them for an attack."""

NOTHING = f"There is no answer yet; it is asked every {EVERY:.0f} seconds."

KEPT = 600
"""So many round trips are shown: those of the last 20 minutes."""


class Measured(Protocol):
    """What can be asked how long it takes."""

    where: str

    async def measure(self) -> "Trip":
        """Ask once."""


class LatencyScreen(Screen[None]):
    """The plot, and the figures beneath it."""

    CSS_PATH = "latency.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            f"r,{LOOK}",
            "anew",
            "begin anew",
            id="latency.anew",
            tooltip="Forget what was measured so far.",
        ),
        Binding("escape,q", "leave", "back", id="latency.back", tooltip="Stop asking, and go back."),
    ]

    def __init__(
        self, of: str, find: "Callable[[Session], Awaitable[Measured]]", every: float = EVERY
    ) -> None:
        super().__init__()
        self._of, self._find, self._every = of, find, every
        self.title = f"latency of {of}"
        self._trips: deque[Trip] = deque(maxlen=KEPT)
        self._where = ""
        self._trouble = ""

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def compose(self) -> ComposeResult:
        """The header, the plot, the figures, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield Plot(ascii=self.cx.ascii)
        yield Line(glyphs=glyphs, id="figures")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Begin to ask."""
        self.set_focus(self.query_one(Plot))
        self._show()
        self.ask()

    @work(exclusive=True, group="ask")
    async def ask(self) -> None:
        """Ask until the page is closed."""
        measured: Measured | None = None
        while True:
            try:
                if measured is None:
                    measured = await self._find(await self.cx.services())
                self._trips.append(await measured.measure())
                self._where, self._trouble = measured.where, ""
            except CxError as error:
                self._trouble = sentence(error)
            self._show()
            await asyncio.sleep(self._every)

    def _show(self) -> None:
        from cx_tui.services.latency.latency import Figures

        self.query_one(Header).say(Part("Latency", "strong"), Part(self._where, "dim"), of=self._of)
        points = list(map(_point, self._trips))
        self.query_one(Plot).show("Round trip in ms", points, "{:,.4g}".format, nothing=NOTHING)
        self.query_one("#figures", Line).show_lines(
            _in_words(Figures.of(self._trips), Part(self._trouble or self._last(), self._tone()))
        )

    def _last(self) -> str:
        if not self._trips:
            return "Asking for the first time …"
        last = self._trips[-1]
        return "The last one: no answer" if last.seconds is None else f"The last answer: {last.said}"

    def _tone(self) -> str:
        lost = bool(self._trips) and self._trips[-1].seconds is None
        return "bad" if self._trouble or lost else "dim"

    def action_anew(self) -> None:
        """Forget what was measured so far."""
        self._trips.clear()
        self._show()

    def action_leave(self) -> None:
        """Stop asking."""
        self.dismiss(None)


def _point(trip: "Trip") -> Point:
    """One round trip; where no answer came, a gap."""
    at = trip.at.astimezone()
    milliseconds = None if trip.seconds is None else trip.seconds * 1000
    text = "no answer" if milliseconds is None else f"{_ms(trip.seconds)}, {trip.said}"
    return Point(f"{at:%H:%M:%S}", f"{at:%H:%M:%S}", milliseconds, text)


def _in_words(figures: "Figures", last: Part) -> list[LineText]:
    """How many were answered, with what came last; and beneath how long they took."""
    lost = f"{figures.lost:.1f} % lost" if figures.lost else ""
    number = Part(f"{figures.answered:,} of {figures.sent:,} answered" if figures.sent else "")
    took = [
        Part(f"least {_ms(figures.least)}", "dim"),
        Part(f"median {_ms(figures.median)}", "strong"),
        Part(f"mean {_ms(figures.mean)}", "dim"),
        Part(f"most {_ms(figures.most)}", "dim"),
        Part(f"jitter {_ms(figures.jitter)}", "dim"),
    ]
    return [LineText(spaced([number, Part(lost, "bad"), last])), LineText(spaced(took))]


def _ms(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000:,.1f} ms"
