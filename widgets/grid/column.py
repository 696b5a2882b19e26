"""What a grid shows: columns, cells and rows, and the order the rows are said to have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from widgets.text import Align


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in a row's cells, its title and how wide it is drawn."""

    key: str
    title: str
    width: int = 12
    align: Align = "left"
    frozen: bool = False
    minimum: int = 3
    help: str = ""
    grows: int = 0
    """The width that it takes when the columns leave room."""
    identifies: bool = False
    """Whether it says which row this is: the last of such columns is never hidden."""
    unit: str = ""
    """The key of the cell that says in which unit its numbers are: only those of one unit are added."""
    adds: bool = True
    """Whether its numbers may be added up; averages and codes may not."""


class Cell(NamedTuple):
    """A cell's text and its tone: "", "dim", "good", "warn", "bad" or "accent"; and whether a sign points it
    out, where its text alone does not say what the tone says."""

    text: str
    tone: str = ""
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a key that outlives sorting, its cells by column key, and whether it is no longer there."""

    key: int
    cells: Mapping[str, str | Cell]
    gone: bool = False

    def cell(self, column: str) -> Cell:
        """The cell of a column; a plain string is a cell without tone, a missing one is empty."""
        value = self.cells.get(column, "")
        return value if isinstance(value, Cell) else Cell(value)


class SortKey(NamedTuple):
    """One column the rows are ordered by."""

    column: str
    descending: bool = False


def next_sort(sort: Sequence[SortKey], column: str, add: bool) -> tuple[SortKey, ...]:
    """The order after `column` was asked for: turned round if it is there, else alone or as the last one."""
    turned = tuple(SortKey(k.column, not k.descending) if k.column == column else k for k in sort)
    present = any(k.column == column for k in sort)
    if add:
        return turned if present else (*sort, SortKey(column))
    return tuple(k for k in turned if k.column == column) or (SortKey(column),)
