"""What was typed and not saved when the program ended can be taken up again."""

from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen
    from cx_tui.services.records.drafts import Draft

LOOK_AGAIN = 0.1
"""Seconds between two looks whether nobody is typing."""


class LeftDrafts(Duty):
    """Asks about them, once."""

    host: "CustomersScreen"
    _offered = False

    def list_shown(self) -> None:
        """A list is on the screen; the first time, ask about what was typed before."""
        if not self._offered:
            self._offered = True
            self.host.call_after_refresh(self.offer)

    @work(group="quiet")
    async def offer(self) -> None:
        """Ask about what was typed before, when nobody is typing: a key that was meant for the list would
        answer the question."""
        while not (self.host.is_current and self.host.cx.quiet()):
            await self.host.cx.pause(LOOK_AGAIN)
        self._ask()

    @work(group="drafts", name=OPENS)
    async def _ask(self) -> None:
        """What was typed and not saved when the program ended can be taken up again."""
        from cx_tui.domain.records import every_record
        from cx_tui.screens.confirm import Confirm
        from widgets.menu import Item, Menu

        known = {record.declared.one for record in every_record()}
        left = [draft for draft in self.host.cx.workspace.drafts.left() if draft.record in known]
        if not left:
            return
        items = [Item("", "Later: they are kept", key="l")]
        items += [
            Item(str(place), draft.title, f"{len(draft.typed)} typed, {draft.at.astimezone():%d %b %H:%M}")
            for place, draft in enumerate(left)
        ]
        items.append(Item("discard", "Throw them all away"))
        title = "You had typed this and not saved it when the program ended"
        chosen = await self.host.app.push_screen_wait(Menu(title, items, "", glyphs=self.host.cx.glyphs))
        if chosen == "discard":
            asked = Confirm("Discard everything that you typed?", [], yes="Throw away", no="Keep it")
            if await self.host.app.push_screen_wait(asked):
                for draft in left:
                    self.host.cx.workspace.drafts.drop(draft)
        elif chosen:
            self._take_up(left[int(chosen)])

    def _take_up(self, draft: "Draft") -> None:
        """Open the form of a draft."""
        if draft.record == "customer":
            self.host.cards.open_form(draft.record_id, draft)
        else:
            self._open_form_of(draft)

    @work(group="form", exclusive=True, name=OPENS)
    async def _open_form_of(self, draft: "Draft") -> None:
        from cx_tui.domain.records import every_record
        from cx_tui.screens.form import RecordForm

        session = await self.host.session()
        if session is None:
            return
        declared = next(kind.declared for kind in every_record() if kind.declared.one == draft.record)
        records, given = session.records_of[declared.name], {"customer_id": draft.customer_id}
        try:
            record = await records.get(draft.record_id) if draft.record_id is not None else None
        except CxError as error:
            self.host.notify(f"It can't be opened: {error}.", severity="error")
            return
        form = RecordForm(records, declared.one, record, given=given, draft=draft)
        if await self.host.app.push_screen_wait(form):
            await self.host.show_changes()
