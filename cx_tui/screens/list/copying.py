"""Copying cells and rows of a list of records to the operator's clipboard, with tabs between the columns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cx_tui.errors import CxError
from cx_tui.screens.copied import send
from cx_tui.screens.list.cells import columns_in, said_of, table
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.list.host import ListHost
    from cx_tui.services.lists.listing import Listing

PART = 1_000
"""So many rows are read at a time."""


class Copying(Duty):
    """Copies from one list."""

    host: ListHost

    def __init__(
        self, host: ListHost, text_of: Callable[[Mapping[str, Any], str], str], always: Sequence[str] = (), *,
        failed: Callable[[CxError], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(host)
        self._text_of = text_of
        """The whole text of a cell."""
        self._always = always
        """The columns that this needs beside that of the cell."""
        self._failed = failed or self._not_copied

    def send(self, text: str, what: str) -> None:
        """Put a text into the clipboard, and say what was sent."""
        send(self.host.app, text, what)

    def action_copy_cell(self) -> None:
        """Copy the marked cells, or the whole value of the cell under the cursor."""
        if self.host.grid.cells.block:
            self._copy_cells(titles=False)
            return
        values, column = self.host.values_here(), self.host.grid.cursor.column
        if values is not None and column is not None and (self._always or column.key in values):
            text = self._text_of(values, column.key).strip()
            self.send(text, f'"{text[:60]}"')

    def action_copy_rows(self) -> None:
        """Copy the marked cells or rows of this list with their titles, or the row under the cursor."""
        if self.host.grid.cells.block:
            self._copy_cells(titles=True)
        else:
            self._copy_rows()

    @work(exclusive=True, group="copy")
    async def _copy_cells(self, *, titles: bool) -> None:
        """Copy the marked cells, with their whole values."""
        grid, listing = self.host.grid, self.host.listing
        cells, limit = grid.cells.block, self.host.cx.settings.clipboard.limit
        if cells is None or listing is None:
            return
        columns = columns_in(grid, cells)
        names = [column.key for column in columns]
        lines = [[column.title for column in columns]] if titles else []
        taken = 0
        try:
            for start in range(cells.start, cells.stop, PART):
                if taken > limit:
                    break
                ids = await listing.ids(start, min(PART, cells.stop - start))
                found = await listing.again(ids, (*self._always, *names))
                lines += [[self._text_of(found[one], name) for name in names] for one in ids if one in found]
                taken = sum(len(text) for line in lines for text in line)
        except CxError as error:
            self._not_copied(error)
            return
        self.send(table(lines), said_of(cells, titles=titles))

    @work(exclusive=True, group="copy")
    async def _copy_rows(self) -> None:
        """Copy the marked rows, or the row under the cursor."""
        listing, row, columns = self.host.listing, self.host.grid.cursor.row, self.host.grid.columns.shown
        if listing is None or row is None:
            return
        names = [column.key for column in columns]
        text = "\t".join(column.title for column in columns) + "\n"
        count = 0
        try:
            async for values in self._wanted(listing, row.key, names):
                text += table([[self._text_of(values, name) for name in names]]) + "\n"
                count += 1
                if len(text) > self.host.cx.settings.clipboard.limit:
                    break
        except CxError as error:
            self._failed(error)
            return
        self.send(text, f"{count:,} row{'s' if count != 1 else ''} with titles")

    async def _wanted(
        self, listing: Listing, under_cursor: int, names: Sequence[str]
    ) -> AsyncIterator[Mapping[str, Any]]:
        """The marked rows in their order, or the one under the cursor."""
        marks, columns = self.host.grid.marks.rows, (*self._always, *names)
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

    def _not_copied(self, error: CxError) -> None:
        self.host.notify(f"Not copied: {error}.", severity="error")
