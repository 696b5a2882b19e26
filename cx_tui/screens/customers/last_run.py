"""The rows that were seen last: they stand in until the database has answered, and are kept at the end."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cx_tui.domain.query import StatusFilter
from cx_tui.screens.customers.lines import Standing
from cx_tui.screens.customers.source import CustomerRow, RowsOfLastRun
from cx_tui.services.workspace import LastRows

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen


class LastRun:
    """Shows and keeps them."""

    def __init__(self, screen: "CustomersScreen") -> None:
        self._screen = screen

    async def show(self) -> None:
        """Show what was seen last, or that the database is being opened."""
        screen = self._screen
        last = screen.cx.workspace.last_rows() if screen.cx.settings.start.last_rows else None
        if last:
            screen.counts = {status: last.counts.get(status.value, 0) for status in StatusFilter}
            await screen.grid.show(RowsOfLastRun(last), keep=False)
            self._stand_in(last)
        else:
            screen.grid.notice("Opening the database …")
            screen.show_lines()

    def keep(self) -> None:
        """Keep the rows that are on the screen, and the screen, to be shown at the next start."""
        screen, workspace = self._screen, self._screen.cx.workspace
        if not screen.cx.settings.start.last_rows:
            workspace.forget_last_rows()
            return
        rows = [row for row in screen.grid.rows.visible if isinstance(row, CustomerRow) and row.values]
        if rows:
            texts = [(row.key, {name: row.cell(name).text for name in row.cells}) for row in rows]
            counts = {status.value: count for status, count in screen.counts.items()}
            last = LastRows(datetime.now(UTC), screen.grid.rows.total, counts, texts)
            workspace.keep_last_rows(last)
            self._stand_in(last)
            screen.cx.link.keep_screen(screen)

    def _stand_in(self, last: LastRows) -> None:
        """Say that these are not the live rows."""
        self._screen.standing = Standing("as of", last.seen_at)
        self._screen.grid.stale = True
        self._screen.show_lines()
