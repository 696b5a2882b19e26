"""Marked cells of a grid whose screen says nothing of them: their totals below it, and copying them."""

from typing import TYPE_CHECKING

from widgets.duties import Duty
from widgets.grid import Grid

if TYPE_CHECKING:
    from cx_tui.app.program import CxApp


class CellsOfAnyGrid(Duty):
    """Says and copies them, wherever there is a grid."""

    host: "CxApp"

    def say(self, grid: Grid) -> None:
        """Say what the marked cells come to, below their grid."""
        self.host.run_worker(self._say(grid), group="cells", exclusive=True)

    async def _say(self, grid: Grid) -> None:
        from cx_tui.screens.list.cells import line_of, say_cells

        if grid.is_attached:
            await say_cells(grid, await line_of(grid))

    def action_copy_cells(self) -> None:
        """Copy the marked cells of the grid that has the focus, or the cell under its cursor."""
        if isinstance(grid := self.host.focused, Grid):
            self.host.run_worker(self._copy_cells(grid), group="copy", exclusive=True)

    async def _copy_cells(self, grid: Grid) -> None:
        from cx_tui.screens.copied import send
        from cx_tui.screens.list.cells import cells_as_text, said_of

        row, column = grid.cursor.row, grid.cursor.column
        if cells := grid.cells.block:
            text = await cells_as_text(grid, cells, self.host.settings.clipboard.limit, titles=False)
            send(self.host, text, said_of(cells))
        elif row and column:
            text = row.cell(column.key).text.strip()
            send(self.host, text, f'"{text[:60]}"')
