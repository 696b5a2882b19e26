"""The columns and the order of the list of customers, and where the operator's are kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cx_tui.domain.columns import list_columns
from cx_tui.domain.layout import Layout, usual_layout
from cx_tui.screens.list.arranging import Arranging
from cx_tui.screens.present import grid_column, grid_columns
from widgets.grid import Column

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen
    from widgets.column_chooser import Choice


class CustomersArranging(Arranging):
    """Keeps them in the workspace."""

    def __init__(self, host: "CustomersScreen") -> None:
        super().__init__(host)
        self._workspace = host.cx.workspace
        self.layout = self._workspace.layout()

    def usual(self) -> Layout:
        """The columns and the order that nobody has arranged."""
        return usual_layout()

    def keep(self, layout: Layout) -> None:
        """Keep a layout for the next time."""
        self._workspace.keep_layout(layout)

    def columns_of(self, layout: Layout) -> Sequence[Column]:
        """The columns of a layout as the grid knows them."""
        return grid_columns(layout)

    def choices(self) -> "Sequence[Choice]":
        """Every column of a customer."""
        from widgets.column_chooser import Choice

        return [Choice(grid_column(column), column.group) for column in list_columns().values()]
