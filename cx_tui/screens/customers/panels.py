"""What opens over or beside the list: columns, status, warnings, the record, jump mode."""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from cx_tui.domain.columns import list_columns
from cx_tui.domain.layout import usual_layout
from cx_tui.domain.query import StatusFilter
from cx_tui.screens.customers.copying import CopyingScreen
from cx_tui.screens.customers.source import CustomerRow
from cx_tui.screens.present import grid_column, grid_columns, warnings_of
from cx_tui.terminal.in_order import OPENS

if TYPE_CHECKING:
    from widgets.column_chooser import ColumnChooser


ROOM_FOR_TWO = 110
"""Cells in which two panels and some of the list have room."""


class PanelsScreen(CopyingScreen):
    """A screen that opens panels; each is loaded and made when it is opened."""

    chooser: "ColumnChooser | None" = None

    def action_columns(self) -> None:
        """Open the panel of columns at the right, or close it."""
        from widgets.column_chooser import Choice, ColumnChooser

        if self.chooser:
            self.on_column_chooser_closed()
            return
        self.make_room()
        choices = [Choice(grid_column(column), column.group) for column in list_columns().values()]
        self.chooser = ColumnChooser(
            choices, self.grid.columns.shown, grid_columns(usual_layout()), ascii=self.cx.ascii
        )
        self.table.mount(self.chooser)
        self.chooser.focus()

    def make_room(self) -> None:
        """Close the other panel where two would leave nothing of the list."""
        if self.size.width < ROOM_FOR_TWO:
            self.close_panel()
            self.on_column_chooser_closed()

    def on_column_chooser_changed(self, event: "ColumnChooser.Changed") -> None:
        """Show the chosen columns at once, and keep them."""
        self.grid.columns.show(event.columns)
        self.keep_columns()

    def on_column_chooser_closed(self) -> None:
        """Close the panel."""
        if self.chooser:
            self.chooser.remove()
            self.chooser = None
            self.grid.focus()

    @work(name=OPENS)
    async def action_status_filter(self) -> None:
        """Choose which status the list shows."""
        from widgets.menu import Item, Menu

        items = [
            Item(status.value, status.label, f"{self.counts[status]:,}" if self.counts else "")
            for status in StatusFilter
        ]
        chosen = await self.app.push_screen_wait(
            Menu("Show customers with the status", items, self.query_now.status.value, glyphs=self.cx.glyphs)
        )
        if chosen is not None:
            self.ask(replace(self.query_now, status=next(s for s in StatusFilter if s.value == chosen)))

    def action_warnings(self) -> None:
        """Show the warnings of the customer under the cursor in words."""
        from widgets.menu import Item, Menu

        row = self.grid.cursor.row
        if not isinstance(row, CustomerRow) or row.values is None:
            return
        found = [one.text for one in warnings_of(row.values["warning_mask"])]
        items = [Item(text, text) for text in found] or [Item("", "no warnings")]
        self.app.push_screen(Menu(f"Warnings of {row.values['name']}", items, glyphs=self.cx.glyphs))

    def action_open_record(self) -> None:
        """Show every field of the customer under the cursor."""
        from cx_tui.screens.record import RecordScreen

        row = self.grid.cursor.row
        if self.listing and isinstance(row, CustomerRow):
            self.app.push_screen(RecordScreen(self.listing, row.key))

    @work(name=OPENS)
    async def action_jump(self) -> None:
        """Show a letter over each place one can go to, and go to the chosen one."""
        from widgets.jump import JumpOverlay, Target

        search = self.search.region
        targets = [Target("search", search.x, search.y), Target("status", search.right + 2, search.y)]
        area = self.grid.region
        targets += [
            Target(f"column {key}", area.x + x, area.y) for key, x in self.grid.columns.starts().items()
        ]
        if self.chooser:
            targets.append(Target("columns", self.chooser.region.x, self.chooser.region.y))
        chosen = await self.app.push_screen_wait(JumpOverlay(targets))
        match chosen:
            case None:
                return
            case "search":
                self.search.focus()
            case "status":
                self.action_status_filter()
            case "columns" if self.chooser:
                self.chooser.focus()
            case _:
                self.grid.focus()
                self.grid.moves.to_column(chosen.removeprefix("column "))
