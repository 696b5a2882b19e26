"""Where the cursor is."""

from __future__ import annotations

from collections.abc import Callable

from .column import Column, Row
from .columns import Columns
from .rows import Rows


class Cursor:
    """The row and the column that keys act on."""

    def __init__(self, rows: Rows, columns: Columns, tell: Callable[[], None]) -> None:
        self._rows = rows
        self._columns = columns
        self.tell = tell
        """Say where the cursor is."""
        self.position = 0
        """The position of its row."""

    @property
    def row(self) -> Row | None:
        """Its row, if that is here."""
        return self._rows.window.row_at(self.position) if self.position < self._rows.total else None

    @property
    def key(self) -> int | None:
        """The key of its row, if that is here."""
        row = self.row
        return row.key if row else None

    @property
    def column(self) -> Column | None:
        """Its column."""
        return self._columns.current
