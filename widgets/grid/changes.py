"""What others changed: it is fetched, drawn, and pointed out for a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from textual.geometry import Region
from textual.widget import Widget

from . import messages
from .column import Row
from .columns import Columns
from .messages import Tell
from .rows import Rows

POINTED_OUT = 2.5
"""Seconds that a changed cell looks so."""


class Changes:
    """The changes since the rows of a grid were fetched."""

    def __init__(self, grid: Widget, rows: Rows, columns: Columns, tell: Tell) -> None:
        self._grid = grid
        self._rows = rows
        self._columns = columns
        self._tell = tell
        self.pointed_out: dict[int, frozenset[str]] = {}
        """The columns of the cells that are pointed out, by the keys of their rows."""
        self.out_of_order: set[int] = set()
        """The keys of rows whose place was by a value that is another one now: they stay where they are."""

    async def fetch(self, point_out: Collection[str] = ()) -> int | None:
        """Fetch the rows on and near the screen again, repaint only the cells that changed: how many did, or
        None when the source did not answer.  Cells of some columns are pointed out for a moment."""
        window = self._rows.window
        keys = window.keep_near(*self._rows.in_view())
        # What could not be fetched before is asked for again.
        self._rows.ask()
        if window.source is None or not keys:
            return 0
        try:
            fresh = await window.source.again(keys)
        except Exception as error:  # whatever a source raises is its owner's to explain
            if window is self._rows.window:
                self._tell(messages.Failed, error)
            return None
        if window is not self._rows.window:
            return 0
        first, last = self._rows.in_view()
        differing = window.renew(keys, fresh)
        order = [key.column for key in self._columns.sort]
        self.out_of_order |= {new.key for _, old, new in differing if _differ(old, new, order)}
        self._point_out(differing, point_out)
        return sum(self._repaint(*change) for change in differing if first <= change[0] < last)

    def _point_out(self, differing: Sequence[tuple[int, Row, Row]], columns: Collection[str]) -> None:
        """Have what others changed look so for a moment."""
        found = {}
        for _, old, new in differing:
            if names := _differ(old, new, columns):
                found[new.key] = self.pointed_out.get(new.key, frozenset()) | names
        if found:
            self.pointed_out |= found
            self._grid.set_timer(POINTED_OUT, lambda: self._forget(found))

    def _forget(self, which: Mapping[int, frozenset[str]]) -> None:
        """Draw them as all others again, unless more of their rows was changed meanwhile."""
        for key in [key for key, names in which.items() if self.pointed_out.get(key) == names]:
            del self.pointed_out[key]
        for position, row in self._rows.window.rows(*self._rows.in_view()):
            if row.key in which:
                self._rows.repaint(position, position + 1)

    def _repaint(self, position: int, old: Row, new: Row) -> int:
        """Draw the cells of one row again that changed: how many did."""
        shown = self._columns.shown
        if old.gone != new.gone:
            self._rows.repaint(position, position + 1)
            return len(shown)
        changed = {column.key for column in shown if old.cell(column.key) != new.cell(column.key)}
        y = position - self._rows.top + 1
        slots = [slot for slot in self._columns.layout().slots if slot.column.key in changed]
        if slots:
            self._grid.refresh(*(Region(slot.x, y, slot.stop - slot.x, 1) for slot in slots))
        return len(changed)


def _differ(old: Row, new: Row, columns: Iterable[str]) -> frozenset[str]:
    """In which of some columns a row that is still there has another value."""
    if new.gone:
        return frozenset()
    return frozenset(name for name in columns if name in old.cells and old.cell(name) != new.cell(name))
