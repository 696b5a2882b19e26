"""The short way from Textual's compositor to the driver: its strips become cells, without being written as a
text that would be read again.  Any other program takes the way over the text (see frame)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.color import ColorSystem
from rich.console import RenderableType
from rich.style import Style as RichStyle
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.geometry import Offset
from textual.screen import Screen
from textual.strip import Strip

from .cells import Cell, add
from .driver import LeanDriver
from .frame import parse
from .style import PLAIN, Style

R = TypeVar("R")

KEPT = 1024
"""Strips, and their looks, that are remembered: most are shown again, at another place."""


class Direct(App[R]):
    """A program that shows the lean driver what it has composed."""

    _cells: CellsOf | None = None

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        self.cursor_position = cursor_on(self.screen)
        driver = self._driver
        shows = self._running and not self._closed and not self._batch_count
        if not (
            shows and isinstance(driver, LeanDriver) and isinstance(renderable, ChopsUpdate | LayoutUpdate)
        ):
            super()._display(screen, renderable)
            return
        x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
        self._begin_update()
        driver.show([(y, x, self.make_ready(strip)) for y, x, strip in strips_of(renderable)], (y, x))
        self._end_update()
        self.post_display_hook()

    def make_ready(self, strip: Strip) -> Sequence[Cell]:
        """The cells of a strip; a widget may have them made before they are shown."""
        if self._cells is None:
            self._cells = CellsOf(self.console._color_system or ColorSystem.TRUECOLOR)
        return self._cells.of(strip)


def cursor_on(screen: Screen[object]) -> Offset:
    """Where the terminal's own cursor belongs: on what has the focus, where screen readers look for it.

    Whatever has the focus may say a `cursor_screen_offset`, as Textual's inputs do, and so may a screen that
    takes its keys itself.  Else it is where the widget begins.
    """
    owner = screen.focused or screen
    said: Offset | None = getattr(owner, "cursor_screen_offset", None)
    if said is not None:
        return said
    first = screen.focused or next(iter(screen.children), screen)
    return first.content_region.offset


class CellsOf:
    """The cells of strips."""

    def __init__(self, colors: ColorSystem) -> None:
        self._colors = colors
        self._looks: dict[RichStyle, Style] = {}
        self._known: dict[int, tuple[Strip, Sequence[Cell]]] = {}

    def of(self, strip: Strip) -> Sequence[Cell]:
        """The cells of a strip, which is the same as long as it is the same object."""
        known = self._known.get(id(strip))
        if known is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            known = self._known[id(strip)] = strip, self._read(strip)
        return known[1]

    def _read(self, strip: Strip) -> Sequence[Cell]:
        cells: list[Cell] = []
        for text, style, control in strip:
            if not control:
                add(cells, self._look(style) if style else PLAIN, text)
        return cells

    def _look(self, style: RichStyle) -> Style:
        look = self._looks.get(style)
        if look is None:
            if len(self._looks) >= KEPT:
                self._looks.clear()
            # As it would be read from a text.
            (cell,) = parse(Strip.render_style(style, "x", self._colors))
            look = self._looks[style] = cell.style
        return look


def strips_of(update: ChopsUpdate | LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The strips that are to be shown: the line and the column of each."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, first, last in update.spans:
        for end, (x, cut) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if cut is not None and x < last and end > first:
                yield y, x, cut if end <= last else cut.crop(0, last - x)
