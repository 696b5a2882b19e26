"""A plot of values over time: bars in braille, or in ASCII, with the value of each under a cursor.

What has no value is a gap and no zero.  Every bar is as wide as there is room, down to half a cell.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import ClassVar, TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets.grid.glyphs import ASCII, UNICODE
from widgets.text import fit

AXIS = 9
"""Cells for the numbers at the left."""
GAP = 3
"""Cells between the value under the cursor and the least and most of all."""
BLANK = 0x2800
DOTS = ((0x40, 0x80), (0x04, 0x20), (0x02, 0x10), (0x01, 0x08))
"""The dots of a braille cell from the lowest row to the highest: left and right."""
IN_ASCII = " .:|#"
"""How full a cell is, in quarters."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value: what it is of, in full and in short, and how it is written."""

    label: str
    short: str
    value: float | None
    text: str
    tone: str = ""


@dataclass
class PlotMessage(Message, namespace="plot"):
    """Something a plot tells of one of its values; `control` is that plot."""

    plot: Plot
    place: int

    @property
    def control(self) -> Plot:
        """The plot that tells it."""
        return self.plot


class Moved(PlotMessage, namespace="plot"):
    """The cursor is on another value."""


class Chosen(PlotMessage, namespace="plot"):
    """The operator wants to see what stands behind a value."""


