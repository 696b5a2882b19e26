"""The log of a customer, as a tab of its card."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from cx_tui.errors import CxError
from cx_tui.screens.as_command import words_of
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.log.difference import DifferenceScreen
from cx_tui.screens.log.filters import Filters
from cx_tui.screens.log.source import LogRows, OperationRow, operation_columns, operation_rows
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from widgets.grid import Grid


class LogTab(Vertical):
    """What was done to the customer, the newest first; enter shows what an operation changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "as_of", "as of", id="card.as_of",
                tooltip="Show the customer as it was before this operation, and what differs now."),
    ]  # fmt: skip

    grid = getters.query_one(ReadingGrid)

    def __init__(self, customer: CustomerNow) -> None:
        super().__init__()
        self._customer = customer

    def command(self) -> str:
        """These operations, as a command."""
        return words_of("log", self._customer.id)

    def compose(self) -> ComposeResult:
        """The list."""
        program = cast(Program, self.app)
        yield ReadingGrid(operation_columns(self.app.size.width), glyphs=program.glyphs)

    def on_mount(self) -> None:
        """Read it."""
        self.read()

    def on_show(self) -> None:
        """Read it again whenever it comes into view."""
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the log."""
        try:
            log = (await cast(Program, self.app).services()).log
        except CxError as error:
            self.grid.notice(f"{error}\n\nz opens the log page", "bad")
            return
        query = Filters().query(self._customer.id, datetime.now(UTC))
        await self.grid.show(LogRows(log.listing(query), operation_rows), keep=True)
        if not self.grid.rows.total:
            self.grid.notice(
                "Nothing was done to this customer yet.\n\nEvery saved change is listed here.", "dim"
            )

    def action_as_of(self) -> None:
        """Show the customer as it was before the operation under the cursor, and what differs now."""
        from cx_tui.screens.reports.as_of_screen import AsOfScreen

        row = self.grid.cursor.row
        if isinstance(row, OperationRow) and row.operation:
            # Before it: just after the one that was done before.
            moment = row.operation.at - timedelta(microseconds=1)
            self.app.push_screen(AsOfScreen(self._customer.id, self._customer.name, moment))

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Show what the operation changed."""
        event.stop()
        if isinstance(event.row, OperationRow) and event.row.operation:
            screen = DifferenceScreen(event.row.operation, self._customer.id, self._customer.name)
            self.app.push_screen(screen)

    @on(Grid.Failed)
    def failed(self, event: Grid.Failed) -> None:
        """Say what is wrong with the database; what is not its fault is a bug and stays loud."""
        event.stop()
        if not isinstance(event.error, CxError):
            raise event.error
        self.grid.notice(str(event.error), "bad")
