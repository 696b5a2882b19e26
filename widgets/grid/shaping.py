"""Changing the columns: order of the rows, width, place, freezing, hiding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import messages
from .column import Column
from .layout import stretched, with_frozen
from .marking import GridMarking

WIDEST = 200


class GridShaping(GridMarking):
    """A view whose columns the operator shapes."""

    def action_sort(self) -> None:
        """Ask for an order by the cursor's column."""
        self._ask_sort(self.cursor_column, add=False)

    def action_add_sort(self) -> None:
        """Ask for the cursor's column as a further one of the order."""
        self._ask_sort(self.cursor_column, add=True)

    def action_narrower(self) -> None:
        """Make the cursor's column narrower."""
        self._widen(self._column, -1)

    def action_wider(self) -> None:
        """Make the cursor's column wider."""
        self._widen(self._column, 1)

    def action_move_left(self) -> None:
        """Move the cursor's column to the left."""
        self._exchange(self._column, self._column - 1)

    def action_move_right(self) -> None:
        """Move the cursor's column to the right."""
        self._exchange(self._column, self._column + 1)

    def action_freeze(self) -> None:
        """Freeze the columns up to the cursor's, or release them when they are frozen up to there."""
        frozen = sum(column.frozen for column in self._columns)
        self._reshape(with_frozen(self._columns, 0 if frozen == self._column + 1 else self._column + 1))

    def action_hide(self) -> None:
        """Hide the cursor's column, and say so; without the last one that says which row it is, nobody would
        know what is done to which."""
        column = self.cursor_column
        if column is None:
            return
        others = self._columns[: self._column] + self._columns[self._column + 1 :]
        if not others or (column.identifies and not any(other.identifies for other in others)):
            why = f"{column.title} stays: no other column here says which row this is."
            self._tell(messages.Refused, why if others else f"{column.title} stays: it is the last column.")
            return
        self._reshape(others)
        self._tell(messages.Hidden, column)

    def _ask_sort(self, column: Column | None, add: bool) -> None:
        """Ask the owner for an order."""
        if column is not None:
            self._tell(messages.SortRequested, column.key, add)

    def _widen(self, place: int, cells: int) -> None:
        """Make a column wider by some cells, or narrower down to its minimum."""
        if place >= len(self._columns):
            return
        now = stretched(self._columns, self._width)[place].width
        if self._set_width(place, now + cells):
            self._tell(messages.ColumnsChanged, self._columns)

    def _set_width(self, place: int, width: int) -> bool:
        """Give a column a width within its bounds: whether that is another one."""
        column = self._columns[place]
        width = max(column.minimum, min(width, WIDEST))
        if width == column.width and not column.grows:
            return False
        changed = replace(column, width=width, grows=0)
        self.set_columns([*self._columns[:place], changed, *self._columns[place + 1 :]])
        return True

    def _exchange(self, place: int, other: int) -> None:
        """Let two columns change places; as many as before stay frozen."""
        if 0 <= other < len(self._columns):
            columns = list(self._columns)
            columns[place], columns[other] = columns[other], columns[place]
            self._reshape(with_frozen(columns, sum(column.frozen for column in columns)))

    def _reshape(self, columns: Sequence[Column]) -> None:
        """Take these columns and say so."""
        if tuple(columns) != self._columns:
            self.set_columns(columns)
            self._to_column(self._column)
            self._tell(messages.ColumnsChanged, self._columns)
