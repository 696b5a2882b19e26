"""Marking rows."""

from __future__ import annotations

from functools import partial

from . import messages
from .cursor import Cursor
from .marks import Marks
from .messages import Tell
from .rows import Rows

# More keys than this in one set is slow everywhere: "all", or "all but", costs nothing.
RANGE_LIMIT = 100_000


class RowMarks:
    """The rows that are marked in a grid."""

    def __init__(self, rows: Rows, cursor: Cursor, tell: Tell) -> None:
        self._rows = rows
        self._cursor = cursor
        self._tell = tell
        self._marked = Marks.NONE
        self._before = Marks.NONE
        """What was marked when all marks were removed."""
        self._anchor: int | None = None
        """The key of the row that was marked last."""

    @property
    def rows(self) -> Marks:
        """The marked rows; whoever sets other ones, the owner hears of it."""
        return self._marked

    @rows.setter
    def rows(self, marks: Marks) -> None:
        if marks == self._marked:
            return
        before, self._marked = self._marked, marks
        for position, row in self._rows.window.rows(*self._rows.in_view()):
            if (row.key in before) != (row.key in marks):
                self._rows.repaint(position, position + 1)
        self._tell(messages.MarksChanged, marks)

    @property
    def count(self) -> int:
        """How many rows of the result are marked."""
        return self._marked.count(self._rows.total)

    def toggle(self) -> None:
        """Mark or unmark the cursor's row."""
        if (row := self._cursor.row) is not None:
            self._anchor = row.key
            self.rows = self._marked.toggled(row.key)

    def clear(self) -> None:
        """Mark none; what was marked can be had back."""
        if self._marked:
            self._before = self._marked
        self.rows = Marks.NONE

    def take_back(self) -> None:
        """Mark again what was marked before all marks were removed."""
        if self._before:
            self.rows = self._before
        else:
            self._tell(messages.Refused, "Nothing was marked before.")

    def reach(self) -> None:
        """Mark from the last mark to the cursor."""
        if (row := self._cursor.row) is not None:
            work = partial(self._mark_range, row.key, self._cursor.position)
            self._rows.spawn(work, group="grid-range", exclusive=True)

    async def _mark_range(self, key: int, cursor: int) -> None:
        """Mark from the last mark, wherever its row is by now, to a position."""
        window = self._rows.window
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
        if window is self._rows.window:
            self._anchor = key
            self.rows = self._marked.with_keys(keys)

    def _too_many(self, count: int) -> str:
        """Why a range is not marked, and what to do."""
        return f"A range may have {RANGE_LIMIT:,} rows, this one has {count:,}: mark all rows instead."
