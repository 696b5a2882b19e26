"""A virtual grid: a table of any length whose rows are fetched when they are looked at."""

from .at_hand import RowsAtHand
from .cells import MarkedCells
from .column import Cell, Column, Row, SortKey, next_sort
from .glyphs import ASCII, UNICODE, Glyphs
from .grid import Grid
from .marks import ALL, NONE, Marks
from .messages import (
    CellsMarked,
    Chosen,
    ColumnsChanged,
    CursorMoved,
    Failed,
    Hidden,
    MarksChanged,
    Refused,
    SortRequested,
)
from .source import RowSource

__all__ = [
    "ALL",
    "ASCII",
    "NONE",
    "UNICODE",
    "Cell",
    "CellsMarked",
    "Chosen",
    "Column",
    "ColumnsChanged",
    "CursorMoved",
    "Failed",
    "Glyphs",
    "Grid",
    "Hidden",
    "MarkedCells",
    "Marks",
    "MarksChanged",
    "Refused",
    "Row",
    "RowSource",
    "RowsAtHand",
    "SortKey",
    "SortRequested",
    "next_sort",
]
