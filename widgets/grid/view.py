"""The part of the grid that fetches rows, refreshes them and puts one result in another's place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from textual import events
from textual.geometry import Offset, Region
from textual.worker import Worker

from . import messages
from .cells import Corner, MarkedCells
from .column import Row
from .lines import GridLines
from .pages import Window, Work
from .source import RowSource

if TYPE_CHECKING:
    from .grid import Grid

P = ParamSpec("P")

# How often a result is fetched again because the operator moved while it was on its way.
TRIES = 3

POINTED_OUT = 2.5
"""Seconds that a changed cell looks so."""


class GridView(GridLines):
    """Shows the rows of a source."""

    _asked = 0
    _aim: tuple[int, int] | None = None
    _told: MarkedCells | None = None
    """The marked cells that the owner knows of."""
    _heading = 1
    """The way the operator last went: 1 down, -1 up."""

    async def show(self, source: RowSource, *, keep: bool = True) -> None:
        """Show another result.  The old rows stay until the first new ones are here; a later call wins.

        With `keep` the cursor stays on its row's key and screen line, and at its position if the new
        result lacks that key; without `keep` it goes to the first row.
        """
        self._asked += 1
        asked = self._asked
        try:
            for _ in range(TRIES):
                key = self._cursor_key() if keep else None
                window, cursor, top = await self._prepare(source, key, self._cursor if keep else 0)
                corner = await self._corner_in(source) if keep else None
                if asked != self._asked:
                    return
                if not keep or key == self._cursor_key():
                    break
        except Exception as error:  # whatever a source raises is its owner's to explain
            if asked == self._asked:
                self._tell(messages.Failed, error)
            return
        self._swap(window, cursor, top)
        self._corner = corner
        self._cells_moved(anew=True)

    async def _corner_in(self, source: RowSource) -> Corner | None:
        """Where marking cells began, in another result."""
        corner = self._corner
        position = await source.position(corner.key) if corner and corner.key is not None else None
        return replace(corner, position=position) if corner and position is not None else None

    def _cells_moved(self, *, anew: bool = False) -> None:
        """Draw and tell which cells are marked, if they are others than before, or the rows may be."""
        before, now = self._told, self.cells
        if now == before and not (anew and now):
            return
        self._told = now
        for cells in (before, now):
            if cells:
                self._repaint_rows(cells.start, cells.stop)
        self._tell(messages.CellsMarked, now)

    async def update_rows(self, point_out: Collection[str] = ()) -> int | None:
        """Fetch the rows on and near the screen again, repaint only the cells that changed: how many did, or
        None when the source did not answer.  Cells of some columns are pointed out for a moment."""
        window = self._window
        keys = window.keep_near(*self._in_view())
        # What could not be fetched before is asked for again.
        self._look_around()
        if window.source is None or not keys:
            return 0
        try:
            fresh = await window.source.again(keys)
        except Exception as error:  # whatever a source raises is its owner's to explain
            if window is self._window:
                self._tell(messages.Failed, error)
            return None
        if window is not self._window:
            return 0
        first, last = self._in_view()
        differing = window.renew(keys, fresh)
        self._point_out(differing, point_out)
        return sum(self._repaint_changes(*change) for change in differing if first <= change[0] < last)

    def _point_out(self, differing: Sequence[tuple[int, Row, Row]], columns: Collection[str]) -> None:
        """Have what others changed look so for a moment."""
        found = {}
        for _, old, new in differing:
            names = {name for name in columns if name in old.cells and old.cell(name) != new.cell(name)}
            if names and not new.gone:
                found[new.key] = self._pointed_out.get(new.key, frozenset()) | names
        if found:
            self._pointed_out |= found
            self.set_timer(POINTED_OUT, lambda: self._forget_changes(found))

    def _forget_changes(self, which: Mapping[int, frozenset[str]]) -> None:
        """Draw them as all others again, unless more of their rows was changed meanwhile."""
        for key in [key for key, names in which.items() if self._pointed_out.get(key) == names]:
            del self._pointed_out[key]
        for position, row in self._window.rows(*self._in_view()):
            if row.key in which:
                self._repaint_rows(position, position + 1)

    async def _prepare(self, source: RowSource, key: int | None, otherwise: int) -> tuple[Window, int, int]:
        """The new result with its first rows loaded, the cursor in it and the first row in view."""
        window = self._new_window(source, await source.count())
        found = await source.position(key) if key is not None else None
        cursor = self._clamped(otherwise if found is None else found, window.total)
        line = self._cursor - self.scroll_offset.y
        top = self._clamped_top(cursor - max(0, min(line, self._height - 1)), window.total)
        await window.load(top, top + self._height)
        return window, cursor, top

    def _swap(self, window: Window, cursor: int, top: int) -> None:
        """Put the new result in the place of the old one, in one frame."""
        self._window.close()
        self._window, self._cursor, self._aim = window, cursor, None
        self._notice = ("", "")
        self._resize_content()
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
        self.refresh()
        # The rows on the screen first; those that may be looked at next can wait for the frame.
        self._heading = 1
        self.call_after_refresh(self._look_ahead)
        self._tell_cursor()

    def _new_window(self, source: RowSource | None, total: int) -> Window:
        """An empty window on a source, that works for this grid."""

        def arrived(start: int, stop: int) -> None:
            if window is self._window:
                self._page_arrived(start, stop)

        def failed(error: Exception) -> None:
            self._tell(messages.Failed, error)

        window = Window(source, total, self._spawn, arrived, failed)
        return window

    def _spawn(self, work: Work, group: str = "grid-pages", exclusive: bool = False) -> Worker[None]:
        """Do this beside everything else; it ends with the grid."""
        worker: Worker[None] = self.run_worker(work, group=group, exclusive=exclusive)
        return worker

    def _page_arrived(self, start: int, stop: int) -> None:
        """Draw the rows that were placeholders."""
        self._repaint_rows(start, stop)
        if start <= self._cursor < stop:
            self._tell_cursor()
        self.call_after_refresh(self._draw_ahead)

    def _tell(
        self, kind: Callable[Concatenate[Grid, P], messages.GridMessage], *args: P.args, **named: P.kwargs
    ) -> None:
        """Send the owner a message."""
        self.post_message(kind(cast("Grid", self), *args, **named))

    def _tell_cursor(self) -> None:
        """Say where the cursor is."""
        self.looked_at = (self._cursor, self._cursor_key(), self._column)
        self._tell(messages.CursorMoved, self._cursor, self.cursor_row)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor belongs: on the row."""
        x, y = self.region.offset
        return Offset(x, y + 1 + self._cursor - round(self.scroll_target_y))

    def _cursor_key(self) -> int | None:
        """The key of the cursor's row, if it is here."""
        row = self.cursor_row
        return row.key if row else None

    def _look_around(self, direction: int = 0) -> None:
        """Ask for what is on the screen and, when it moves, for the page ahead."""
        self._window.see(*self._in_view(), direction)

    def _look_ahead(self) -> None:
        """Ask for the next page, and draw what is here of it: it then need only be put on the screen."""
        self._look_around(self._heading)
        self._draw_ahead()

    def _draw_ahead(self) -> None:
        """Draw the next page, and have worked out what will be asked of its lines.  A program that shows
        strips in a way of its own has a `make_ready`."""
        if not (self.is_attached and self.size):
            return  # it has gone, or is not shown yet
        self._layout_now()
        top = self.scroll_offset.y + self._heading * self._height
        rows = self._window.rows(max(0, top), min(self.total, top + self._height))
        lines = [self._drawn(position, row) for position, row in rows]
        width = self.size.width
        make_ready = getattr(self.app, "make_ready", lambda strip: strip.render(self.app.console))
        for line in self._ready(lines, (0, width)):
            for part in line.divide(sorted({self._width, width})):
                make_ready(part)

    # What Textual tells

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the rows that came into view, fetch them and what is likely to come next.

        Unlike the method it overrides, it draws no header and no scroll bar that look the same as before.
        """
        if round(old_value) == round(new_value):
            return
        self.refresh(Region(0, 1, self._width, self._height))
        self._move_thumb(new_value)
        self._look_around()
        # What may be looked at next can wait for the frame.
        self._heading = 1 if new_value > old_value else -1
        self.call_after_refresh(self._look_ahead)

    def _move_thumb(self, top: float) -> None:
        """Move the scroll bar's thumb if that is at least the eighth of a cell it can be drawn in."""
        if self.show_vertical_scrollbar:
            bar = self.vertical_scrollbar
            eighth = self.virtual_size.height / max(1, self.size.height * 8)
            if int(bar.position / eighth) != int(top / eighth) or top in (0, self.max_scroll_y):
                bar.position = top

    def on_resize(self, _event: events.Resize) -> None:
        """Fetch the rows a taller screen shows."""
        self._resize_content()
        self._notice_strips = []
        self._look_around()

    def on_unmount(self) -> None:
        """Take no more answers."""
        self._window.close()
