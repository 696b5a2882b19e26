"""Moving the cursor: by a row, a page, to an end, to a key; far moves wait a moment for their rows."""

from __future__ import annotations

from typing import Literal

from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollTo

from . import messages
from .cell_marks import CellMarks
from .columns import Columns
from .cursor import Cursor
from .messages import Tell
from .rows import Rows

# Long enough for a database on this network, short enough not to be felt as a delay.
PATIENCE = 0.08

Way = Literal[
    "up", "down", "left", "right", "first", "last", "page_up", "page_down", "half_page_up", "half_page_down"
]


class Moves:
    """What moves the cursor of a grid, and what comes into view with it.

    The marked cells end with a move, or reach to where it `extends` them.
    """

    def __init__(
        self, grid: ScrollView, rows: Rows, columns: Columns, cursor: Cursor, cells: CellMarks, tell: Tell
    ) -> None:
        self._grid = grid
        self._rows = rows
        self._columns = columns
        self._cursor = cursor
        self._cells = cells
        self._tell = tell
        self._aim: tuple[int, int] | None = None
        """The cursor and the first row in view that a move under way leads to."""

    # To a place

    async def to_position(self, position: int) -> None:
        """Put the cursor on a position, with its row in view."""
        window = self._rows.window
        cursor = self._rows.clamped(position)
        top = self._top_showing(cursor)
        await window.ready(top, top + self._rows.height, PATIENCE)
        if window is self._rows.window:
            self._aim = self._cells.corner = None
            self._arrive(cursor, top)

    async def to_key(self, key: int) -> bool:
        """Put the cursor on the row with this key: whether the result has it."""
        window = self._rows.window
        if window.source is None:
            return False
        try:
            position = await window.source.position(key)
        except Exception as error:  # whatever a source raises is its owner's to explain
            self._tell(messages.Failed, error)
            return False
        if position is None or window is not self._rows.window:
            return False
        await self.to_position(position)
        return True

    def to_column(self, key: str) -> None:
        """Put the cursor into the column with this key."""
        place = self._columns.place_of(key)
        if place is not None:
            self.to_place(place)

    def to_place(self, place: int, *, extends: bool = False) -> None:
        """Put the cursor into the column at a place and bring that into view."""
        self._mark(extends)
        place = max(0, min(place, len(self._columns.shown) - 1))
        if self._columns.enter(place):
            self._cursor.tell()
            self._cells.follow()
        x = self._columns.layout().scroll_to(place)
        self._grid.scroll_to(x=x, animate=False, force=True, immediate=True)

    # By keys and the mouse

    def go(self, way: Way, *, extends: bool = False) -> None:
        """Move as a key does."""
        rows, place = self._rows, self._columns.place
        half = max(1, rows.height // 2)
        match way:
            case "up":
                self._step(-1, extends)
            case "down":
                self._step(1, extends)
            case "left":
                self.to_place(place - 1, extends=extends)
            case "right":
                self.to_place(place + 1, extends=extends)
            case "first":
                self.to(0, 0, extends=extends)
            case "last":
                self.to(rows.total - 1, rows.total, extends=extends)
            case "page_up":
                self._leaf(-rows.height, extends)
            case "page_down":
                self._leaf(rows.height, extends)
            case "half_page_up":
                self._leaf(-half, extends)
            case "half_page_down":
                self._leaf(half, extends)

    def to(self, cursor: int, top: int, *, extends: bool = False) -> None:
        """Move now if the rows are here; else soon, and a later move takes this one's place."""
        self._mark(extends)
        cursor, top = self._rows.clamped(cursor), self._rows.clamped_top(top)
        if self._rows.window.has(top, top + self._rows.height):
            self._aim = None
            self._arrive(cursor, top)
            return
        waits = self._aim is not None
        self._aim = (cursor, top)
        self._rows.window.see(top, top + self._rows.height)
        if not waits:
            self._rows.spawn(self._arrive_soon, group="grid-jump", exclusive=True)

    def scroll(self, message: ScrollTo) -> None:
        """As the scroll bar says: at once, but with the moment that far rows need."""
        if message.y is not None:
            self.to(self._base()[0], round(message.y), extends=self._cells.corner is not None)
        if message.x is not None:
            self._grid.scroll_to(x=message.x, animate=False, immediate=True)

    # On the way

    @property
    def under_way(self) -> bool:
        """Whether the cursor is on its way to a row, or its row to the cursor."""
        return self._aim is not None or (self._cursor.row is None and self._rows.window.asks())

    def stop(self) -> None:
        """Forget the move under way."""
        self._aim = None

    def _base(self) -> tuple[int, int]:
        """The cursor and the first row in view, as they will be when a move under way is done."""
        return self._aim or (self._cursor.position, self._rows.top)

    def _step(self, rows: int, extends: bool) -> None:
        """Move by some rows and scroll no more than needed."""
        cursor = self._rows.clamped(self._base()[0] + rows)
        self.to(cursor, self._top_showing(cursor), extends=extends)

    def _leaf(self, rows: int, extends: bool) -> None:
        """Move the cursor and the rows in view together: the cursor keeps its screen line."""
        cursor, top = self._base()
        self.to(cursor + rows, top + rows, extends=extends)

    def _mark(self, extends: bool) -> None:
        """Mark cells from here on, or none."""
        if extends:
            self._cells.begin(self._base()[0])
        else:
            self._cells.drop()

    def _top_showing(self, cursor: int) -> int:
        """The first row in view nearest to the present one that has the cursor on the screen."""
        top = self._base()[1]
        return self._rows.clamped_top(max(min(top, cursor), cursor - self._rows.height + 1))

    async def _arrive_soon(self) -> None:
        """Wait for the rows of the move under way, whichever that is by then, but not long."""
        window = self._rows.window
        top = self._base()[1]
        await window.ready(top, top + self._rows.height, PATIENCE)
        aim, self._aim = self._aim, None
        if aim is not None and window is self._rows.window:
            self._arrive(*aim)

    def _arrive(self, cursor: int, top: int) -> None:
        """Put the cursor there, with `top` as the first row in view."""
        rows = self._rows
        cursor, top = rows.clamped(cursor), rows.clamped_top(top)
        before, self._cursor.position = self._cursor.position, cursor
        if top != rows.top:
            rows.scroll_to(top)
        elif cursor != before:
            rows.repaint(before, before + 1)
            rows.repaint(cursor, cursor + 1)
        if cursor != before:
            self._cursor.tell()
        self._cells.follow()
