"""What a list shows: its rows, its columns, its order, and what is said of them."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.widgets import Input

from cx_tui.screens.list.cells import Number, number_of
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from widgets.grid import Column, Row, RowSource, SortKey


class ListContents:
    """What one list shows; each kind of list says it."""

    host: Any
    """The list."""
    placeholder = "any text of the record"

    def __init__(self, host: Any) -> None:
        self.host = host

    @abstractmethod
    def first_columns(self) -> "Sequence[Column]":
        """The columns that are shown at first."""

    @abstractmethod
    def first_sort(self) -> "Sequence[SortKey]":
        """The order at first."""

    @abstractmethod
    async def read(self) -> "RowSource":
        """The rows that are asked for."""

    @abstractmethod
    async def number(self, rows: "RowSource") -> int | None:
        """How many of them there are to the last one; None: that is counted later."""

    @abstractmethod
    def narrow(self, text: str) -> None:
        """Ask for what has a text."""

    def why_not(self, text: str) -> str:
        """Why a text narrows nothing, as a sentence; empty when it does."""
        return ""

    @abstractmethod
    def order(self, sort: "Sequence[SortKey]") -> None:
        """Ask for another order."""

    @abstractmethod
    def nothing_here(self) -> str:
        """What to do when the list is empty."""

    @abstractmethod
    def detail(self) -> LineText:
        """More of the row under the cursor."""

    def standing(self) -> Sequence[Part]:
        """How many there are, and which, for a title."""
        return [Part(f"{self.host.grid.rows.total:,}", "dim")] if self.host.read_at else []

    def number_in(self, row: "Row", column: "Column") -> Number | None:
        """The number of a cell; of those that are shown rounded, the whole one."""
        return number_of(row, column)

    def search_box(self) -> Input:
        """The box that one types into what is looked for."""
        return Input(placeholder=self.placeholder, compact=True)
