"""What a list of finished calls shows: their columns, filter, order and clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING

from cx_tui.domain.calls.query import NEWEST_FIRST, CallQuery, Condition, conditions_of
from cx_tui.domain.query import Sort
from cx_tui.errors import Misconfigured
from cx_tui.screens.calls.clocks import clock_of, name_of_clock, zone_of
from cx_tui.screens.calls.columns import AMOUNTS, COLUMNS, usual
from cx_tui.screens.calls.reading import Names, calls_of
from cx_tui.screens.calls.source import CallRow, CallRows
from cx_tui.screens.list.cells import Number, number_of
from cx_tui.screens.list.contents import ListContents
from cx_tui.screens.present import shown_columns, spaced
from cx_tui.terminal.in_order import OPENS
from widgets.duties import work
from widgets.grid import Column, Row, RowSource, SortKey
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.screens.calls.call_list import CallsList
    from widgets.column_chooser import Choice


class CallContents(ListContents):
    """Calls of a customer, or of all."""

    host: "CallsList"
    placeholder = "carrier = alpha and talk > 60, or the first digits of a number"

    def __init__(self, host: "CallsList", columns: Sequence[str], place: str) -> None:
        super().__init__(host)
        self._usual = tuple(columns)
        self._place = place
        """Where the columns are kept."""
        self._names = Names(host.cx) if host.query_now.customer_id is None else None
        self._zone_name = host.cx.workspace.zone_of_calls()
        self._zone: tzinfo | None = None
        self._theirs = ""
        """The customer's own time zone, once it is known."""
        self.wrong = ""
        """What can't be read in the filter."""
        self.at_least = False
        """Whether there may be more calls than are counted."""

    def first_columns(self) -> Sequence[Column]:
        """Those that the operator left, or the usual ones."""
        kept = [one for one in self.host.cx.workspace.columns_of(self._place) if one.name in COLUMNS]
        if not kept:
            return self.usual_columns()
        return [replace(COLUMNS[one.name].for_grid(), width=one.width, frozen=one.frozen) for one in kept]

    def usual_columns(self) -> Sequence[Column]:
        """Those that are usual here."""
        return usual(self._usual, with_customer=self._names is not None)

    def first_sort(self) -> Sequence[SortKey]:
        """The newest first."""
        return [SortKey(one.column, one.descending) for one in self.host.query_now.sort]

    async def read(self) -> RowSource:
        """The calls that the query asks for."""
        await self._set_clock()
        return CallRows((await calls_of(self.host.cx)).list(self.host.query_now), self._names, self._zone)

    async def number(self, rows: RowSource) -> int | None:
        """How many there are; where counting takes long, it goes on beside the list."""
        if isinstance(rows, CallRows):
            self.at_least = not (await rows.calls.count()).exact
            if self.at_least:
                self.count_all(rows)
        return None

    @work(exclusive=True, group="count")
    async def count_all(self, rows: CallRows) -> None:
        """Count to the last call."""
        number = await rows.calls.exact_count()
        if self.host.grid.rows.source is rows:
            self.at_least = False
            self.host.grid.set_total(number)
            self.host.post_message(self.host.Shown())

    def nothing_here(self) -> str:
        """What to do when there are none."""
        if self.host.query_now.conditions:
            return "No call is so.\n\nesc clears the filter"
        return "There are no calls yet.\n\ncx-tui collect reads the switches, cx-tui calls import reads files"

    def detail(self) -> LineText:
        """What is wrong with the filter; else the whole cell, and what its column means."""
        if self.wrong:
            return LineText([Part(self.wrong, "bad")])
        row, column = self.host.grid.cursor.row, self.host.grid.cursor.column
        if row is None or column is None:
            return LineText()
        text = row.cell(column.key).text
        parts = [Part(f"{column.title}: {text or 'empty'}", "" if text else "dim")]
        return LineText(spaced(parts), [Part(column.help, "dim")])

    def standing(self) -> list[Part]:
        """How many there are, and of which."""
        parts = []
        if self.host.read_at:
            number = f"{self.host.grid.rows.total:,}"
            parts.append(Part(f"at least {number}" if self.at_least else number, "dim"))
        if marked := self.host.grid.marks.count:
            parts.append(Part(f"{marked:,} marked", "accent"))
        if self.host.query_now.conditions:
            parts.append(Part("filtered", "accent"))
        parts.append(Part(name_of_clock(self._zone), "accent" if self._zone else "dim"))
        return parts

    def number_in(self, row: Row, column: Column) -> Number | None:
        """The number of a cell; amounts with all their decimals."""
        call = row.call if isinstance(row, CallRow) else None
        if call and column.key in AMOUNTS:
            value = AMOUNTS[column.key](call)
            return None if value is None or call.unrated else Number(value, call.currency)
        return number_of(row, column)

    def narrow(self, text: str) -> None:
        """Ask for calls that are so, as soon as it can be read."""
        try:
            conditions = (begins(text),) if text.lstrip("+").isdecimal() else conditions_of(text)
            self.wrong = ""
        except Misconfigured as error:
            self.wrong = str(error)
            self.host.post_message(self.host.Shown())
            return
        self.ask(replace(self.host.query_now, conditions=conditions), wait=self.host.cx.settings.search.wait)

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order the calls."""
        if bad := [COLUMNS[one.column] for one in sort if not COLUMNS[one.column].sorts]:
            self.host.notify(f"Calls can't be ordered by {bad[0].label}.", severity="warning")
            return
        self.host.grid.columns.sort = sort
        wanted = tuple(Sort(one.column, one.descending) for one in sort) or NEWEST_FIRST
        self.ask(replace(self.host.query_now, sort=wanted))

    def ask(self, query: CallQuery, *, wait: float = 0.0) -> None:
        """Ask another question; the old rows stay until the answer is there."""
        if query != self.host.query_now:
            self.host.query_now = query
            self.host.finding.find(wait=wait)

    def choices(self) -> "Sequence[Choice]":
        """Every column of a call."""
        from widgets.column_chooser import Choice

        return [Choice(one.for_grid(), one.group) for one in COLUMNS.values()]

    def keep_columns(self) -> None:
        """Keep the columns for the next time."""
        self.host.cx.workspace.keep_columns(self._place, shown_columns(self.host.grid.columns.shown))

    @work(group="act", name=OPENS)
    async def action_zone(self) -> None:
        """Let the operator choose by which clock times are shown."""
        from cx_tui.screens.calls.clocks import choose_clock

        chosen = await choose_clock(self.host.cx, self.host.screen, self._zone_name, self._theirs)
        if chosen is not None and chosen != self._zone_name:
            self._zone_name = chosen
            self.host.cx.workspace.keep_zone_of_calls(chosen)
            self.host.finding.find(keep=True)

    async def _set_clock(self) -> None:
        """Find the clock that was chosen; that of the customer is asked once."""
        of = self.host.query_now.customer_id
        if of is not None and not self._theirs:
            self._theirs = await zone_of(self.host.cx, of)
        self._zone = clock_of(self._zone_name, self._theirs)


def begins(number: str) -> Condition:
    """What is asked when only digits are typed."""
    return Condition("dialled", "begins", number)
