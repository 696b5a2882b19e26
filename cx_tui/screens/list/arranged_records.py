"""The columns and the order of a list of records, and where the operator's are kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cx_tui.domain.columns import record_columns
from cx_tui.domain.layout import Layout, usual_record_layout
from cx_tui.screens.list.arranging import Arranging
from cx_tui.screens.list.rows import grid_column, grid_columns
from widgets.grid import Column

if TYPE_CHECKING:
    from cx_tui.screens.list.record_list import RecordList
    from widgets.column_chooser import Choice


class RecordArranging(Arranging):
    """Keeps them in the workspace, apart for a list of all and that of one owner."""

    def __init__(self, host: "RecordList") -> None:
        super().__init__(host)
        self._workspace = host.cx.workspace
        self._name, self._owned = host.declared.name, host.scope.owned
        self.layout = self._workspace.record_layout(self._name, owned=self._owned)

    def usual(self) -> Layout:
        """The columns and the order that nobody has arranged."""
        return usual_record_layout(self._name, owned=self._owned)

    def keep(self, layout: Layout) -> None:
        """Keep a layout for the next time."""
        self._workspace.keep_record_layout(self._name, layout, owned=self._owned)

    def columns_of(self, layout: Layout) -> Sequence[Column]:
        """The columns of a layout as the grid knows them."""
        return grid_columns(self._name, layout)

    def choices(self) -> "Sequence[Choice]":
        """The columns of this kind of record."""
        from widgets.column_chooser import Choice

        every = record_columns(self._name).values()
        return [Choice(grid_column(column), column.group) for column in every]
