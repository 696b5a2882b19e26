"""Copying cells of a list to the operator's clipboard, as they stand there."""

from typing import TYPE_CHECKING

from cx_tui.screens.copied import send
from cx_tui.screens.list.cells import cells_as_text, said_of
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.list.base_list import BaseList


class CellCopying(Duty):
    """Copies from one list."""

    host: "BaseList"

    def action_copy_cell(self) -> None:
        """Copy the marked cells, or the cell under the cursor."""
        row, column = self.host.grid.cursor.row, self.host.grid.cursor.column
        if self.host.grid.cells.block:
            self.copy_cells(titles=False)
        elif row and column:
            text = row.cell(column.key).text.strip()
            self.send(text, f'"{text[:60]}"')

    @work(exclusive=True, group="copy")
    async def copy_cells(self, *, titles: bool) -> None:
        """Copy the marked cells, with tabs between them."""
        grid = self.host.grid
        if cells := grid.cells.block:
            limit = self.host.cx.settings.clipboard.limit
            self.send(await cells_as_text(grid, cells, limit, titles=titles), said_of(cells, titles=titles))

    def send(self, text: str, what: str) -> None:
        """Copy a text, and say what was sent."""
        send(self.host.app, text, what)
