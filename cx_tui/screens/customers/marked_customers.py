"""Which customers an act is for: the marked ones, or the one under the cursor."""

from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from widgets.duties import Duty

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen


class MarkedCustomers(Duty):
    """Says whom they are."""

    host: "CustomersScreen"

    def selection(self) -> Selection | None:
        """The marked customers, or the one under the cursor."""
        marks, row = self.host.grid.marks.rows, self.host.row
        if marks:
            return Selection(frozenset(marks.keys), marks.all_but, self.host.query_now.which)
        return Selection(frozenset({row.key})) if row else None

    async def chosen(self, act: str) -> Selection | None:
        """The customers that an act is for; when some of the marked ones are not in the list, the operator
        says which are meant.  None when there are none, or nothing is to be done."""
        selection, session = self.selection(), await self.host.session()
        if selection is None or session is None or not self.host.grid.marks.rows:
            return selection if session else None
        from cx_tui.screens.customers import marked
        from widgets.menu import Menu

        try:
            shown = await marked.shown_part(session.bulk, selection, self.host.query_now)
        except CxError as error:
            self.host.finding.explain(error)
            return None
        if shown is None:
            return selection
        row, number = self.host.row, len(selection.ids)
        name = str(row.values["name"]) if row and row.values else ""
        title = marked.question(number, number - len(shown))
        items = marked.answers(act, number, len(shown), name)
        answer = await self.host.app.push_screen_wait(Menu(title, items, "", glyphs=self.host.cx.glyphs))
        if answer == marked.HERE and row:
            return Selection(frozenset({row.key}))
        return {marked.ALL: selection, marked.SHOWN: Selection(shown)}.get(answer or "")

    async def drop_gone(self) -> None:
        """Mark nobody who is not there any more: what is marked is counted by its marks."""
        marks = self.host.grid.marks.rows
        if not marks.keys:
            return
        there = frozenset(await (await self.host.cx.services()).bulk.chosen(Selection(marks.keys)))
        if self.host.grid.marks.rows == marks and there != marks.keys:
            self.host.grid.marks.rows = replace(marks, keys=there)
            self.host.show_lines()
