"""The main screen: finds, shows, marks and watches customers."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input

from cx_tui.domain.query import CustomerQuery, Sort, StatusFilter
from cx_tui.errors import CxError
from cx_tui.screens.customers import lines
from cx_tui.screens.customers.copying import Copying
from cx_tui.screens.customers.lines import Standing
from cx_tui.screens.customers.panels import Panels
from cx_tui.screens.customers.source import CustomerRow, CustomerRows, RowsOfLastRun
from cx_tui.screens.present import grid_columns, shown_columns
from cx_tui.services.desk import LastRows
from widgets.grid import ASCII, UNICODE, Grid, Marks, SortKey, next_sort
from widgets.key_line import KeyLine
from widgets.line import Line

if TYPE_CHECKING:
    from cx_tui.app import CxApp
    from cx_tui.services.customers import Customers
    from cx_tui.services.listing import Listing

COUNT_EVERY = 10.0
"""Seconds between two looks at how many customers there are and how they are ordered."""

LIVE_COLUMNS = {"credit", "in_use", "cps", "last_call_at", "asr", "acd", "acd_all", "pdd", "attempts",
                "connected", "available", "spend_today", "hours_left", "warnings"}  # fmt: skip


class CustomersScreen(Copying, Panels, Screen[None]):
    """The list of customers."""

    CSS_PATH = "customers.tcss"
    TITLE = "Customers"
    AUTO_FOCUS = "#customers"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search", id="customers.search", tooltip="Find customers while typing."),
        Binding("t", "status_filter", "status", id="customers.status", tooltip="Show one status only."),
        Binding("c", "columns", "columns", id="customers.columns", tooltip="Choose and arrange the columns."),
        Binding(
            "r,f5", "refresh", "refresh", id="customers.refresh", tooltip="Read the list again, in its new order."
        ),
        Binding("y", "copy_cell", "copy", id="customers.copy_cell", tooltip="Copy this cell."),
        Binding(
            "Y", "copy_rows", "copy rows", show=False, id="customers.copy_rows",
            tooltip="Copy the marked rows with their titles, or this row.",
        ),
        Binding("w", "warnings", "warnings", show=False, id="customers.warnings",
                tooltip="Show the warnings of this customer in words."),
        Binding("p", "pause", "pause", show=False, id="customers.pause",
                tooltip="Stop or go on with refreshing by itself."),
        Binding("ctrl+o", "jump", "jump", show=False, id="customers.jump",
                tooltip="Go to a part of the screen or a column by one letter."),
        Binding("escape", "step_back", "back", show=False, id="customers.back",
                tooltip="Leave the search box, then clear the search, the status, the marks."),
    ]  # fmt: skip

    grid = getters.query_one("#customers", Grid)
    search = getters.query_one("#search", Input)
    table = getters.query_one("#table", Horizontal)

    def __init__(self) -> None:
        super().__init__()
        self.desk = self.cx.desk
        self.arrangement = self.desk.layout()
        self.query_now = CustomerQuery(sort=self.arrangement.sort)
        self.counts: dict[StatusFilter, int] = {}
        self.standing = Standing("connecting")
        self.paused = False
        self._customers: Customers | None = None
        self.listing: Listing | None = None
        self._counted_at = datetime.min.replace(tzinfo=UTC)

    @property
    def cx(self) -> "CxApp":
        """The program."""
        return cast("CxApp", self.app)

    def compose(self) -> ComposeResult:
        """The header, the search bar, the grid, the detail, the keys."""
        yield Line(id="header")
        with Horizontal(id="bar"):
            yield Line(id="slash")
            yield Input(placeholder="name, contact, phone, tag, external id", compact=True, id="search")
            yield Line(id="chips")
        with Horizontal(id="table"):
            glyphs = ASCII if self.cx.ascii else UNICODE
            yield Grid(grid_columns(self.arrangement), glyphs=glyphs, id="customers")
        yield Line(id="detail")
        yield KeyLine(id="keys")

    async def on_mount(self) -> None:
        """Show what was seen last, then get the live rows."""
        self.query_one("#slash", Line).show("/")
        self.grid.sort = [SortKey(sort.column, sort.descending) for sort in self.query_now.sort]
        last = self.desk.last_rows() if self.cx.settings.start.last_rows else None
        if last:
            self.counts = {status: last.counts.get(status.value, 0) for status in StatusFilter}
            self.standing = Standing("as of", last.seen_at)
            self.grid.stale = True
            await self.grid.show(RowsOfLastRun(last), keep=False)
        else:
            self.grid.notice("Opening the database …")
        self.show_lines()
        self.call_after_refresh(self.connect)

    # Finding

    @work(exclusive=True, group="find")
    async def connect(self) -> None:
        """Reach the database, show its rows, then keep them up to date."""
        try:
            self._customers = (await self.cx.services()).customers
        except CxError as error:
            self.explain(error)
            return
        await self._show_list(keep=False)
        await self._count()
        seconds = self.cx.settings.refresh.seconds
        if seconds:
            self.set_interval(seconds, self.keep_up)

    @work(exclusive=True, group="find")
    async def find(self, *, wait: float = 0.0, keep: bool = False) -> None:
        """Show what the query asks for; a newer question makes this one void."""
        if wait:
            await self.cx.pause(wait)
        await self._show_list(keep=keep)

    def ask(self, query: CustomerQuery, *, wait: float = 0.0) -> None:
        """Ask another question; the old rows stay until the answer is there."""
        if query == self.query_now:
            return
        if (
            self.grid.marks.all_but
            and query.search + query.status != self.query_now.search + self.query_now.status
        ):
            self.grid.marks = Marks.NONE
            self.notify("All rows of the list were marked; it is another list now, so the marks are gone.")
        self.query_now = query
        self.show_lines()
        if self._customers is None:
            self.connect()
        else:
            self.find(wait=wait)

    async def _show_list(self, *, keep: bool) -> None:
        """Show the list that the query asks for."""
        if self._customers is None:
            return
        query = self.query_now
        try:
            listing = await self._customers.list(query)
            rows = CustomerRows(listing, lambda: [column.key for column in self.grid.columns])
            await self.grid.show(rows, keep=keep)
        except CxError as error:
            self.explain(error)
            return
        if self.grid.source is not rows:
            return
        self.listing = listing
        self.grid.stale = False
        self.standing = Standing("paused" if self.paused else "live", datetime.now(UTC))
        if not self.grid.total:
            self.grid.notice(nothing_here(query), "dim")
        self.show_lines()
        if not (await listing.count()).exact:
            self.grid.set_total(await listing.exact_count())
            self.show_lines()

    # Keeping up to date

    @work(exclusive=False, group="keep-up")
    async def keep_up(self) -> None:
        """Bring what is on the screen up to date, and now and then the counts and the order."""
        if self.paused or self.listing is None or self._keeping_up:
            return
        self._keeping_up = True
        try:
            await self.grid.update_rows()
            if (datetime.now(UTC) - self._counted_at).total_seconds() >= COUNT_EVERY:
                await self._count()
                if {sort.column for sort in self.query_now.sort} & LIVE_COLUMNS:
                    await self._show_list(keep=True)
            self.standing = Standing("live", datetime.now(UTC))
            self.show_detail()
        finally:
            self._keeping_up = False
        self.show_lines()

    _keeping_up = False

    async def _count(self) -> None:
        """Count the customers by status; when there are more or fewer, the list is read again."""
        if self._customers is None:
            return
        before = self.counts.get(StatusFilter.ALL)
        try:
            self.counts = await self._customers.status_counts()
        except CxError as error:
            self.explain(error)
            return
        self._counted_at = datetime.now(UTC)
        self.show_lines()
        if before not in (None, self.counts[StatusFilter.ALL]):
            await self._show_list(keep=True)

    def action_refresh(self) -> None:
        """Read everything again, the order too."""
        if self._customers is None:
            self.connect()
            return
        self._counted_at = datetime.min.replace(tzinfo=UTC)
        self.find(keep=True)

    def action_pause(self) -> None:
        """Stop refreshing by itself, or go on."""
        self.paused = not self.paused
        self.standing = replace(self.standing, state="paused" if self.paused else "live")
        self.show_lines()

    # Searching, sorting, filtering

    def action_search(self) -> None:
        """Go to the search box."""
        self.search.focus()

    @on(Input.Changed, "#search")
    def search_changed(self, event: Input.Changed) -> None:
        """Find while the operator types."""
        self.ask(replace(self.query_now, search=event.value.strip()), wait=self.cx.settings.search.wait)

    @on(Input.Submitted, "#search")
    def search_done(self) -> None:
        """Go to the rows."""
        self.grid.focus()

    def action_step_back(self) -> None:
        """One step back: out of the search box, then the search, the status, the marks are cleared."""
        if self.focused is not self.grid:
            self.grid.focus()
        elif self.search.value:
            self.search.value = ""
        elif self.query_now.status is not StatusFilter.ALL:
            self.ask(replace(self.query_now, status=StatusFilter.ALL))
        elif self.grid.marks:
            self.grid.marks = Marks.NONE
            self.show_lines()

    @on(Grid.SortRequested)
    def sort_requested(self, event: Grid.SortRequested) -> None:
        """Order the list."""
        sort = next_sort(self.grid.sort, event.column, event.add)
        self.grid.sort = sort
        self.arrangement = replace(
            self.arrangement, sort=tuple(Sort(key.column, key.descending) for key in sort)
        )
        self.desk.keep_layout(self.arrangement)
        self.ask(replace(self.query_now, sort=self.arrangement.sort))

    # What the grid tells

    @on(Grid.CursorMoved)
    def show_detail(self) -> None:
        """Say more of the customer under the cursor."""
        row, column = self.grid.cursor_row, self.grid.cursor_column
        values = row.values if isinstance(row, CustomerRow) else None
        self.query_one("#detail", Line).show_lines(lines.detail(values, column.key if column else None))

    @on(Grid.MarksChanged)
    def marks_changed(self) -> None:
        """Say how many are marked."""
        self.show_lines()

    @on(Grid.ColumnsChanged)
    def columns_changed(self, event: Grid.ColumnsChanged) -> None:
        """Keep the layout that the operator made with the grid's keys."""
        self.keep_columns()
        if self.chooser:
            self.chooser.set_shown(event.columns)

    @on(Grid.Refused)
    def refused(self, event: Grid.Refused) -> None:
        """Say why the grid did not do it."""
        self.notify(event.text, severity="warning")

    @on(Grid.Failed)
    def failed(self, event: Grid.Failed) -> None:
        """Say what is wrong with the database; what is not its fault is a bug and stays loud."""
        if not isinstance(event.error, CxError):
            raise event.error
        self.explain(event.error)

    def keep_columns(self) -> None:
        """Keep the shown columns, and read rows that lack one of them."""
        self.arrangement = replace(self.arrangement, columns=shown_columns(self.grid.columns))
        self.desk.keep_layout(self.arrangement)
        row = self.grid.cursor_row
        if row and any(column.key not in row.cells for column in self.grid.columns):
            self.find(keep=True)

    # What is said around the grid

    def explain(self, error: CxError) -> None:
        """Say what is wrong; with no rows on the screen in their place."""
        if self.standing.state != "away":
            self.notify(str(error), severity="error", timeout=10)
        self.standing = Standing("away", datetime.now(UTC))
        if not self.grid.total:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
        self.show_lines()

    def show_lines(self) -> None:
        """Say what there is, what is asked for and how things stand."""
        marks, total = self.grid.marks, self.grid.total
        found = ""
        if self.query_now.search or self.query_now.status is not StatusFilter.ALL:
            found = f"{total:,} found"
        parts = lines.header(self.counts, found, marks.count(total))
        self.query_one("#header", Line).show(
            *parts, right=lines.spaced([*self.cx.place(), self.standing.part()])
        )
        self.query_one("#chips", Line).show(*lines.chips(self.query_now, ascii=self.cx.ascii))

    def on_unmount(self) -> None:
        """Keep the rows that were on the screen, to be shown at the next start."""
        rows = [row for row in self.grid.visible_rows if isinstance(row, CustomerRow) and row.values]
        if not rows or not self.cx.settings.start.last_rows:
            return
        texts = [(row.key, {name: row.cell(name).text for name in row.cells}) for row in rows]
        counts = {status.value: count for status, count in self.counts.items()}
        self.desk.keep_last_rows(LastRows(datetime.now(UTC), self.grid.total, counts, texts))


def nothing_here(query: CustomerQuery) -> str:
    """What to do when the list is empty."""
    if query.search:
        where = "" if query.status is StatusFilter.ALL else f" with the status {query.status.label}"
        return f'No customer{where} has "{query.search}".\n\nesc clears the search'
    if query.status is not StatusFilter.ALL:
        return f"No customer has the status {query.status.label}.\n\nt chooses another, esc shows all"
    return "There are no customers yet.\n\ncx-tui seed makes some to try the program with"
