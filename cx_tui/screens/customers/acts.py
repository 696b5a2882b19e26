"""What is done to customers from the list: make, change, delete, look at what was done."""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import on, work

from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from cx_tui.screens.customers.panels import PanelsScreen
from cx_tui.screens.customers.source import CustomerRow
from cx_tui.screens.customers.watching import NEVER
from cx_tui.screens.read_only import Needs, may_write, offered
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Grid, Marks

if TYPE_CHECKING:
    from cx_tui.domain.records.customer import Customer
    from cx_tui.services.records.drafts import Draft
    from cx_tui.services.session import Session


NEEDS: Needs = {
    "new": ("make", "customer"),
    "edit": ("change", "customer"),
    "delete": ("delete", "customer"),
    "send": ("send", ""),
    "upload": ("make", "customer"),
}
LOOK_AGAIN = 0.1
"""Seconds between two looks whether nobody is typing."""


class ActingScreen(PanelsScreen):
    """A screen that opens what changes customers; each is loaded when it is opened, after the database: two
    threads that load SQLAlchemy at once may meet half of it."""

    _offered = False

    def list_shown(self) -> None:
        """A list is on the screen; the first time, ask about what was typed before."""
        super().list_shown()
        if not self._offered:
            self._offered = True
            self.call_after_refresh(self.offer_drafts)

    def action_new(self) -> None:
        """Make a customer."""
        if may_write(self, need=NEEDS["new"]):
            self.open_form(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of what the login may not do are not offered."""
        return offered(self, NEEDS, action)

    @on(Grid.Chosen)
    def action_card(self) -> None:
        """Open the card of the customer under the cursor."""
        if row := self._row():
            self.open_card(row.key, str(row.values["name"]) if row.values else "")

    @work(group="form", exclusive=True, name=OPENS)
    async def open_card(self, customer_id: int, name: str = "", tab: str = "") -> None:
        """Open a customer's card, and show what was changed there."""
        if not await self.session():
            return
        from cx_tui.screens.card import CardScreen

        changed = await self.app.push_screen_wait(CardScreen(customer_id, name, step=self._step, tab=tab))
        await self.show_changes(ordered=bool(changed))

    def action_edit(self) -> None:
        """Change fields of the marked customers at once, or of the one under the cursor in its form."""
        if self.grid.marks.rows:
            self.action_bulk_edit()
        elif row := self._row():
            self.open_form(row.key)

    @work(group="form", exclusive=True, name=OPENS)
    async def open_form(self, customer_id: int | None, draft: "Draft | None" = None) -> None:
        """Open the form of a customer, or of a new one, and show what was saved."""
        session = await self.session()
        customer: Customer | None = None
        if session is None:
            return
        from cx_tui.screens.form import CustomerForm

        try:
            customer = await session.records.get(customer_id) if customer_id is not None else None
        except CxError as error:
            self.notify(f"It can't be opened: {error}.", severity="error")
            return
        step = None if draft else self._step
        form = CustomerForm(session, customer, step=step, show=self.show_changes, draft=draft)
        if await self.app.push_screen_wait(form) and customer is None and form.saved_id is not None:
            await self.show_changes(ordered=True)
            await self.grid.moves.to_key(form.saved_id)

    async def _step(self, by: int) -> int | None:
        """Move the cursor of the list, and say which customer is there."""
        place = self.grid.cursor.position + by
        if not 0 <= place < self.grid.rows.total:
            return None
        await self.grid.moves.to_position(place)
        row = self._row()
        return row.key if row else None

    @work(group="act", name=OPENS)
    async def action_bulk_edit(self) -> None:
        """Change fields of the marked customers at once."""
        selection = await self.chosen("Change") if may_write(self, need=NEEDS["edit"]) else None
        if selection is None:
            return
        from cx_tui.screens.bulk_edit import BulkEditScreen

        if await self.app.push_screen_wait(BulkEditScreen(selection)):
            await self.show_changes(ordered=True)

    @work(group="act", name=OPENS)
    async def action_delete(self) -> None:
        """Delete the marked customers, or the one under the cursor."""
        selection = await self.chosen("Delete") if may_write(self, need=NEEDS["delete"]) else None
        session = await self.session() if selection else None
        if selection is None or session is None:
            return
        from cx_tui.screens.deleting import delete_records

        if await delete_records(self, session.bulk, selection):
            await self.show_changes(ordered=True)

    @work(group="act", name=OPENS)
    async def action_why(self) -> None:
        """Show why the marked customers, or the one under the cursor, can't call."""
        selection, session = self.selection(), await self.session()
        if selection is None or session is None:
            return
        from cx_tui.screens.admission.why import WhyScreen

        await self.app.push_screen_wait(WhyScreen(await session.bulk.chosen(selection)))
        await self.show_changes()

    def action_log(self) -> None:
        """Show what was done to the customer under the cursor."""
        if row := self._row():
            self._open_log(row.key, str(row.values["name"]) if row.values else f"#{row.key}")

    def action_log_of_all(self) -> None:
        """Show everything that was done."""
        self._open_log()

    @work(group="act", name=OPENS)
    async def _open_log(self, customer_id: int | None = None, name: str = "") -> None:
        if not await self.session():
            return
        from cx_tui.screens.log import LogScreen

        await self.app.push_screen_wait(LogScreen(customer_id, name))
        await self.show_changes(ordered=True)

    @work(group="act", name=OPENS)
    async def action_board(self) -> None:
        """Show the changes that wait for their time."""
        if not await self.session():
            return
        from cx_tui.screens.board import BoardScreen

        await self.app.push_screen_wait(BoardScreen())
        await self.show_changes()

    def action_contacts(self) -> None:
        """Show the contacts of the customer under the cursor: the first tab of its card."""
        if row := self._row():
            self.open_card(row.key, str(row.values["name"]) if row.values else "", "Main")

    @work(group="act", name=OPENS)
    async def action_send(self) -> None:
        """Write to the contacts of the marked customers, or of the one under the cursor."""
        may = may_write(self, "nothing can be sent", NEEDS["send"])
        selection = await self.chosen("Write to") if may else None
        if selection is not None:
            from cx_tui.screens.send import SendScreen
            from cx_tui.screens.send.keys import key_of

            await self.app.push_screen_wait(SendScreen(selection, key_of(self, "customers.outbox")))

    @work(group="act", name=OPENS)
    async def action_outbox(self) -> None:
        """Show what was sent, and how far it is."""
        if not await self.session():
            return
        from cx_tui.screens.outbox import OutboxScreen

        await self.app.push_screen_wait(OutboxScreen())

    @work(group="act", name=OPENS)
    async def action_sql(self) -> None:
        """Ask in SQL; customers of the answer may be marked here, or filter the list."""
        if not await self.session():
            return
        from cx_tui.domain import narrowing
        from cx_tui.screens.sql import SqlPage

        outcome = cast("tuple[str, list[int]] | None", await self.app.push_screen_wait(SqlPage()))
        if outcome is None:
            return
        act, numbers = outcome
        if act == "filter":
            self.narrow_to(narrowing.add(self.query_now, f"id={','.join(map(str, numbers))}"))
        else:
            self.grid.marks.rows = Marks(frozenset(numbers))
            self.notify(f"{len(numbers):,} customers are marked.")
            self.show_lines()

    @work(group="act", name=OPENS)
    async def action_upload(self) -> None:
        """Create and update customers from a file."""
        if not await self.session():
            return
        from cx_tui.screens.upload import UploadScreen

        if await self.app.push_screen_wait(UploadScreen()):
            await self.show_changes(ordered=True)

    @work(group="act", name=OPENS)
    async def action_export(self) -> None:
        """Write the marked customers, or what the list shows, into a file."""
        if not await self.session():
            return
        from cx_tui.screens.exporting.export_screen import ExportScreen

        marked, number = None, 0
        if self.grid.marks.rows:
            marked = await self.chosen("Write")
            if marked is None:
                return
            number = self.grid.marks.count if marked.all_but else len(marked.ids)
        await self.app.push_screen_wait(ExportScreen(self.query_now, self.grid.rows.total, marked, number))

    @work(group="quiet")
    async def offer_drafts(self) -> None:
        """Ask about what was typed before, when nobody is typing: a key that was meant for the list would
        answer the question."""
        while not (self.is_current and self.cx.quiet()):
            await self.cx.pause(LOOK_AGAIN)
        self._ask_about_drafts()

    @work(group="drafts", name=OPENS)
    async def _ask_about_drafts(self) -> None:
        """What was typed and not saved when the program ended can be taken up again."""
        from cx_tui.domain.records import every_record
        from cx_tui.screens.confirm import Confirm
        from widgets.menu import Item, Menu

        known = {record.declared.one for record in every_record()}
        left = [draft for draft in self.workspace.drafts.left() if draft.record in known]
        if not left:
            return
        items = [Item("", "Later: they are kept", key="l")]
        items += [
            Item(str(place), draft.title, f"{len(draft.typed)} typed, {draft.at.astimezone():%d %b %H:%M}")
            for place, draft in enumerate(left)
        ]
        items.append(Item("discard", "Throw them all away"))
        title = "You had typed this and not saved it when the program ended"
        chosen = await self.app.push_screen_wait(Menu(title, items, "", glyphs=self.cx.glyphs))
        if chosen == "discard":
            asked = Confirm("Discard everything that you typed?", [], yes="Throw away", no="Keep it")
            if await self.app.push_screen_wait(asked):
                for draft in left:
                    self.workspace.drafts.drop(draft)
        elif chosen:
            self._take_up(left[int(chosen)])

    def _take_up(self, draft: "Draft") -> None:
        """Open the form of a draft."""
        if draft.record == "customer":
            self.open_form(draft.record_id, draft)
        else:
            self._open_card(draft)

    @work(group="form", exclusive=True, name=OPENS)
    async def _open_card(self, draft: "Draft") -> None:
        from cx_tui.domain.records import every_record
        from cx_tui.screens.form import RecordForm

        session = await self.session()
        if session is None:
            return
        declared = next(kind.declared for kind in every_record() if kind.declared.one == draft.record)
        records, given = session.records_of[declared.name], {"customer_id": draft.customer_id}
        try:
            record = await records.get(draft.record_id) if draft.record_id is not None else None
        except CxError as error:
            self.notify(f"It can't be opened: {error}.", severity="error")
            return
        form = RecordForm(records, declared.one, record, given=given, draft=draft)
        if await self.app.push_screen_wait(form):
            await self.show_changes()

    def selection(self) -> Selection | None:
        """The marked customers, or the one under the cursor."""
        marks, row = self.grid.marks.rows, self._row()
        if marks:
            return Selection(frozenset(marks.keys), marks.all_but, self.query_now.which)
        return Selection(frozenset({row.key})) if row else None

    async def chosen(self, act: str) -> Selection | None:
        """The customers that an act is for; when some of the marked ones are not in the list, the operator
        says which are meant.  None when there are none, or nothing is to be done."""
        selection, session = self.selection(), await self.session()
        if selection is None or session is None or not self.grid.marks.rows:
            return selection if session else None
        from cx_tui.screens.customers import marked
        from widgets.menu import Menu

        try:
            shown = await marked.shown_part(session.bulk, selection, self.query_now)
        except CxError as error:
            self.explain(error)
            return None
        if shown is None:
            return selection
        row, number = self._row(), len(selection.ids)
        name = str(row.values["name"]) if row and row.values else ""
        title = marked.question(number, number - len(shown))
        items = marked.answers(act, number, len(shown), name)
        answer = await self.app.push_screen_wait(Menu(title, items, "", glyphs=self.cx.glyphs))
        if answer == marked.HERE and row:
            return Selection(frozenset({row.key}))
        return {marked.ALL: selection, marked.SHOWN: Selection(shown)}.get(answer or "")

    async def drop_gone_marks(self) -> None:
        """Mark nobody who is not there any more: what is marked is counted by its marks."""
        marks = self.grid.marks.rows
        if not marks.keys:
            return
        there = frozenset(await (await self.cx.services()).bulk.chosen(Selection(marks.keys)))
        if self.grid.marks.rows == marks and there != marks.keys:
            self.grid.marks.rows = replace(marks, keys=there)
            self.show_lines()

    async def show_changes(self, *, ordered: bool = False) -> None:
        """Show what was changed: at once in the rows on the screen, and where rows may have come or gone
        or have another place, in the list and the counts."""
        await self.grid.changes.fetch()
        self.show_detail()
        if ordered:
            with suppress(CxError):  # the list says it
                await self.drop_gone_marks()
            self.counted_at = NEVER
            await self.show_list(keep=True)

    async def session(self) -> "Session | None":
        """The services, or None when the database can't be reached, which is then said."""
        try:
            return await self.cx.services()
        except CxError as error:
            self.explain(error)
            return None

    def _row(self) -> CustomerRow | None:
        row = self.grid.cursor.row
        return row if isinstance(row, CustomerRow) else None
