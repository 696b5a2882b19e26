"""Copying cells and rows to the operator's clipboard, as text with tabs between the columns."""

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from textual import work

from cx_tui.errors import CxError
from cx_tui.screens.customers.around import AroundScreen
from cx_tui.screens.customers.source import CustomerRow
from cx_tui.screens.present import ALWAYS, full_text
from cx_tui.terminal.clipboard import copy

if TYPE_CHECKING:
    from cx_tui.services.lists.listing import Listing

PART = 1000
"""So many rows are read at a time."""


class CopyingScreen(AroundScreen):
    """A screen that copies."""

    def action_copy_cell(self) -> None:
        """Copy the whole value of the cell under the cursor."""
        row, column = self.grid.cursor_row, self.grid.cursor_column
        if not isinstance(row, CustomerRow) or row.values is None or column is None:
            return
        self.put_into_clipboard(full_text(row.values, column.key).strip(), 0)

    @work(exclusive=True, group="copy")
    async def action_copy_rows(self) -> None:
        """Copy the marked rows of this list with their titles, or the row under the cursor."""
        row, columns = self.grid.cursor_row, self.grid.columns
        if self.listing is None or row is None:
            return
        limit = self.cx.settings.clipboard.limit
        text = "\t".join(column.title for column in columns) + "\n"
        names = [column.key for column in columns]
        rows = 0
        try:
            async for customer in self._wanted_rows(self.listing, row.key):
                text += "\t".join(_cell(full_text(customer, name)) for name in names) + "\n"
                rows += 1
                if len(text) > limit:
                    break
        except CxError as error:
            self.explain(error)
            return
        self.put_into_clipboard(text, rows)

    async def _wanted_rows(self, listing: "Listing", under_cursor: int) -> AsyncIterator[Mapping[str, Any]]:
        """The marked rows in their order, or the one under the cursor."""
        marks = self.grid.marks
        columns = (*ALWAYS, *(column.key for column in self.grid.columns))
        if not marks:
            for values in (await listing.again([under_cursor], columns)).values():
                yield values
            return
        for start in range(0, self.grid.total, PART):
            ids = [one for one in await listing.ids(start, PART) if one in marks]
            found = await listing.again(ids, columns)
            for one in ids:
                if one in found:
                    yield found[one]

    def put_into_clipboard(self, text: str, rows: int) -> None:
        """Send it, and say what was sent: whether the terminal took it can't be known."""
        copied = copy(self.app, text, self.cx.settings.clipboard.limit)
        what = f"{rows:,} row{'s' if rows != 1 else ''} with titles" if rows else f'"{text[:60]}"'
        if copied.cut:
            self.notify(
                f"Sent the first {copied.sent:,} characters to the clipboard; more is too much for it. "
                "The setting clipboard.limit says how much.",
                severity="warning",
            )
        else:
            self.notify(f"Sent {what} to the clipboard of your terminal.")


def _cell(text: str) -> str:
    return " ".join(text.split())
