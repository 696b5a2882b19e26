"""Moving the cursor: by a row, a page, to an end, to a key; far moves wait a moment for their rows."""

from __future__ import annotations

from textual.events import Key
from textual.scrollbar import ScrollTo

from . import messages
from .cells import Corner
from .view import GridView

# Long enough for a database on this network, short enough not to be felt as a delay.
PATIENCE = 0.08

BY_PAGES = {
    "page_up", "page_down", "half_page_up", "half_page_down", "cells_page_up", "cells_page_down",
}  # fmt: skip
"""Actions that go as far as the screen is high."""

MOVES = {
    "up", "down", "left", "right", "first", "last", "cells_up", "cells_down", "cells_left", "cells_right",
    "cells_first", "cells_last", *BY_PAGES,
}  # fmt: skip
"""Actions that only move the cursor."""


class GridMoves(GridView):
    """A view whose cursor moves."""

    _actions: dict[str, str] | None = None

    async def select_position(self, position: int) -> None:
        """Put the cursor on a position, with its row in view."""
        window = self._window
        cursor = self._clamped(position)
        top = self._top_showing(cursor)
        await window.ready(top, top + self._height, PATIENCE)
        if window is self._window:
            self._aim = self._corner = None
            self._move(cursor, top)

    async def select_key(self, key: int) -> bool:
        """Put the cursor on the row with this key: whether the result has it."""
        window = self._window
        if window.source is None:
            return False
        try:
            position = await window.source.position(key)
        except Exception as error:  # whatever a source raises is its owner's to explain
            self._tell(messages.Failed, error)
            return False
        if position is None or window is not self._window:
            return False
        await self.select_position(position)
        return True

    def awaits(self, key: str) -> bool:
        """Whether a key acts on a row that the cursor is on its way to: one that moves it further need not
        wait.  To be asked before a key is passed on, by a program that can."""
        if self._aim is None and (self.cursor_row is not None or not self._window.asks()):
            return False
        return self.action_of(key) not in MOVES

    def needs_its_height(self, key: str) -> bool:
        """Whether a key goes as far as the grid is high: when the key before it has made something else come
        or go, it has to wait until that is laid out.  To be asked by the program, too."""
        return self.action_of(key) in BY_PAGES

    async def on_key(self, event: Key) -> None:
        """Act on the grid's own keys here: on their way to the program, which else does it, they would pass
        everything that the grid is in, and that takes longer than the move.  Of marked cells escape takes the
        marks away before it means anything else."""
        if event.key == "escape" and self.cells:
            self._drop_cells()
            event.stop()
            return
        action = self.action_of(event.key)
        if action and await self.app.run_action(action, self):
            event.stop()

    def action_of(self, key: str) -> str:
        """What a key does in the grid itself, with the keys as they are mapped now; "" is nothing."""
        if self._actions is None:
            active = self.screen.active_bindings
            self._actions = {key: one.binding.action for key, one in active.items() if one.node is self}
        return self._actions.get(key, "")

    def on_mount(self) -> None:
        """Hear of other keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._forget_actions)

    def _forget_actions(self, _: object) -> None:
        self._actions = None

    def action_up(self) -> None:
        """One row up."""
        self._step(-1)

    def action_down(self) -> None:
        """One row down."""
        self._step(1)

    def action_first(self) -> None:
        """To the first row."""
        self._go(0, 0)

    def action_last(self) -> None:
        """To the last row."""
        self._go(self.total - 1, self.total)

    def action_page_up(self) -> None:
        """One page up; the cursor keeps its screen line."""
        self._leaf(-self._height)

    def action_page_down(self) -> None:
        """One page down; the cursor keeps its screen line."""
        self._leaf(self._height)

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self._leaf(-max(1, self._height // 2))

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self._leaf(max(1, self._height // 2))

    def action_left(self) -> None:
        """One column to the left."""
        self._to_column(self._column - 1)

    def action_right(self) -> None:
        """One column to the right."""
        self._to_column(self._column + 1)

    def select_column(self, key: str) -> None:
        """Put the cursor into the column with this key."""
        places = [place for place, column in enumerate(self._columns) if column.key == key]
        if places:
            self._to_column(places[0])

    def _to_column(self, place: int, *, extends: bool = False) -> None:
        """Put the cursor into a column and bring that into view; the marked cells end, or reach to there."""
        self._extend() if extends else self._drop_cells()
        place = max(0, min(place, len(self._columns) - 1))
        if place != self._column:
            self._column = place
            self._repaint_header()
            self._tell_cursor()
            self._cells_moved()
        self.scroll_to(x=self._layout_now().scroll_to(place), animate=False, force=True, immediate=True)

    def _base(self) -> tuple[int, int]:
        """The cursor and the first row in view, as they will be when a move under way is done."""
        return self._aim or (self._cursor, self.scroll_offset.y)

    def _step(self, rows: int, *, extends: bool = False) -> None:
        """Move by some rows and scroll no more than needed."""
        cursor = self._clamped(self._base()[0] + rows)
        self._go(cursor, self._top_showing(cursor), extends=extends)

    def _leaf(self, rows: int, *, extends: bool = False) -> None:
        """Move the cursor and the rows in view together."""
        cursor, top = self._base()
        self._go(cursor + rows, top + rows, extends=extends)

    def _extend(self) -> None:
        """Mark cells from here on, unless that began elsewhere."""
        if self._corner is None and (column := self.cursor_column):
            position = self._base()[0]
            row = self._window.row_at(position)
            self._corner = Corner(position, row.key if row else None, column.key)

    def _drop_cells(self) -> None:
        """No cell is marked."""
        self._corner = None
        self._cells_moved()

    def _top_showing(self, cursor: int) -> int:
        """The first row in view nearest to the present one that has the cursor on the screen."""
        top = self._base()[1]
        return self._clamped_top(max(min(top, cursor), cursor - self._height + 1))

    def _go(self, cursor: int, top: int, *, extends: bool = False) -> None:
        """Move now if the rows are here; else soon, and a later move takes this one's place.  The marked
        cells end, or reach to there."""
        self._extend() if extends else self._drop_cells()
        cursor, top = self._clamped(cursor), self._clamped_top(top)
        if self._window.has(top, top + self._height):
            self._aim = None
            self._move(cursor, top)
            return
        waits = self._aim is not None
        self._aim = (cursor, top)
        self._window.see(top, top + self._height)
        if not waits:
            self._spawn(self._arrive, group="grid-jump", exclusive=True)

    async def _arrive(self) -> None:
        """Wait for the rows of the move under way, whichever that is by then, but not long."""
        window = self._window
        top = self._base()[1]
        await window.ready(top, top + self._height, PATIENCE)
        aim, self._aim = self._aim, None
        if aim is not None and window is self._window:
            self._move(*aim)

    def _move(self, cursor: int, top: int) -> None:
        """Put the cursor there, with `top` as the first row in view."""
        cursor, top = self._clamped(cursor), self._clamped_top(top)
        before, self._cursor = self._cursor, cursor
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True, immediate=True)
        elif cursor != before:
            self._repaint_rows(before, before + 1)
            self._repaint_rows(cursor, cursor + 1)
        if cursor != before:
            self._tell_cursor()
        self._cells_moved()

    def on_scroll_to(self, message: ScrollTo) -> None:
        """The scroll bar: go there at once, but give far rows the moment they need."""
        message.prevent_default().stop()
        if message.y is not None:
            self._go(self._base()[0], round(message.y), extends=self._corner is not None)
        if message.x is not None:
            self.scroll_to(x=message.x, animate=False, immediate=True)
