"""What is done to customers from the list: make, change, delete, write to them, bring and write files."""

from typing import TYPE_CHECKING

from cx_tui.screens.read_only import Needs, may_write
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen

NEEDS: Needs = {
    "new": ("make", "customer"),
    "edit": ("change", "customer"),
    "delete": ("delete", "customer"),
    "send": ("send", ""),
    "upload": ("make", "customer"),
}


class CustomerActs(Duty):
    """Opens what changes customers; each is loaded when it is opened, after the database: two threads that
    load SQLAlchemy at once may meet half of it."""

    host: "CustomersScreen"

    def action_new(self) -> None:
        """Make a customer."""
        if may_write(self.host, need=NEEDS["new"]):
            self.host.cards.open_form(None)

    def action_edit(self) -> None:
        """Change fields of the marked customers at once, or of the one under the cursor in its form."""
        if self.host.grid.marks.rows:
            self.action_bulk_edit()
        elif row := self.host.row:
            self.host.cards.open_form(row.key)

    @work(group="act", name=OPENS)
    async def action_bulk_edit(self) -> None:
        """Change fields of the marked customers at once."""
        may = may_write(self.host, need=NEEDS["edit"])
        selection = await self.host.marked.chosen("Change") if may else None
        if selection is None:
            return
        from cx_tui.screens.bulk_edit import BulkEditScreen

        if await self.host.app.push_screen_wait(BulkEditScreen(selection)):
            await self.host.show_changes(ordered=True)

    @work(group="act", name=OPENS)
    async def action_delete(self) -> None:
        """Delete the marked customers, or the one under the cursor."""
        may = may_write(self.host, need=NEEDS["delete"])
        selection = await self.host.marked.chosen("Delete") if may else None
        session = await self.host.session() if selection else None
        if selection is None or session is None:
            return
        from cx_tui.screens.deleting import delete_records

        if await delete_records(self.host, session.bulk, selection):
            await self.host.show_changes(ordered=True)

    @work(group="act", name=OPENS)
    async def action_send(self) -> None:
        """Write to the contacts of the marked customers, or of the one under the cursor."""
        may = may_write(self.host, "nothing can be sent", NEEDS["send"])
        selection = await self.host.marked.chosen("Write to") if may else None
        if selection is not None:
            from cx_tui.screens.send import SendScreen
            from cx_tui.screens.send.keys import key_of

            await self.host.app.push_screen_wait(SendScreen(selection, key_of(self.host, "customers.outbox")))

    @work(group="act", name=OPENS)
    async def action_upload(self) -> None:
        """Create and update customers from a file."""
        if not await self.host.session():
            return
        from cx_tui.screens.upload import UploadScreen

        if await self.host.app.push_screen_wait(UploadScreen()):
            await self.host.show_changes(ordered=True)

    @work(group="act", name=OPENS)
    async def action_export(self) -> None:
        """Write the marked customers, or what the list shows, into a file."""
        if not await self.host.session():
            return
        from cx_tui.screens.exporting.export_screen import ExportScreen

        marked, numbers = None, self.host.numbers
        number = numbers.marked
        if self.host.grid.marks.rows:
            marked = await self.host.marked.chosen("Write")
            if marked is None:
                return
            number = numbers.marked if marked.all_but else len(marked.ids)
        await self.host.app.push_screen_wait(ExportScreen(self.host.query_now, numbers.all, marked, number))
