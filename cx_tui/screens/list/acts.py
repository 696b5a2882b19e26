"""What is done from a list of records: open, add, change, delete, put in order, copy, write to a file."""

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from cx_tui.domain.columns import record_columns
from cx_tui.domain.records import record_named
from cx_tui.errors import CxError
from cx_tui.screens.list.cells import copy_cells
from cx_tui.screens.list.rows import shown_text
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS

if TYPE_CHECKING:
    from cx_tui.screens.list.record_list import RecordList
    from cx_tui.services.lists.listing import Listing

PART = 1_000
"""So many rows are read at a time."""


class RecordActs:
    """The acts of one list; each runs as a worker of it."""

    def __init__(self, of: "RecordList") -> None:
        self._list = of
        self._name = of.declared.name

    def open(self, record_id: int) -> None:
        """Open the form of a record."""
        self._list.run_worker(self._open(record_id), name=OPENS, group="form", exclusive=True)

    async def _open(self, record_id: int) -> None:
        records = (await self._list.cx.services()).records_of[self._name]
        try:
            record = await records.get(record_id)
        except CxError as error:
            self._list.notify(f"It can't be opened: {error}.", severity="error")
            return
        await self._form(record)

    def add(self) -> None:
        """Open the form of a new record; of whom it shall be is asked first where the list is of all."""
        if may_write(self._list.screen, need=("make", self._name)):
            self._list.run_worker(self._form(None), name=OPENS, group="form", exclusive=True)

    async def _form(self, record: Any) -> None:
        from cx_tui.screens.form import RecordForm
        from cx_tui.screens.list.choose import choose_record

        records = (await self._list.cx.services()).records_of[self._name]
        declared, given = self._list.declared, self._list.scope.given()
        if record is None and declared.owner_id and declared.owner_id not in given:
            title = f"New {declared.one}: for which {record_named(declared.owner).declared.one}?"
            owner = await choose_record(self._list.screen, declared.owner, title)
            if owner is None:
                return
            given[declared.owner_id] = owner
        form = RecordForm(records, declared.one, record, given=given)
        form.foresee = self._list.foresees(record)
        await self._list.app.push_screen_wait(form)
        await self._list.again()

    def edit_marked(self) -> None:
        """Change fields of the marked records at once."""
        self._list.run_worker(self._edit_marked(), name=OPENS, group="act")

    async def _edit_marked(self) -> None:
        from cx_tui.screens.bulk_edit import BulkEditScreen

        selection = self._list.selection()
        need = ("change", self._name)
        if selection is None or not may_write(self._list.screen, need=need):
            return
        if await self._list.app.push_screen_wait(BulkEditScreen(selection)):
            await self._list.again()

    def delete(self) -> None:
        """Delete the marked records, or the one under the cursor."""
        self._list.run_worker(self._delete(), name=OPENS, group="act")

    async def _delete(self) -> None:
        from cx_tui.screens.deleting import delete_records

        selection = self._list.selection()
        if selection is None:
            return
        if not await self._list.may_delete(selection):
            return
        bulk = (await self._list.cx.services()).bulk_of(self._list.scope.record)
        if await delete_records(self._list.screen, bulk, selection):
            await self._list.again()

    def move(self, by: int) -> None:
        """Move the record under the cursor up or down among those of its owner."""
        row = self._list.row
        if row and may_write(self._list.screen, need=("change", self._name)):
            self._list.run_worker(self._move(row.key, by), name=OPENS, group="act")

    async def _move(self, record_id: int, by: int) -> None:
        if self._list.query_now.sort:
            self._list.notify("The rows are sorted by a column; reset the order first (c, then r).")
            return
        records = (await self._list.cx.services()).records_of[self._name]
        try:
            await records.move(record_id, by)
        except CxError as error:
            self._list.notify(f"Not moved: {error}.", severity="error")
            return
        await self._list.again()

    def export(self) -> None:
        """Write the marked records, or the list, into a file."""
        self._list.run_worker(self._export(), name=OPENS, group="act")

    async def _export(self) -> None:
        from cx_tui.screens.exporting.export_screen import ExportScreen

        grid = self._list.grid
        marked = self._list.selection() if grid.marks.rows else None
        number = grid.marks.count
        await self._list.app.push_screen_wait(
            ExportScreen(self._list.query_now, grid.rows.total, marked, number)
        )

    def upload(self) -> None:
        """Make and change records from a file."""
        self._list.run_worker(self._upload(), name=OPENS, group="act")

    async def _upload(self) -> None:
        from cx_tui.screens.upload import UploadScreen

        owner = self._list.scope.given().get(self._list.declared.owner_id)
        screen = UploadScreen(self._name, f"#{owner}" if owner else "")
        may = may_write(self._list.screen, need=("make", self._name))
        if may and await self._list.app.push_screen_wait(screen):
            await self._list.again()

    def copy_cell(self) -> None:
        """Copy the marked cells, or the whole value of the cell under the cursor."""
        if self._list.grid.cells.block:
            self._list.run_worker(self._copy_cells(titles=False), group="copy", exclusive=True)
            return
        row, column = self._list.row, self._list.grid.cursor.column
        if row and row.values and column and column.key in row.values:
            text = shown_text(record_columns(self._name)[column.key], row.values[column.key])
            self._list.send(text, f'"{text[:60]}"')

    def copy_rows(self) -> None:
        """Copy the marked cells or rows with their titles, or the row under the cursor."""
        copying = self._copy_cells(titles=True) if self._list.grid.cells.block else self._copy_rows()
        self._list.run_worker(copying, group="copy", exclusive=True)

    async def _copy_cells(self, *, titles: bool) -> None:
        every = record_columns(self._name)
        await copy_cells(
            self._list, (), lambda values, name: shown_text(every[name], values[name]), titles=titles
        )

    async def _copy_rows(self) -> None:
        listing, row, columns = self._list.listing, self._list.row, self._list.grid.columns.shown
        if listing is None or row is None:
            return
        every, names = record_columns(self._name), [column.key for column in columns]
        text = "\t".join(column.title for column in columns) + "\n"
        count = 0
        try:
            async for values in self._wanted(listing, row.key, names):
                cells = (" ".join(shown_text(every[name], values[name]).split()) for name in names)
                text += "\t".join(cells) + "\n"
                count += 1
                if len(text) > self._list.cx.settings.clipboard.limit:
                    break
        except CxError as error:
            self._list.notify(f"Not copied: {error}.", severity="error")
            return
        self._list.send(text, f"{count:,} row{'s' if count != 1 else ''} with titles")

    async def _wanted(
        self, listing: "Listing", under_cursor: int, names: list[str]
    ) -> AsyncIterator[Mapping[str, Any]]:
        """The marked rows in their order, or the one under the cursor."""
        marks = self._list.grid.marks.rows
        if not marks:
            for values in (await listing.again([under_cursor], names)).values():
                yield values
            return
        for start in range(0, self._list.grid.rows.total, PART):
            ids = [one for one in await listing.ids(start, PART) if one in marks]
            found = await listing.again(ids, names)
            for one in ids:
                if one in found:
                    yield found[one]
