"""The mouse: everything it does can be done by key."""

from __future__ import annotations

from textual import events

from widgets.mouse import is_over

from .bits import A_DAY, DAYS, Block, Place, bits_of, painted
from .paint import LABEL
from .type_in import WeekTypeIn
from .view import RULER


class WeekMouse(WeekTypeIn):
    """A view that takes the mouse: cells are painted, names of days select them."""

    _brush: tuple[Block, bool] | None = None
    _from_day: int | None = None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A cell: begin to paint, with shift select up to it.  The name of a day: begin to select days."""
        x = self._x_of_day(event)
        if event.button != 1 or x is None or x >= LABEL + self._scale.cell(A_DAY):
            return
        cell = self._cell_at(event)
        if x < LABEL:
            self._from_day = cell.first
            self._go(Place(cell.first, self.cursor.step), None)
        elif event.shift:
            self._go(Place(cell.last, cell.stop - 1), self._anchor or self.cursor)
            return
        else:
            self._brush = cell, self.bits & cell.mask != cell.mask
            self._paint_to(cell)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Paint, or select whole days, from where it began to here."""
        cell = self._cell_at(event)
        if self._brush is not None:
            self._paint_to(cell)
        elif self._from_day is not None and cell.first != self.cursor.day:
            self._select_days(self._from_day, cell.first)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Take what was painted, as one change."""
        if self._brush is not None:
            bits, self._tried, self._brush = self.bits, None, None
            self._change(bits)
        self._from_day = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """The name of a day, twice: select that day."""
        x = self._x_of_day(event)
        if event.chain == 2 and x is not None and x < LABEL:
            day = self._cell_at(event).first
            self._select_days(day, day)

    def _x_of_day(self, event: events.MouseEvent) -> int | None:
        """Where the mouse is in the line of a day; None elsewhere, and while hours are typed."""
        offset = None if self._typing or not is_over(self, event) else event.get_content_offset(self)
        return offset.x if offset is not None and 0 <= offset.y - RULER < len(DAYS) else None

    def _cell_at(self, event: events.MouseEvent) -> Block:
        """The steps of the cell under the mouse, or of the nearest one there is."""
        x, y = event.get_content_offset_capture(self)
        place = Place().moved(y - RULER, self._scale.step_at(x))
        return Block.between(place, place.moved(steps=self._scale.each - 1))

    def _paint_to(self, cell: Block) -> None:
        """Paint from where it began to a cell; going back takes back what was painted too far."""
        if self._brush is not None:
            begun, allow = self._brush
            self._tried = painted(bits_of(self.value), begun.reaching(cell).mask, allow)
            self._go(Place(cell.first, cell.start), None)
