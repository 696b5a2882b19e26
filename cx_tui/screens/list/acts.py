"""What is done from a list of records: open, add, change, delete, put in order, bring and write files."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from cx_tui.domain.records import record_named
from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.list.record_list import RecordList

Foresee = Callable[[Mapping[str, Any]], Awaitable[list[str]]]


class RecordActs(Duty):
    """The acts of one list."""

    host: "RecordList"

    def __init__(self, host: "RecordList") -> None:
        super().__init__(host)
        self._name = host.declared.name

    def foresees(self, record: Any) -> Foresee | None:
        """What says beyond the record what a save of it means; most mean nothing more."""
        return None

    async def may_delete(self, selection: Selection) -> bool:
        """Whether these may be deleted, when it means more than that they are gone."""
        return True

    @work(name=OPENS, group="form", exclusive=True)
    async def open(self, record_id: int) -> None:
        """Open the form of a record."""
        records = (await self.host.cx.services()).records_of[self._name]
        try:
            record = await records.get(record_id)
        except CxError as error:
            self.host.notify(f"It can't be opened: {error}.", severity="error")
            return
        await self._form(record)

    def action_new(self) -> None:
        """Open the form of a new record; of whom it shall be is asked first where the list is of all."""
        if may_write(self.host.screen, need=("make", self._name)):
            self._add()

    @work(name=OPENS, group="form", exclusive=True)
    async def _add(self) -> None:
        await self._form(None)

    async def _form(self, record: Any) -> None:
        from cx_tui.screens.form import RecordForm
        from cx_tui.screens.list.choose import choose_record

        records = (await self.host.cx.services()).records_of[self._name]
        declared, given = self.host.declared, self.host.scope.given()
        if record is None and declared.owner_id and declared.owner_id not in given:
            title = f"New {declared.one}: for which {record_named(declared.owner).declared.one}?"
            owner = await choose_record(self.host.screen, declared.owner, title)
            if owner is None:
                return
            given[declared.owner_id] = owner
        form = RecordForm(records, declared.one, record, given=given)
        form.saving.foresee = self.foresees(record)
        await self.host.app.push_screen_wait(form)
        await self.host.finding.again()

    @work(name=OPENS, group="act")
    async def action_edit_marked(self) -> None:
        """Change fields of the marked records at once."""
        from cx_tui.screens.bulk_edit import BulkEditScreen

        selection = self.host.selection()
        need = ("change", self._name)
        if selection is None or not may_write(self.host.screen, need=need):
            return
        if await self.host.app.push_screen_wait(BulkEditScreen(selection)):
            await self.host.finding.again()

    @work(name=OPENS, group="act")
    async def action_delete(self) -> None:
        """Delete the marked records, or the one under the cursor."""
        from cx_tui.screens.deleting import delete_records

        selection = self.host.selection()
        if selection is None:
            return
        if not await self.may_delete(selection):
            return
        bulk = (await self.host.cx.services()).bulk_of(self.host.scope.record)
        if await delete_records(self.host.screen, bulk, selection):
            await self.host.finding.again()

    def action_lower(self) -> None:
        """Move the record under the cursor down among those of its owner."""
        self._move_here(1)

    def action_raise(self) -> None:
        """Move the record under the cursor up among those of its owner."""
        self._move_here(-1)

    def _move_here(self, by: int) -> None:
        row = self.host.row
        if row and may_write(self.host.screen, need=("change", self._name)):
            self._move(row.key, by)

    @work(name=OPENS, group="act")
    async def _move(self, record_id: int, by: int) -> None:
        if self.host.query_now.sort:
            self.host.notify("The rows are sorted by a column; reset the order first (c, then r).")
            return
        records = (await self.host.cx.services()).records_of[self._name]
        try:
            await records.move(record_id, by)
        except CxError as error:
            self.host.notify(f"Not moved: {error}.", severity="error")
            return
        await self.host.finding.again()

    @work(name=OPENS, group="act")
    async def action_export(self) -> None:
        """Write the marked records, or the list, into a file."""
        from cx_tui.screens.exporting.export_screen import ExportScreen

        marked, numbers = self.host.selection() if self.host.grid.marks.rows else None, self.host.numbers
        await self.host.app.push_screen_wait(
            ExportScreen(self.host.query_now, numbers.all, marked, numbers.marked)
        )

    @work(name=OPENS, group="act")
    async def action_upload(self) -> None:
        """Make and change records from a file."""
        from cx_tui.screens.upload import UploadScreen

        owner = self.host.scope.given().get(self.host.declared.owner_id)
        screen = UploadScreen(self._name, f"#{owner}" if owner else "")
        may = may_write(self.host.screen, need=("make", self._name))
        if may and await self.host.app.push_screen_wait(screen):
            await self.host.finding.again()