class Plot(Widget, can_focus=True):
    """The bars of a series."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "plot--axis",
        "plot--bar",
        "plot--cursor",
        "plot--title",
        "plot--value",
    }

    DEFAULT_CSS = """
    Plot {
        height: 1fr;
        min-height: 6;
        & > .plot--axis { color: $text-muted; }
        & > .plot--bar { color: $primary; }
        & > .plot--cursor { color: $accent; }
        & > .plot--title { text-style: bold; }
        & > .plot--value { color: $foreground; }
        &:focus > .plot--title { color: $text-accent; }
        &:ansi > .plot--axis { text-style: dim; }
        &:ansi > .plot--cursor { text-style: bold; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "go(-1)", "Earlier", show=False, id="plot.left", tooltip="Go to the value before."),
        Binding("right,l", "go(1)", "Later", show=False, id="plot.right", tooltip="Go to the next value."),
        Binding("home,g", "first", "First", show=False, id="plot.first", tooltip="Go to the first value."),
        Binding("end,G", "last", "Last", show=False, id="plot.last", tooltip="Go to the last value."),
        Binding("enter", "choose", "open", show=False, id="plot.choose",
                tooltip="Open what stands behind this value."),
    ]  # fmt: skip

    Moved: TypeAlias = Moved
    Chosen: TypeAlias = Chosen

    cursor: reactive[int] = reactive(-1, layout=False)

    def __init__(self, *, ascii: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii = ascii
        self._glyphs = ASCII if ascii else UNICODE
        self._title = self._nothing = ""
        self._points: Sequence[Point] = ()
        self._write: Callable[[float], str] = str
        self._top = 1.0
        self._bottom = 0.0
        self._is_empty = True

    def show(
        self,
        title: str,
        points: Sequence[Point],
        write: Callable[[float], str],
        *,
        unit: float = 1.0,
        nothing: str = "",
    ) -> None:
        """Show a series; `write` says how the numbers at the left are written, which are round in a unit, and
        `nothing` what is missing when no point has a value."""
        at_end = not self._points or self.cursor >= len(self._points) - 1
        same = (title, nothing, list(points)) == (self._title, self._nothing, list(self._points))
        self._title, self._points, self._write, self._nothing = title, points, write, nothing
        values = [one.value for one in points if one.value is not None]
        self._is_empty = not values
        lowest = min(values, default=0.0)
        highest = max(values, default=0.0)
        self._top = nice(highest / unit) * unit if highest > 0 or lowest >= 0 else 0.0
        self._bottom = -nice(-lowest / unit) * unit if lowest < 0 else 0.0
        # Who looks at the newest value goes on doing so.
        self.cursor = len(points) - 1 if at_end else min(self.cursor, len(points) - 1)
        if not same:
            self.refresh()

    @property
    def points(self) -> Sequence[Point]:
        """What is shown."""
        return self._points

    # Moving

    def action_go(self, by: int) -> None:
        """Go to another value."""
        self._go(self.cursor + by)

    def action_first(self) -> None:
        """Go to the first value in view."""
        self._go(self._first())

    def action_last(self) -> None:
        """Go to the last value."""
        self._go(len(self._points) - 1)

    def action_choose(self) -> None:
        """Ask for what stands behind the value under the cursor."""
        if 0 <= self.cursor < len(self._points):
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: Click) -> None:
        """Go to the value under the mouse."""
        dot = (event.x - AXIS) * 2
        if self._points and dot >= 0:
            shown = len(self._points) - self._first()
            self._go(self._first() + dot * shown // max(1, self._room()))

    def _go(self, place: int) -> None:
        if not self._points:
            return
        self.cursor = max(self._first(), min(place, len(self._points) - 1))
        self.post_message(self.Moved(self, self.cursor))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """The title with the value under the cursor, the bars, the axis beneath."""
        width, height = self.size
        if y == 0:
            return self._titled(width)
        if y == height - 1 and not self._is_empty:
            return self._beneath(width)
        if self._is_empty:
            said = textwrap.wrap(self._nothing, max(1, width - 2))
            line = y - max(1, (height - len(said)) // 2)
            text = f"  {said[line]}" if 0 <= line < len(said) else ""
            return Strip([Segment(fit(text, width), self._style("axis"))], width)
        if y > height - 1:
            return Strip.blank(width, self._style("axis"))
        return self._row(y - 1, height - 2, width)

    def _titled(self, width: int) -> Strip:
        here = f"{self._glyphs.cursor} " if self.has_focus else ""
        segments = [Segment(f"{here}{self._title}", self._style("title"))]
        if 0 <= self.cursor < len(self._points):
            one = self._points[self.cursor]
            segments.append(Segment(f"   {one.label}   ", self._style("axis")))
            segments.append(Segment(one.text or "no calls", self._style("value" if one.text else "axis")))
        said = sum(segment.cell_length for segment in segments)
        bounds = next((one for one in self._bounds() if said + GAP + len(one) <= width), "")
        segments.append(Segment(f"{bounds:>{max(0, width - said)}}", self._style("axis")))
        return Strip(segments).adjust_cell_length(width, self._style("axis"))

    def _bounds(self) -> Iterator[str]:
        """The least and most in view, with where they are and without; nothing when all are the same."""
        seen = [one for one in self._points[self._first() :] if one.value is not None and one.text]
        least = min(seen, key=lambda one: one.value or 0.0, default=None)
        most = max(seen, key=lambda one: one.value or 0.0, default=None)
        if least is None or most is None or least.value == most.value:
            return
        bounds = (("min", least), ("max", most))
        if least.short and most.short:
            yield "   ".join(f"{name} {one.text} ({one.short})" for name, one in bounds)
        yield "   ".join(f"{name} {one.text}" for name, one in bounds)

    def _row(self, row: int, rows: int, width: int) -> Strip:
        """One line of bars; `row` counts from the top."""
        ticks = {0: self._top, rows - 1: self._bottom}
        if rows >= 5 and rows % 2:
            ticks[(rows - 1) // 2] = self._top - (self._top - self._bottom) * ((rows - 1) // 2) / (rows - 1)
        written = f"{self._write(ticks[row]):>{AXIS - 2}} " if row in ticks else " " * (AXIS - 1)
        segments = [Segment(written[: AXIS - 1] + ("|" if self._ascii else "│"), self._style("axis"))]
        low = (rows - 1 - row) * 4
        signs = self._signs(low, rows * 4)
        here = range(*self._dots_of(self.cursor))
        text, marked = "", False
        for cell, sign in enumerate(signs):
            is_here = 2 * cell in here or 2 * cell + 1 in here
            if is_here != marked and text:
                segments.append(Segment(text, self._style("cursor" if marked else "bar")))
                text = ""
            text, marked = text + sign, is_here
        segments.append(Segment(text, self._style("cursor" if marked else "bar")))
        return Strip(segments).adjust_cell_length(width, self._style("axis"))

    def _signs(self, low: int, dots: int) -> str:
        """The signs of a line whose lowest row of dots is `low`, of so many in all."""
        columns = [range(0)] * self._room()
        for place in range(self._first(), len(self._points)):
            value = self._points[place].value
            if value is None:
                continue
            bar = self._bar(value, dots)
            here = range(max(0, min(4, bar.start - low)), max(0, min(4, bar.stop - low)))
            for column in range(*self._dots_of(place)):
                columns[column] = here
        pairs = zip(columns[::2], columns[1::2], strict=True)
        if self._ascii:
            return "".join(IN_ASCII[max(map(len, pair))] for pair in pairs)
        # A space where there is nothing: a terminal's font may have no empty sign.
        cells = (_dots(left, 0) + _dots(right, 1) for left, right in pairs)
        return "".join(chr(BLANK + one) if one else " " for one in cells)

    def _bar(self, value: float, dots: int) -> range:
        """The dots of a value, from the line of 0 up or down; each value is seen."""
        span = self._top - self._bottom
        if not span:
            return range(1)
        zero, end = (round((at - self._bottom) / span * dots) for at in (0.0, value))
        if zero == end:
            return range(zero - 1, zero) if zero == dots else range(zero, zero + 1)
        return range(min(zero, end), max(zero, end))

    def _beneath(self, width: int) -> Strip:
        """What the bars are of, as often as there is room."""
        line, free, here = [" "] * width, AXIS, AXIS + self._dots_of(self.cursor)[0] // 2
        for place in range(self._first(), len(self._points)):
            at = AXIS + self._dots_of(place)[0] // 2
            short = self._points[place].short
            if at >= free and at + len(short) <= width and not at <= here < at + len(short):
                line[at : at + len(short)] = short
                free = at + len(short) + 2
        if AXIS <= here < width:
            line[here] = self._glyphs.up
        return Strip([Segment("".join(line), self._style("axis"))])

    def _room(self) -> int:
        """How many dots there are side by side."""
        return max(2, (self.size.width - AXIS) * 2)

    def _first(self) -> int:
        """The first value in view: of too many the last are shown."""
        return max(0, len(self._points) - self._room())

    def _dots_of(self, place: int) -> tuple[int, int]:
        """From which dot to which a value is drawn; wide ones leave a dot free between them."""
        shown, room = max(1, len(self._points) - self._first()), self._room()
        begin, end = ((place - self._first() + by) * room // shown for by in (0, 1))
        return (begin, end - 1 if room // shown >= 3 else end)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"plot--{name}")


def nice(value: float) -> float:
    """A round number that is not less: 1, 2 or 5 and zeros."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** floor(log10(value))
    digit = ceil(value / power - 1e-9)
    return float(next(one for one in (1, 2, 3, 4, 5, 6, 8, 10) if one >= digit) * power)


def _dots(rows: range, side: int) -> int:
    return sum(DOTS[row][side] for row in rows)
