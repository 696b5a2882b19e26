"""Marking cells: from where one begins to the cursor."""

from __future__ import annotations

from dataclasses import replace

from . import messages
from .cells import Corner, MarkedCells
from .columns import Columns
from .cursor import Cursor
from .messages import Tell
from .rows import Rows
from .source import RowSource


class CellMarks:
    """The cells that are marked in a grid."""

    def __init__(self, rows: Rows, columns: Columns, cursor: Cursor, tell: Tell) -> None:
        self._rows = rows
        self._columns = columns
        self._cursor = cursor
        self._tell = tell
        self.corner: Corner | None = None
        self._told: MarkedCells | None = None
        """What the owner knows of."""

    @property
    def block(self) -> MarkedCells | None:
        """The marked cells, when there is more than one."""
        if self.corner is None or not self._rows.total:
            return None
        corner = self._columns.place_of(self.corner.column)
        if corner is None:
            return None
        first, last = sorted((self._rows.clamped(self.corner.position), self._cursor.position))
        left, right = sorted((corner, self._columns.place))
        columns = tuple(column.key for column in self._columns.shown[left : right + 1])
        found = MarkedCells(first, last - first + 1, columns)
        return found if found.count > 1 else None

    def begin(self, position: int) -> None:
        """Mark from the cursor's column and this position on, unless that began elsewhere."""
        if self.corner is None and (column := self._columns.current):
            row = self._rows.window.row_at(position)
            self.corner = Corner(position, row.key if row else None, column.key)

    def drop(self) -> None:
        """No cell is marked."""
        self.corner = None
        self.follow()

    def follow(self, *, anew: bool = False) -> None:
        """Draw and tell which cells are marked, if they are others than before, or the rows may be."""
        before, now = self._told, self.block
        if now == before and not (anew and now):
            return
        self._told = now
        for block in (before, now):
            if block:
                self._rows.repaint(block.start, block.stop)
        self._tell(messages.CellsMarked, now)

    async def corner_in(self, source: RowSource) -> Corner | None:
        """Where marking cells began, in another result."""
        corner = self.corner
        position = await source.position(corner.key) if corner and corner.key is not None else None
        return replace(corner, position=position) if corner and position is not None else None
