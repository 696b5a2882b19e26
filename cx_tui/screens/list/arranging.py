"""The columns and the order of a list: what the operator left is kept, and can be another view's."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.domain.query import Sort
from cx_tui.screens.present import shown_columns
from widgets.duties import Duty
from widgets.grid import SortKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cx_tui.domain.layout import Layout
    from cx_tui.screens.list.host import ListHost
    from widgets.column_chooser import Choice
    from widgets.grid import Column

WORST_LOW = {
    "credit", "balance", "available", "hours_left", "asr", "acd", "acd_all", "connected", "last_call_at",
    "contacts", "debit_limit", "success", "profit",
}  # fmt: skip
"""Columns in which little is bad; of all other numbers, much is."""


class Arranging(Duty):
    """Arranges one list; each kind of list says where its layout is kept."""

    host: ListHost
    layout: Layout

    @abstractmethod
    def usual(self) -> Layout:
        """The columns and the order that nobody has arranged."""

    @abstractmethod
    def keep(self, layout: Layout) -> None:
        """Keep a layout for the next time."""

    @abstractmethod
    def columns_of(self, layout: Layout) -> Sequence[Column]:
        """The columns of a layout as the grid knows them."""

    @abstractmethod
    def choices(self) -> Sequence[Choice]:
        """All columns that may be shown."""

    def usual_columns(self) -> Sequence[Column]:
        """The columns that nobody has arranged."""
        return self.columns_of(self.usual())

    def sort_keys(self) -> list[SortKey]:
        """The order as the grid knows it."""
        return [SortKey(sort.column, sort.descending) for sort in self.layout.sort]

    def arranged(self) -> Layout:
        """The columns and the order as they are."""
        return replace(self.layout, columns=shown_columns(self.host.grid.columns.shown))

    def use(self, layout: Layout) -> None:
        """Show and keep other columns and another order."""
        self.layout = layout
        self.host.grid.columns.show(self.columns_of(layout))
        self.host.grid.columns.sort = self.sort_keys()
        self.keep(layout)
        if layout.sort != self.host.query_now.sort:
            self.host.finding.ask(replace(self.host.query_now, sort=layout.sort))
        else:
            self.host.finding.find(keep=True)

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order the list, and keep that."""
        self.host.grid.columns.sort = sort
        self.layout = replace(self.layout, sort=tuple(Sort(key.column, key.descending) for key in sort))
        self.keep(self.layout)
        self.host.finding.ask(replace(self.host.query_now, sort=self.layout.sort))

    def keep_columns(self) -> None:
        """Keep the shown columns, and read rows that lack one of them."""
        self.layout = self.arranged()
        self.keep(self.layout)
        row = self.host.grid.cursor.row
        if row and any(column.key not in row.cells for column in self.host.grid.columns.shown):
            self.host.finding.find(keep=True)

    def action_worst_first(self) -> None:
        """Order by this column, what is worst first; pressed again, the other way round."""
        query, column = self.host.query_now, self.host.grid.cursor.column
        key = column.key if column else ""
        if column is None or column.align != "right":
            key = "warnings" if query.record == "customer" else key
        sort = Sort(key, key not in WORST_LOW)
        if query.sort == (sort,):
            sort = replace(sort, descending=not sort.descending)
        self.use(replace(self.arranged(), sort=(sort,)))
