"""Changing the columns: order of the rows, width, place, freezing, hiding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import messages
from .column import Column
from .columns import Columns
from .layout import with_frozen
from .messages import Tell
from .moves import Moves

WIDEST = 200


class Shaping:
    """What the operator does to the columns of a grid; the owner hears of it."""

    def __init__(self, columns: Columns, moves: Moves, tell: Tell) -> None:
        self._columns = columns
        self._moves = moves
        self._tell = tell

    def ask_order(self, column: Column | None, *, add: bool) -> None:
        """Ask the owner for an order by a column, or by it as a further one."""
        if column is not None:
            self._tell(messages.SortRequested, column.key, add)

    def widen(self, cells: int) -> None:
        """Make the cursor's column wider by some cells, or narrower down to its minimum."""
        column = self._columns.current
        if column is None:
            return
        drawn = self._columns.layout().columns[self._columns.place].width
        if self.set_width(column.key, drawn + cells):
            self._tell(messages.ColumnsChanged, self._columns.shown)

    def set_width(self, key: str, width: int) -> bool:
        """Give a column a width within its bounds: whether that is another one.  Nobody hears of it yet."""
        place, shown = self._columns.place_of(key), self._columns.shown
        if place is None:
            return False
        column = shown[place]
        width = max(column.minimum, min(width, WIDEST))
        if width == column.width and not column.grows:
            return False
        changed = replace(column, width=width, grows=0)
        self._columns.show([*shown[:place], changed, *shown[place + 1 :]])
        return True

    def move(self, by: int) -> None:
        """Move the cursor's column to the right, or to the left; as many as before stay frozen."""
        place, other = self._columns.place, self._columns.place + by
        if 0 <= other < len(self._columns.shown):
            columns = list(self._columns.shown)
            columns[place], columns[other] = columns[other], columns[place]
            self._reshape(with_frozen(columns, sum(column.frozen for column in columns)))

    def freeze(self) -> None:
        """Freeze the columns up to the cursor's, or release them when they are frozen up to there."""
        shown, wanted = self._columns.shown, self._columns.place + 1
        frozen = sum(column.frozen for column in shown)
        self._reshape(with_frozen(shown, 0 if frozen == wanted else wanted))

    def hide(self) -> None:
        """Hide the cursor's column, and say so; without the last one that says which row it is, nobody would
        know what is done to which."""
        column, place, shown = self._columns.current, self._columns.place, self._columns.shown
        if column is None:
            return
        others = shown[:place] + shown[place + 1 :]
        if not others or (column.identifies and not any(other.identifies for other in others)):
            why = f"{column.title} stays: no other column here says which row this is."
            self._tell(messages.Refused, why if others else f"{column.title} stays: it is the last column.")
            return
        self._reshape(others)
        self._tell(messages.Hidden, column)

    def _reshape(self, columns: Sequence[Column]) -> None:
        """Take these columns and say so."""
        if tuple(columns) != self._columns.shown:
            self._columns.show(columns)
            self._moves.to_place(self._columns.place)
            self._tell(messages.ColumnsChanged, self._columns.shown)
