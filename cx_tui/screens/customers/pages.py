"""The pages that are opened from the list: why no calls, the log, the board, the outbox, SQL."""

from typing import TYPE_CHECKING, cast

from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work
from widgets.grid import Marks

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen


class Pages(Duty):
    """Opens them, and shows what was changed there."""

    host: "CustomersScreen"

    @work(group="act", name=OPENS)
    async def action_why(self) -> None:
        """Show why the marked customers, or the one under the cursor, can't call."""
        selection, session = self.host.marked.selection(), await self.host.session()
        if selection is None or session is None:
            return
        from cx_tui.screens.admission.why import WhyScreen

        await self.host.app.push_screen_wait(WhyScreen(await session.bulk.chosen(selection)))
        await self.host.show_changes()

    def action_log(self) -> None:
        """Show what was done to the customer under the cursor."""
        if row := self.host.row:
            self._open_log(row.key, str(row.values["name"]) if row.values else f"#{row.key}")

    def action_log_of_all(self) -> None:
        """Show everything that was done."""
        self._open_log()

    @work(group="act", name=OPENS)
    async def _open_log(self, customer_id: int | None = None, name: str = "") -> None:
        if not await self.host.session():
            return
        from cx_tui.screens.log import LogScreen

        await self.host.app.push_screen_wait(LogScreen(customer_id, name))
        await self.host.show_changes(ordered=True)

    @work(group="act", name=OPENS)
    async def action_board(self) -> None:
        """Show the changes that wait for their time."""
        if not await self.host.session():
            return
        from cx_tui.screens.board import BoardScreen

        await self.host.app.push_screen_wait(BoardScreen())
        await self.host.show_changes()

    @work(group="act", name=OPENS)
    async def action_outbox(self) -> None:
        """Show what was sent, and how far it is."""
        if not await self.host.session():
            return
        from cx_tui.screens.outbox import OutboxScreen

        await self.host.app.push_screen_wait(OutboxScreen())

    @work(group="act", name=OPENS)
    async def action_sql(self) -> None:
        """Ask in SQL; customers of the answer may be marked here, or filter the list."""
        if not await self.host.session():
            return
        from cx_tui.domain import narrowing
        from cx_tui.screens.sql import SqlPage

        outcome = cast("tuple[str, list[int]] | None", await self.host.app.push_screen_wait(SqlPage()))
        if outcome is None:
            return
        act, numbers = outcome
        if act == "filter":
            self.host.narrowing.narrow_to(
                narrowing.add(self.host.query_now, f"id={','.join(map(str, numbers))}")
            )
        else:
            self.host.grid.marks.rows = Marks(frozenset(numbers))
            self.host.notify(f"{len(numbers):,} customers are marked.")
            self.host.show_lines()
