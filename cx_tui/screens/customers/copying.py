"""Copying cells and rows to the operator's clipboard, as text with tabs between the columns."""

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from textual import work

from cx_tui.errors import CxError
from cx_tui.screens.copied import send
from cx_tui.screens.customers.around import AroundScreen
from cx_tui.screens.customers.source import CustomerRow
from cx_tui.screens.list.cells import copy_cells
from cx_tui.screens.present import ALWAYS, full_text

if TYPE_CHECKING:
    from cx_tui.services.lists.listing import Listing

PART = 1000
"""So many rows are read at a time."""


class CopyingScreen(AroundScreen):
    """A screen that copies."""

    def send(self, text: str, what: str) -> None:
        """Put a text into the clipboard, and say what was sent."""
        send(self.app, text, what)

    def _copy_cells(self, *, titles: bool) -> None:
        copying = copy_cells(self, ALWAYS, full_text, titles=titles)
        self.run_worker(copying, group="copy", exclusive=True)

    def action_copy_cell(self) -> None:
        """Copy the marked cells, or the whole value of the cell under the cursor."""
        if self.grid.cells:
            self._copy_cells(titles=False)
            return
        row, column = self.grid.cursor_row, self.grid.cursor_column
        if not isinstance(row, CustomerRow) or row.values is None or column is None:
            return
        text = full_text(row.values, column.key).strip()
        self.send(text, f'"{text[:60]}"')

    @work(exclusive=True, group="copy")
    async def action_copy_rows(self) -> None:
        """Copy the marked cells or rows of this list with their titles, or the row under the cursor."""
        if self.grid.cells:
            self._copy_cells(titles=True)
            return
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
        self.send(text, f"{rows:,} row{'s' if rows != 1 else ''} with titles")

    async def _wanted_rows(self, listing: "Listing", under_cursor: int) -> AsyncIterator[Mapping[str, Any]]:
        """The marked rows in their order, or the one under the cursor."""
        marks = self.grid.marks
        columns = (*ALWAYS, *(column.key for column in self.grid.columns))
        if not marks:
            for values in (await listing.again([under_cursor], columns)).values():
                yield values
            return
        for start in range(0, await listing.exact_count(), PART):
            ids = [one for one in await listing.ids(start, PART) if one in marks]
            found = await listing.again(ids, columns)
            for one in ids:
                if one in found:
                    yield found[one]


def _cell(text: str) -> str:
    return " ".join(text.split())
