"""The mouse: cells are painted, names of days select them.  Everything it does can be done by key."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.widget import Widget

from widgets.mouse import is_over

from .bits import A_DAY, DAYS, Block, Place, bits_of, painted
from .hours import Hours
from .paint import LABEL, Scale
from .selection import Selection
from .view import RULER


class Brush:
    """What the mouse does to the days of a week."""

    def __init__(
        self, editor: Widget, hours: Hours, selection: Selection, is_off: Callable[[], bool]
    ) -> None:
        self._editor = editor
        self._hours = hours
        self._selection = selection
        self._is_off = is_off
        self._begun: tuple[Block, bool] | None = None
        """The cell where painting began, and whether it allows."""
        self._from_day: int | None = None
        """The day where selecting days began."""

    def press(self, event: events.MouseDown) -> None:
        """A cell: begin to paint, with shift select up to it.  The name of a day: begin to select days."""
        x = self._x_of_day(event)
        if event.button != 1 or x is None or x >= LABEL + self._scale.cell(A_DAY):
            return
        cell = self._cell_at(event)
        if x < LABEL:
            self._from_day = cell.first
            self._selection.go(Place(cell.first, self._selection.cursor.step))
        elif event.shift:
            self._selection.extend(Place(cell.last, cell.stop - 1))
            return
        else:
            self._begun = cell, self._hours.bits & cell.mask != cell.mask
            self._paint_to(cell)
        self._editor.capture_mouse()

    def draw(self, event: events.MouseMove) -> None:
        """Paint, or select whole days, from where it began to here."""
        cell = self._cell_at(event)
        if self._begun is not None:
            self._paint_to(cell)
        elif self._from_day is not None and cell.first != self._selection.cursor.day:
            self._selection.days(self._from_day, cell.first)

    def release(self) -> None:
        """Take what was painted, as one change."""
        if self._begun is not None:
            self._begun = None
            self._hours.take_tried()
        self._from_day = None
        self._editor.release_mouse()

    def click(self, event: events.Click) -> None:
        """The name of a day, twice: select that day."""
        x = self._x_of_day(event)
        if event.chain == 2 and x is not None and x < LABEL:
            day = self._cell_at(event).first
            self._selection.days(day, day)

    @property
    def _scale(self) -> Scale:
        return Scale.for_width(self._editor.size.width)

    def _x_of_day(self, event: events.MouseEvent) -> int | None:
        """Where the mouse is in the line of a day; None elsewhere, and while it is off."""
        inside = not self._is_off() and is_over(self._editor, event)
        offset = event.get_content_offset(self._editor) if inside else None
        return offset.x if offset is not None and 0 <= offset.y - RULER < len(DAYS) else None

    def _cell_at(self, event: events.MouseEvent) -> Block:
        """The steps of the cell under the mouse, or of the nearest one there is."""
        x, y = event.get_content_offset_capture(self._editor)
        place = Place().moved(y - RULER, self._scale.step_at(x))
        return Block.between(place, place.moved(steps=self._scale.each - 1))

    def _paint_to(self, cell: Block) -> None:
        """Paint from where it began to a cell; going back takes back what was painted too far."""
        if self._begun is not None:
            begun, allow = self._begun
            self._hours.tried = painted(bits_of(self._hours.value), begun.reaching(cell).mask, allow)
            self._selection.go(Place(cell.first, cell.start))
