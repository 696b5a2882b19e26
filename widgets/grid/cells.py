"""Which cells are marked: from a corner to the cursor, as in a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Corner:
    """Where marking cells began: a row by its position and its key, if that is known, and a column."""

    position: int
    key: int | None
    column: str


@dataclass(frozen=True, slots=True)
class MarkedCells:
    """A block of cells: so many rows from a position on, in these columns."""

    start: int
    rows: int
    columns: tuple[str, ...]

    @property
    def stop(self) -> int:
        """The position after the last row."""
        return self.start + self.rows

    @property
    def count(self) -> int:
        """How many cells there are."""
        return self.rows * len(self.columns)

    def of_row(self, position: int) -> frozenset[str]:
        """The columns that are marked in the row at a position."""
        return frozenset(self.columns) if self.start <= position < self.stop else frozenset()
