"""What the columns of an uploaded file are, and which row is the header."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.geometry import Region

from cx_tui.screens.upload.plan import NOT_USED, Plan
from cx_tui.screens.upload.source import NUMBER
from cx_tui.services.upload.order import upload_fields
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work
from widgets.form.popup import Option, Popup, matching
from widgets.form.signs import ASCII, UNICODE

if TYPE_CHECKING:
    from cx_tui.screens.upload.upload_screen import UploadScreen


class FieldMapping(Duty):
    """Columns become fields."""

    host: "UploadScreen"

    def action_map(self) -> None:
        """Choose the field of the column under the cursor."""
        column = self.host.grid.cursor.column
        if column and column.key != NUMBER:
            self.choose_field(int(column.key))
        elif column:
            self.action_start_here()

    def action_map_column(self, place: int) -> None:
        """The field over a column was clicked."""
        self.choose_field(place)

    @work(group="choose", exclusive=True, name=OPENS)
    async def choose_field(self, place: int) -> None:
        """Choose the field of a column from all of them, by typing."""
        plan = self.host.plan
        if plan is None or not self.host.reading.head.rows:
            return
        grid = self.host.grid
        grid.moves.to_column(str(place))
        options = field_options(plan, place)

        async def find(typed: str) -> Sequence[Option]:
            return matching(options, typed)

        signs = ASCII if self.host.cx.ascii else UNICODE
        popup = Popup(find, plan.mapping.get(place, ""), signs=signs)
        x = grid.columns.starts().get(str(place), 0)
        popup.beside = Region(grid.region.x + x, self.host.query_one("#fields").region.y, 36, 1)
        chosen = await self.host.app.push_screen_wait(popup)
        if chosen is not None:
            self._take_field(place, chosen)

    def _take_field(self, place: int, name: str) -> None:
        plan = self.host.plan
        if plan is None:
            return
        before = [other for other, field in plan.mapping.items() if field == name and other != place]
        self.host.reading.change(plan.mapped(place, name))
        if before:
            column = before[0] + 1
            self.host.notify(f"{plan.label(name)} was column {column} before; that one is not used now.")

    def action_unmap(self) -> None:
        """Use the column under the cursor no more."""
        column = self.host.grid.cursor.column
        if self.host.plan and column and column.key != NUMBER:
            self.host.reading.change(self.host.plan.mapped(int(column.key), ""))

    def action_start_here(self) -> None:
        """The row under the cursor is the header."""
        self.start(self.host.grid.cursor.position)

    def start(self, position: int) -> None:
        """The row at this position is the header."""
        plan, head = self.host.plan, self.host.reading.head
        if plan and head.rows:
            if not head.header_row:
                self.host.notify("This file has its own column names, so no row is a header.")
            elif position < len(head.numbers):
                how = replace(plan.how, start_row=head.numbers[position], has_header=True)
                self.host.reading.read_as(how)


def field_options(plan: Plan, place: int) -> list[Option]:
    """All fields: those first that are required and have no column, then those that are free."""
    used = {name: other for other, name in plan.mapping.items() if other != place}
    missing = plan.missing()

    def label(name: str, called: str) -> str:
        if name in used:
            return f"{called}, now column {used[name] + 1}"
        return f"{called}, required" if called in missing else called

    fields = [(name, field.label) for name, field in upload_fields(plan.record).items()]
    fields.sort(key=lambda pair: (pair[1] not in missing, pair[0] in used))
    return [("", NOT_USED), *((name, label(name, called)) for name, called in fields)]
