"""The contents of a list of records of one kind."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cx_tui.domain.columns import record_columns
from cx_tui.screens.list.contents import ListContents
from cx_tui.screens.list.filter_input import FilterInput
from cx_tui.screens.list.rows import RecordRows, shown_text
from cx_tui.screens.list.typed import so_far, why_not
from cx_tui.screens.present import spaced
from widgets.grid import Column, RowSource, SortKey
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.screens.list.record_list import RecordList


class RecordContents(ListContents):
    """What it shows."""

    host: "RecordList"

    def first_columns(self) -> Sequence[Column]:
        """Those that the operator left."""
        return self.host.arranging.columns_of(self.host.arranging.layout)

    def first_sort(self) -> Sequence[SortKey]:
        """The order that the operator left."""
        return [SortKey(sort.column, sort.descending) for sort in self.host.query_now.sort]

    async def read(self) -> RecordRows:
        """The records that the query asks for."""
        listing = (await self.host.cx.services()).list_of(self.host.query_now)
        return RecordRows(
            self.host.declared.name, listing, lambda: [column.key for column in self.host.grid.columns.shown]
        )

    async def number(self, rows: RowSource) -> int | None:
        """How many there are."""
        if not isinstance(rows, RecordRows):
            return None
        of, listing = self.host, rows.listing
        of.listing, of.following.more = listing, 0
        of.numbers.estimated = not (await listing.count()).exact
        if of.numbers.estimated:
            of.post_message(of.Shown())
        number = await listing.exact_count()
        of.numbers.estimated = False
        return number

    def nothing_here(self) -> str:
        """What to do when the list is empty."""
        if typed := self.host.query_now.typed:
            return f'No {self.host.declared.one} has "{typed}".\n\nesc clears the search'
        return f"There are no {self.host.declared.several} here yet." + (
            "\n\n+ adds one" if self.host.declared.by_hand else ""
        )

    def detail(self) -> LineText:
        """More of the row under the cursor: the whole value of the cell, and what its column means."""
        row, column = self.host.row, self.host.grid.cursor.column
        if row is None or row.values is None or column is None or column.key not in row.values:
            return LineText()
        text = self.text_of(row.values, column.key)
        return LineText(
            spaced(
                [
                    Part(f"#{row.key}", "dim"),
                    Part(f"{column.title}: {text or 'empty'}", "" if text else "dim"),
                ]
            ),
            [Part(column.help, "dim")],
        )

    def standing(self) -> Sequence[Part]:
        """How many there are, and how many of them are marked."""
        marked = self.host.numbers.marked_in_words()
        return [Part(self.host.numbers.in_words(), "dim"), *([Part(marked, "accent")] if marked else [])]

    def text_of(self, values: Mapping[str, Any], name: str) -> str:
        """The whole text of a cell."""
        return shown_text(record_columns(self.host.declared.name)[name], values[name])

    def search_box(self) -> FilterInput:
        """The box that completes conditions."""
        return FilterInput(self.host.declared.name, placeholder="any text of the record, or a condition")

    def narrow(self, text: str) -> None:
        """Find records that have a text."""
        typed = so_far(self.host.query_now, text, self.host.grid.marks.rows)
        self.host.finding.ask(typed, wait=self.host.cx.settings.search.wait)
        self.host.narrowing.typed_so_far(self.host.search.value)

    def why_not(self, text: str) -> str:
        """Why a text finds nothing."""
        return why_not(self.host.query_now, text, self.host.grid.marks.rows)

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order the list, and keep that."""
        self.host.arranging.order(sort)
