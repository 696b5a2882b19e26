"""What is done with finished calls: they are sent through the gates again, copied and written to a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from cx_tui.screens.calls.copying import marked_rows, table_of
from cx_tui.screens.calls.reading import calls_of
from cx_tui.screens.list.cell_copying import CellCopying
from cx_tui.terminal.in_order import OPENS
from widgets.duties import work

if TYPE_CHECKING:
    from cx_tui.screens.calls.call_list import CallsList


class CallActs(CellCopying):
    """The acts of one list."""

    host: "CallsList"

    @work(group="act", name=OPENS)
    async def action_simulate(self) -> None:
        """Send the call through the gates, as its customer was then and is now."""
        from cx_tui.screens.admission.compare import CompareScreen

        if self.host.call:
            await self.host.app.push_screen_wait(CompareScreen(self.host.call))

    @work(exclusive=True, group="copy")
    async def action_copy_rows(self) -> None:
        """Copy the marked cells or rows with their titles, or the row under the cursor."""
        if self.host.grid.cells.block:
            self.copy_cells(titles=True)
            return
        source, marks, row = self.host.grid.rows.source, self.host.grid.marks.rows, self.host.grid.cursor.row
        if source is None or row is None:
            return
        rows = [row]
        if marks:
            rows = await marked_rows(
                source, marks, self.host.grid.rows.total, self.host.cx.settings.clipboard.limit
            )
        number = f"{len(rows):,} row{'s' if len(rows) != 1 else ''}"
        self.send(table_of(self.host.grid.columns.shown, rows), f"{number} with titles")

    @work(group="act", name=OPENS)
    async def action_export(self) -> None:
        """Write the calls of the list into a file."""
        from cx_tui.screens.ask_path import AskPath
        from cx_tui.services.calls.written import ENDINGS

        folder = self.host.cx.workspace.folder_of_files() or str(Path.cwd())
        title = f"Write {self.host.grid.rows.total:,} calls into a file, times in UTC"
        path = await self.host.app.push_screen_wait(
            AskPath(title, f"{folder.rstrip('/')}/calls.csv", ENDINGS)
        )
        if path:
            self.write(path)

    @work(group="write")
    async def write(self, path: Path) -> None:
        """Write the file in a process of its own, so that no key waits for it."""
        from cx_tui.services.calls.child import written

        try:
            number = await written(await calls_of(self.host.cx), self.host.query_now, path)
        except CxError as error:
            self.host.notify(f"Nothing was written: {error}.", severity="error")
            return
        self.host.notify(f"{number:,} calls are in {path}, times in UTC.")
