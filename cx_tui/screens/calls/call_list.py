"""A list of finished calls: any number of them, filtered, ordered, opened, copied and written to a file."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.key import key_of_call
from cx_tui.domain.calls.query import NEWEST_FIRST, CallQuery, Condition, conditions_of
from cx_tui.domain.query import Sort
from cx_tui.domain.view import sort_text
from cx_tui.errors import CxError, Misconfigured
from cx_tui.screens.calls.clocks import clock_of, name_of_clock, zone_of
from cx_tui.screens.calls.columns import AMOUNTS, COLUMNS, LATEST, RECORDS, usual
from cx_tui.screens.calls.copying import marked_rows, table_of
from cx_tui.screens.calls.reading import Names, calls_of
from cx_tui.screens.calls.source import CallRow, CallRows
from cx_tui.screens.list.base_list import KEYS, BaseList
from cx_tui.screens.list.cells import Number, number_of
from cx_tui.screens.present import shown_columns, spaced
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Column, Grid, Row, RowSource, SortKey
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from widgets.column_chooser import Choice

FOLLOWS = 2.0
"""Seconds between two looks whether there is a newer call."""


class CallsList(BaseList, inherit_bindings=False):
    """Calls of a customer, or of all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "filter", id="list.search",
                tooltip="Filter the calls: carrier = alpha and talk > 60, or the first digits of a number."),
        Binding("S", "simulate", "simulate", id="calls.simulate",
                tooltip="Send this call through every gate, as it was and as of now, side by side."),
        Binding("E", "export", "download", id="list.export",
                tooltip="Write these calls into a CSV or Parquet file, times in UTC."),
        Binding("Z", "zone", "clock", show=False, id="calls.zone",
                tooltip="Choose the clock of times: your own, UTC, the customer's, or another one."),
        KEYS["list.columns"],
        KEYS["list.copy_cell"],
        KEYS["list.copy_rows"],
        KEYS["list.refresh"],
        KEYS["list.back"],
    ]  # fmt: skip

    DEFAULT_CSS = "CallsList { & .search Input { max-width: 100; } }"

    PLACEHOLDER = "carrier = alpha and talk > 60, or the first digits of a number"

    def __init__(
        self,
        customer_id: int | None,
        *,
        columns: Sequence[str] = RECORDS,
        follows: bool = False,
        between: tuple[datetime, datetime] | None = None,
    ) -> None:
        super().__init__()
        self.query_now = CallQuery(customer_id, *(between or ()))
        self._usual = tuple(columns)
        self._place = f"calls-{'latest' if follows else 'cdr'}{'' if customer_id else '-all'}"
        self._follows = follows
        self._names = Names(self.cx) if customer_id is None else None
        self._zone_name = self.cx.workspace.zone_of_calls()
        self._zone: tzinfo | None = None
        self._theirs = ""
        """The customer's own time zone, once it is known."""
        self.wrong = ""
        """What can't be read in the filter."""
        self.at_least = False
        """Whether there may be more calls than are counted."""

    def on_mount(self) -> None:
        """Look now and then whether something is new, where the newest are shown."""
        super().on_mount()
        if self._follows:
            self.set_interval(FOLLOWS, self.follow)

    def command(self) -> str:
        """These calls, as a command."""
        query = self.query_now
        words = [
            "cx-tui",
            "calls",
            "list",
            *([f"#{query.customer_id}"] if query.customer_id is not None else []),
        ]
        words += ["--from", query.first.isoformat()] if query.first else []
        words += ["--to", query.until.isoformat()] if query.until else []
        where = " and ".join(f'{one.field} {one.operator} "{one.value}"' for one in query.conditions)
        words += ["--where", where] if where else []
        if query.sort != NEWEST_FIRST:
            words.append(f"--sort={','.join(map(sort_text, query.sort))}")
        return shlex.join(words)

    # What is shown

    def first_columns(self) -> Sequence[Column]:
        """Those that the operator left, or the usual ones."""
        kept = [one for one in self.cx.workspace.columns_of(self._place) if one.name in COLUMNS]
        if not kept:
            return self._usual_columns()
        return [replace(COLUMNS[one.name].for_grid(), width=one.width, frozen=one.frozen) for one in kept]

    def _usual_columns(self) -> tuple[Column, ...]:
        return usual(self._usual, with_customer=self._names is not None)

    def first_sort(self) -> Sequence[SortKey]:
        """The newest first."""
        return [SortKey(one.column, one.descending) for one in self.query_now.sort]

    async def read(self) -> RowSource:
        """The calls that the query asks for."""
        await self._set_clock()
        return CallRows((await calls_of(self.cx)).list(self.query_now), self._names, self._zone)

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
        if self.grid.rows.source is rows:
            self.at_least = False
            self.grid.set_total(number)
            self.post_message(self.Shown())

    @work(exclusive=True, group="follow")
    async def follow(self) -> None:
        """Show what is new above the first row, while that is where one looks."""
        grid = self.grid
        if not grid.region or grid.scroll_offset.y or self.search.has_focus or not self.query_now.by_start:
            return
        try:
            newest = await (await calls_of(self.cx)).list(self.query_now).rows(0, 1)
        except CxError:
            return  # the list says it when it is read
        first = grid.rows.visible[0].key if grid.rows.visible else None
        if newest and key_of_call(newest[0]) != first:
            self.find(keep=bool(grid.marks.rows) or grid.cursor.position > 0, asked=False)

    def nothing_here(self) -> str:
        """What to do when there are none."""
        if self.query_now.conditions:
            return "No call is so.\n\nesc clears the filter"
        return "There are no calls yet.\n\ncx-tui collect reads the switches, cx-tui calls import reads files"

    def detail(self) -> LineText:
        """What is wrong with the filter; else the whole cell, and what its column means."""
        if self.wrong:
            return LineText([Part(self.wrong, "bad")])
        row, column = self.grid.cursor.row, self.grid.cursor.column
        if row is None or column is None:
            return LineText()
        text = row.cell(column.key).text
        parts = [Part(f"{column.title}: {text or 'empty'}", "" if text else "dim")]
        return LineText(spaced(parts), [Part(column.help, "dim")])

    def standing(self) -> list[Part]:
        """How many there are, and of which."""
        parts = []
        if self.read_at:
            number = f"{self.grid.rows.total:,}"
            parts.append(Part(f"at least {number}" if self.at_least else number, "dim"))
        if marked := self.grid.marks.count:
            parts.append(Part(f"{marked:,} marked", "accent"))
        if self.query_now.conditions:
            parts.append(Part("filtered", "accent"))
        parts.append(Part(name_of_clock(self._zone), "accent" if self._zone else "dim"))
        return parts

    @property
    def call(self) -> Call | None:
        """The call under the cursor."""
        row = self.grid.cursor.row
        return row.call if isinstance(row, CallRow) else None

    # Filter, order, columns

    def narrow(self, text: str) -> None:
        """Ask for calls that are so, as soon as it can be read."""
        try:
            conditions = (begins(text),) if text.lstrip("+").isdecimal() else conditions_of(text)
            self.wrong = ""
        except Misconfigured as error:
            self.wrong = str(error)
            self.post_message(self.Shown())
            return
        self.ask(replace(self.query_now, conditions=conditions), wait=self.cx.settings.search.wait)

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order the calls."""
        if bad := [COLUMNS[one.column] for one in sort if not COLUMNS[one.column].sorts]:
            self.notify(f"Calls can't be ordered by {bad[0].label}.", severity="warning")
            return
        self.grid.columns.sort = sort
        wanted = tuple(Sort(one.column, one.descending) for one in sort) or NEWEST_FIRST
        self.ask(replace(self.query_now, sort=wanted))

    def ask(self, query: CallQuery, *, wait: float = 0.0) -> None:
        """Ask another question; the old rows stay until the answer is there."""
        if query != self.query_now:
            self.query_now = query
            self.find(wait=wait)

    def choices(self) -> "tuple[Sequence[Choice], Sequence[Column]]":
        """Every column of a call."""
        from widgets.column_chooser import Choice

        return [Choice(one.for_grid(), one.group) for one in COLUMNS.values()], self._usual_columns()

    def keep_columns(self) -> None:
        """Keep the columns for the next time."""
        self.cx.workspace.keep_columns(self._place, shown_columns(self.grid.columns.shown))

    @work(group="act", name=OPENS)
    async def action_zone(self) -> None:
        """Let the operator choose by which clock times are shown."""
        from cx_tui.screens.calls.clocks import choose_clock

        chosen = await choose_clock(self.cx, self.screen, self._zone_name, self._theirs)
        if chosen is not None and chosen != self._zone_name:
            self._zone_name = chosen
            self.cx.workspace.keep_zone_of_calls(chosen)
            self.find(keep=True)

    async def _set_clock(self) -> None:
        """Find the clock that was chosen; that of the customer is asked once."""
        of = self.query_now.customer_id
        if of is not None and not self._theirs:
            self._theirs = await zone_of(self.cx, of)
        self._zone = clock_of(self._zone_name, self._theirs)

    # Acts

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Show all of a call."""
        from cx_tui.screens.calls.call_screen import CallScreen

        event.stop()
        if isinstance(event.row, CallRow) and event.row.call:
            name = event.row.cell("customer_id").text
            self.app.push_screen(CallScreen(event.row.call, name))

    @work(group="act", name=OPENS)
    async def action_simulate(self) -> None:
        """Send the call through the gates, as its customer was then and is now."""
        from cx_tui.screens.admission.compare import CompareScreen

        if self.call:
            await self.app.push_screen_wait(CompareScreen(self.call))

    def number_in(self, row: Row, column: Column) -> Number | None:
        """The number of a cell; amounts with all their decimals."""
        call = row.call if isinstance(row, CallRow) else None
        if call and column.key in AMOUNTS:
            value = AMOUNTS[column.key](call)
            return None if value is None or call.unrated else Number(value, call.currency)
        return number_of(row, column)

    @work(exclusive=True, group="copy")
    async def action_copy_rows(self) -> None:
        """Copy the marked cells or rows with their titles, or the row under the cursor."""
        if self.grid.cells.block:
            self.copy_cells(titles=True)
            return
        source, marks, row = self.grid.rows.source, self.grid.marks.rows, self.grid.cursor.row
        if source is None or row is None:
            return
        rows = [row]
        if marks:
            rows = await marked_rows(source, marks, self.grid.rows.total, self.cx.settings.clipboard.limit)
        number = f"{len(rows):,} row{'s' if len(rows) != 1 else ''}"
        self.send(table_of(self.grid.columns.shown, rows), f"{number} with titles")

    @work(group="act", name=OPENS)
    async def action_export(self) -> None:
        """Write the calls of the list into a file."""
        from cx_tui.screens.ask_path import AskPath
        from cx_tui.services.calls.written import ENDINGS

        folder = self.cx.workspace.folder_of_files() or str(Path.cwd())
        title = f"Write {self.grid.rows.total:,} calls into a file, times in UTC"
        path = await self.app.push_screen_wait(AskPath(title, f"{folder.rstrip('/')}/calls.csv", ENDINGS))
        if path:
            self.write(path)

    @work(group="write")
    async def write(self, path: Path) -> None:
        """Write the file in a process of its own, so that no key waits for it."""
        from cx_tui.services.calls.child import written

        try:
            number = await written(await calls_of(self.cx), self.query_now, path)
        except CxError as error:
            self.notify(f"Nothing was written: {error}.", severity="error")
            return
        self.notify(f"{number:,} calls are in {path}, times in UTC.")


def begins(number: str) -> Condition:
    """What is asked when only digits are typed."""
    return Condition("dialled", "begins", number)


def latest_calls(customer_id: int | None) -> CallsList:
    """The newest calls, which come by themselves."""
    return CallsList(customer_id, columns=LATEST, follows=True)


def call_records(
    customer_id: int | None,
    between: tuple[datetime, datetime] | None = None,
    conditions: tuple[Condition, ...] = (),
) -> CallsList:
    """The records, of all days or between two moments, which stay as they were asked for."""
    found = CallsList(customer_id, between=between)
    found.query_now = replace(found.query_now, conditions=conditions)
    return found
