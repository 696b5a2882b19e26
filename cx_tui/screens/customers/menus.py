"""What opens over the list for a moment: the status, the warnings, the sheet of one customer, jump mode."""

from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.domain.query import StatusFilter
from cx_tui.screens.present import warnings_of
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen


class Menus(Duty):
    """Opens them; each is loaded and made when it is opened."""

    host: "CustomersScreen"

    @work(name=OPENS)
    async def action_status_filter(self) -> None:
        """Choose which status the list shows."""
        from widgets.menu import Item, Menu

        counts, query = self.host.counts, self.host.query_now
        items = [Item(one.value, one.label, f"{counts[one]:,}" if counts else "") for one in StatusFilter]
        title = "Show customers with the status"
        chosen = await self.host.app.push_screen_wait(
            Menu(title, items, query.status.value, glyphs=self.host.cx.glyphs)
        )
        if chosen is not None:
            status = next(one for one in StatusFilter if one.value == chosen)
            self.host.finding.ask(replace(self.host.query_now, status=status))

    def action_warnings(self) -> None:
        """Show the warnings of the customer under the cursor in words."""
        from widgets.menu import Item, Menu

        row = self.host.row
        if row is None or row.values is None:
            return
        found = [one.text for one in warnings_of(row.values["warning_mask"])]
        items = [Item(text, text) for text in found] or [Item("", "no warnings")]
        self.host.app.push_screen(
            Menu(f"Warnings of {row.values['name']}", items, glyphs=self.host.cx.glyphs)
        )

    def action_open_record(self) -> None:
        """Show every field of the customer under the cursor."""
        from cx_tui.screens.record import RecordScreen

        row = self.host.row
        if self.host.listing and row:
            self.host.app.push_screen(RecordScreen(self.host.listing, row.key))

    @work(name=OPENS)
    async def action_jump(self) -> None:
        """Show a letter over each place one can go to, and go to the chosen one."""
        from widgets.jump import JumpOverlay, Target

        screen, grid, chooser = self.host, self.host.grid, self.host.columns.chooser
        search, area = screen.search.region, grid.region
        targets = [Target("search", search.x, search.y), Target("status", search.right + 2, search.y)]
        targets += [Target(f"column {key}", area.x + x, area.y) for key, x in grid.columns.starts().items()]
        if chooser:
            targets.append(Target("columns", chooser.region.x, chooser.region.y))
        chosen = await screen.app.push_screen_wait(JumpOverlay(targets))
        match chosen:
            case None:
                return
            case "search":
                screen.search.focus()
            case "status":
                self.action_status_filter()
            case "columns" if screen.columns.chooser:
                screen.columns.chooser.focus()
            case _:
                grid.focus()
                grid.moves.to_column(chosen.removeprefix("column "))
