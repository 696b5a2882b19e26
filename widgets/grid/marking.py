"""Marking rows, or cells, and opening a row."""

from __future__ import annotations

from functools import partial

from . import messages
from .marks import Marks
from .moves import GridMoves

# More keys than this in one set is slow everywhere: "all", or "all but", costs nothing.
RANGE_LIMIT = 100_000


class GridCells(GridMoves):
    """A view in which cells can be marked, from where one begins to the cursor."""

    def action_cells_up(self) -> None:
        """Mark cells up to the row above."""
        self._step(-1, extends=True)

    def action_cells_down(self) -> None:
        """Mark cells down to the row below."""
        self._step(1, extends=True)

    def action_cells_left(self) -> None:
        """Mark cells to the column at the left."""
        self._to_column(self._column - 1, extends=True)

    def action_cells_right(self) -> None:
        """Mark cells to the column at the right."""
        self._to_column(self._column + 1, extends=True)

    def action_cells_page_up(self) -> None:
        """Mark cells one page up."""
        self._leaf(-self._height, extends=True)

    def action_cells_page_down(self) -> None:
        """Mark cells one page down."""
        self._leaf(self._height, extends=True)

    def action_cells_first(self) -> None:
        """Mark cells up to the first row."""
        self._go(0, 0, extends=True)

    def action_cells_last(self) -> None:
        """Mark cells down to the last row."""
        self._go(self.total - 1, self.total, extends=True)


class GridMarking(GridCells):
    """A view in which rows can be marked and opened."""

    _anchor: int | None = None
    _before = Marks.NONE
    """What was marked when all marks were removed."""

    @property
    def marks(self) -> Marks:
        """The marked rows; whoever sets other ones, the owner hears of it."""
        return self._marks

    @marks.setter
    def marks(self, marks: Marks) -> None:
        if marks != self._marks:
            self._mark(marks)
            self._tell(messages.MarksChanged, marks)

    def action_mark(self) -> None:
        """Mark or unmark the cursor's row, then go down."""
        self._toggle()
        self.action_down()

    def action_mark_all(self) -> None:
        """Mark every row."""
        self.marks = Marks.ALL

    def action_clear_marks(self) -> None:
        """Mark none; what was marked can be had back."""
        if self._marks:
            self._before = self._marks
        self.marks = Marks.NONE

    def action_marks_back(self) -> None:
        """Mark again what was marked before."""
        if self._before:
            self.marks = self._before
        else:
            self._tell(messages.Refused, "Nothing was marked before.")

    def action_invert_marks(self) -> None:
        """Mark what is not marked."""
        self.marks = self._marks.inverted()

    def action_mark_range(self) -> None:
        """Mark from the last mark to the cursor."""
        if (row := self.cursor_row) is not None:
            self._spawn(partial(self._mark_range, row.key, self._cursor), group="grid-range", exclusive=True)

    def action_choose(self) -> None:
        """Open the cursor's row."""
        if (row := self.cursor_row) is not None:
            self._tell(messages.Chosen, row)

    def _toggle(self) -> None:
        """Mark or unmark the cursor's row."""
        if (row := self.cursor_row) is not None:
            self._anchor = row.key
            self.marks = self._marks.toggled(row.key)

    async def _mark_range(self, key: int, cursor: int) -> None:
        """Mark from the last mark, wherever its row is by now, to a position."""
        window = self._window
        if window.source is None:
            return
        try:
            anchor = await window.source.position(self._anchor) if self._anchor is not None else None
            start, stop = sorted((cursor, cursor if anchor is None else anchor))
            if stop - start >= RANGE_LIMIT:
                self._tell(messages.Refused, self._too_many(stop - start + 1))
                return
            keys = await window.source.keys(start, stop - start + 1)
        except Exception as error:  # whatever a source raises is its owner's to explain
            self._tell(messages.Failed, error)
            return
        if window is self._window:
            self._anchor = key
            self.marks = self._marks.with_keys(keys)

    def _too_many(self, count: int) -> str:
        """Why a range is not marked, and what to do."""
        return f"A range may have {RANGE_LIMIT:,} rows, this one has {count:,}: mark all rows instead."
