"""The rows of a result: those that are held, those on the screen, and those that are fetched next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.worker import Worker

from . import messages
from .column import Row
from .messages import Tell
from .pages import Window, Work
from .source import RowSource


class Rows:
    """The result that a grid shows, and the part of it that is on the screen."""

    def __init__(self, grid: ScrollView, tell: Tell, arrived: Callable[[int, int], None]) -> None:
        self._grid = grid
        self._tell = tell
        self._arrived = arrived
        self.window = Window.nothing()
        self.heading = 1
        """The way the operator last went: 1 down, -1 up."""

    @property
    def total(self) -> int:
        """How many rows the result has."""
        return self.window.total

    @property
    def source(self) -> RowSource | None:
        """Where the rows come from."""
        return self.window.source

    @property
    def visible(self) -> list[Row]:
        """The rows on the screen that are here."""
        return [row for _, row in self.window.rows(*self.in_view())]

    # Geometry

    @property
    def height(self) -> int:
        """How many rows fit on the screen; at least one, so that a grid not yet laid out has a page."""
        return max(1, self._grid.size.height - 1)

    @property
    def width(self) -> int:
        """How wide a line is, beside the scroll bar if there will be one."""
        bar = self._grid.styles.scrollbar_size_vertical if self.total >= self._grid.size.height else 0
        return max(0, self._grid.size.width - bar)

    @property
    def top(self) -> int:
        """The position of the first row on the screen."""
        return self._grid.scroll_offset.y

    def in_view(self) -> tuple[int, int]:
        """The positions on the screen."""
        top = self.top
        return top, min(self.total, top + self.height)

    def clamped(self, position: int, total: int | None = None) -> int:
        """A position that exists, or 0."""
        return max(0, min(position, (self.total if total is None else total) - 1))

    def clamped_top(self, top: int, total: int | None = None) -> int:
        """A first row in view that leaves no blank lines that could be filled."""
        return max(0, min(top, (self.total if total is None else total) - self.height))

    def scroll_to(self, top: int) -> None:
        """Have this row be the first on the screen."""
        self._grid.scroll_to(y=top, animate=False, force=True, immediate=True)

    def move_thumb(self, top: float) -> None:
        """Move the scroll bar's thumb if that is at least the eighth of a cell it can be drawn in."""
        grid = self._grid
        if grid.show_vertical_scrollbar:
            bar = grid.vertical_scrollbar
            eighth = grid.virtual_size.height / max(1, grid.size.height * 8)
            if int(bar.position / eighth) != int(top / eighth) or top in (0, grid.max_scroll_y):
                bar.position = top

    def repaint(self, start: int, stop: int) -> None:
        """Draw the rows at these positions again, as far as they are on the screen."""
        first, last = self.in_view()
        start, stop = max(start, first), min(stop, last)
        if start < stop:
            self._grid.refresh(Region(0, start - first + 1, self.width, stop - start))

    # Fetching

    def open(self, source: RowSource, total: int) -> Window:
        """Another result, of which nothing is here yet; it is not shown before it is used."""

        def arrived(start: int, stop: int) -> None:
            if window is self.window:
                self._arrived(start, stop)

        def failed(error: Exception) -> None:
            self._tell(messages.Failed, error)

        window = Window(source, total, partial(self.spawn, group="grid-pages"), arrived, failed)
        return window

    def use(self, window: Window) -> None:
        """Show this result in place of the one there is."""
        self.window.close()
        self.window = window

    def ask(self, direction: int = 0) -> None:
        """Ask for what is on the screen and, when it moves, for the page ahead."""
        self.window.see(*self.in_view(), direction)

    def spawn(self, work: Work, group: str, exclusive: bool = False) -> Worker[None]:
        """Do this beside everything else; it ends with the grid."""
        worker: Worker[None] = self._grid.run_worker(work, group=group, exclusive=exclusive)
        return worker
