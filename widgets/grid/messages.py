"""What a grid tells its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol

from textual.message import Message

from .cells import MarkedCells
from .column import Column, Row
from .marks import Marks

if TYPE_CHECKING:
    from .grid import Grid

P = ParamSpec("P")


class Tell(Protocol):
    """Sends the owner of a grid a message of that grid."""

    def __call__(
        self, kind: Callable[Concatenate[Grid, P], GridMessage], *args: P.args, **named: P.kwargs
    ) -> None:
        """Send a message of this kind, with what it says."""
        ...


@dataclass
class GridMessage(Message, namespace="grid"):
    """Something a grid tells; `control` is that grid."""

    grid: Grid

    @property
    def control(self) -> Grid:
        """The grid that tells it."""
        return self.grid


@dataclass
class CursorMoved(GridMessage, namespace="grid"):
    """The cursor is on another row, or its row has come from the source (None: not yet here)."""

    position: int
    row: Row | None


@dataclass
class Chosen(GridMessage, namespace="grid"):
    """The operator opens this row."""

    row: Row


@dataclass
class MarksChanged(GridMessage, namespace="grid"):
    """Other rows are marked."""

    marks: Marks


@dataclass
class CellsMarked(GridMessage, namespace="grid"):
    """Other cells are marked now, or none (None)."""

    cells: MarkedCells | None


@dataclass
class SortRequested(GridMessage, namespace="grid"):
    """The operator asks for an order by this column; `add`: after those there are."""

    column: str
    add: bool


@dataclass
class ColumnsChanged(GridMessage, namespace="grid"):
    """The operator changed the columns' width, order or freezing, or hid one."""

    columns: tuple[Column, ...]


@dataclass
class Hidden(GridMessage, namespace="grid"):
    """The operator hid this column."""

    column: Column


@dataclass
class Refused(GridMessage, namespace="grid"):
    """The grid did not do what was asked; the text says what to do instead."""

    text: str


@dataclass
class Failed(GridMessage, namespace="grid"):
    """The source raised this; the rows stay as they are."""

    error: Exception
