"""Marked cells of a grid whose screen says nothing of them: their totals below it, and copying them."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from cx_tui.app.following import Followed
from widgets.grid import Grid


class CountsCells(Followed):
    """A program that says what marked cells come to, wherever there is a grid."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy_cells", "copy", show=False, id="app.copy_cells",
                tooltip="Copy this cell, or the marked cells."),
    ]  # fmt: skip

    @on(Grid.CellsMarked)
    def cells_marked(self, event: Grid.CellsMarked) -> None:
        """Say what they come to, below their grid."""
        self.run_worker(self._say_cells(event.grid), group="cells", exclusive=True)

    async def _say_cells(self, grid: Grid) -> None:
        from cx_tui.screens.list.cells import line_of, say_cells

        if grid.is_attached:
            await say_cells(grid, await line_of(grid))

    def action_copy_cells(self) -> None:
        """Copy the marked cells of the grid that has the focus, or the cell under its cursor."""
        if isinstance(grid := self.focused, Grid):
            self.run_worker(self._copy_cells(grid), group="copy", exclusive=True)

    async def _copy_cells(self, grid: Grid) -> None:
        from cx_tui.screens.copied import send
        from cx_tui.screens.list.cells import cells_as_text, said_of

        row, column = grid.cursor.row, grid.cursor.column
        if cells := grid.cells.block:
            text = await cells_as_text(grid, cells, self.settings.clipboard.limit, titles=False)
            send(self, text, said_of(cells))
        elif row and column:
            text = row.cell(column.key).text.strip()
            send(self, text, f'"{text[:60]}"')

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Cells are copied where a grid has the focus."""
        if action == "copy_cells":
            return isinstance(self.focused, Grid)
        return super().check_action(action, parameters)
