"""Finding customers and showing them: what is asked, the list that answers, the lines around it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from textual import getters, work
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input

from cx_tui.domain.layout import Layout, usual_layout
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.errors import CxError, Unavailable
from cx_tui.screens.customers import lines
from cx_tui.screens.customers.lines import Standing
from cx_tui.screens.customers.source import CustomerRow, CustomerRows
from cx_tui.screens.customers.switch_line import parts_of
from cx_tui.screens.following import in_short
from cx_tui.screens.header import Header
from cx_tui.screens.list.narrowed import NarrowedList
from cx_tui.screens.present import grid_columns, shown_columns, spaced
from cx_tui.screens.program import Program
from widgets.grid import Grid, Marks, SortKey
from widgets.line import Line

if TYPE_CHECKING:
    from cx_tui.domain.view import View
    from cx_tui.services.calls.now import SwitchNow
    from cx_tui.services.lists.customers import Customers
    from cx_tui.services.lists.listing import Listing
    from cx_tui.services.views import Views


class FindingScreen(NarrowedList, Screen[None]):
    """A screen that shows what its query asks for."""

    grid = getters.query_one("#customers", Grid)
    search = getters.query_one("#search", Input)
    table = getters.query_one("#table", Horizontal)

    more = 0
    """How many customers the list would have more than it shows, or fewer."""

    def __init__(self) -> None:
        super().__init__()
        self.workspace = self.cx.workspace
        self.arrangement = self.workspace.layout()
        self.query_now = Query(sort=self.arrangement.sort)
        self.counts: dict[StatusFilter, int] = {}
        self.standing = Standing("connecting")
        self.customers: Customers | None = None
        self.listing: Listing | None = None
        self.estimated = False
        self.switch_now: SwitchNow | None = None
        """What the switch does, when that is known."""
        self.shown: Query | None = None
        """What the rows on the screen are the answer to."""

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    @work(exclusive=True, group="find")
    async def find(self, *, wait: float = 0.0, keep: bool = False) -> None:
        """Show what the query asks for; a newer question makes this one void."""
        if wait:
            await self.cx.pause(wait)
        await self.show_list(keep=keep)

    def ask(self, query: Query, *, wait: float = 0.0) -> None:
        """Ask another question; the old rows stay until the answer is there."""
        before, self.query_now = self.query_now, query
        if query == before:
            return
        if self.grid.marks.all_but and query.which != before.which:
            self.grid.marks = Marks.NONE
            self.notify("All rows were marked; this is a different list now, so the marks are gone.")
        self.show_lines()
        self.find(wait=wait)

    def awaits(self, key: str) -> bool:
        """Keys act on the rows that were asked for, but while one types what they are."""
        asked = self.shown is not None and self.shown != self.query_now and not self.standing.is_wrong
        return asked and self.focused is self.grid

    def stop(self) -> bool:
        """Stop looking for customers; what was found before stays."""
        found = [worker for worker in self.workers if worker.group == "find" and worker.is_running]
        for worker in found:
            worker.cancel()
            self.shown = self.query_now  # so the operator wants it
        return bool(found)

    async def show_list(self, *, keep: bool) -> None:
        """Show the list that the query asks for, and connect first when that was not done yet."""
        try:
            await self._show_list(keep=keep)
        except CxError as error:
            self.explain(error)

    async def _show_list(self, *, keep: bool) -> None:
        query = self.query_now
        if self.customers is None:
            services = await self.cx.services()
            self.customers = services.customers
            if view := await self.first_view(services.views):
                self.begin_with(view)
                query = self.query_now
        listing = await self.customers.list(query, self.counts.get(query.status) or None)
        rows = CustomerRows(
            listing, lambda: [column.key for column in self.grid.columns], ascii=self.cx.ascii
        )
        await self.grid.show(rows, keep=keep)
        if self.grid.source is not rows:
            return
        self.listing, self.shown, self.more = listing, query, 0
        self.estimated = bool(query.search) and not (await listing.count()).exact
        self.grid.stale = False
        self.list_shown()
        self.grid.set_total(await listing.exact_count())
        self.estimated = False
        if not self.grid.total:
            self.grid.notice(nothing_here(query), "dim")
        self.show_lines()

    async def first_view(self, views: "Views") -> "View | None":
        """The view that the operator wants to begin with, unless something was asked for already."""
        if self.query_now.typed or self.query_now.status is not StatusFilter.ALL:
            return None
        return await views.on_key("customer", 0)

    def begin_with(self, view: "View") -> None:
        """Begin with a view: its columns are there before its rows."""
        self.show_view(view)

    def list_shown(self) -> None:
        """A list is on the screen."""
        self.cx.started()
        self.standing = Standing("live", datetime.now(UTC))
        self.show_lines()
        self.show_detail()
        self.show_range()

    # What views and groups are of

    def arranged(self) -> Layout:
        """The columns and the order as they are."""
        return replace(self.arrangement, columns=shown_columns(self.grid.columns))

    def usual(self) -> Layout:
        """The columns and the order that nobody has arranged."""
        return usual_layout()

    def use_layout(self, layout: Layout) -> None:
        """Show and keep other columns and another order."""
        self.arrangement = layout
        self.grid.set_columns(grid_columns(layout))
        self.grid.sort = [SortKey(sort.column, sort.descending) for sort in layout.sort]
        self.workspace.keep_layout(layout)
        if layout.sort != self.query_now.sort:
            self.ask(replace(self.query_now, sort=layout.sort))
        else:
            self.find(keep=True)

    def values_here(self) -> Mapping[str, Any] | None:
        """The values of the customer under the cursor."""
        row = self.grid.cursor_row
        return row.values if isinstance(row, CustomerRow) else None

    async def drop_gone_marks(self) -> None:
        """Mark nobody who is not there any more."""

    def keep_columns(self) -> None:
        """Keep the shown columns, and read rows that lack one of them."""
        self.arrangement = replace(self.arrangement, columns=shown_columns(self.grid.columns))
        self.workspace.keep_layout(self.arrangement)
        row = self.grid.cursor_row
        if row and any(column.key not in row.cells for column in self.grid.columns):
            self.find(keep=True)

    def explain(self, error: CxError) -> None:
        """Say what is wrong; with no rows on the screen in their place."""
        state = "away" if isinstance(error, Unavailable) else "refused"
        if self.standing.state != state:
            self.notify(str(error), severity="error", timeout=10)
            self.standing = Standing(state, datetime.now(UTC))
        if not self.grid.total:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
        self.show_lines()

    def show_lines(self) -> None:
        """Say what there is, what is asked for and how things stand."""
        marks, total = self.grid.marks, self.grid.total
        found = ""
        if self.query_now.typed or self.query_now.status is not StatusFilter.ALL:
            found = found_in_words(self.query_now, total, estimated=self.estimated)
        parts = lines.header(self.counts, found, marks.count(total), in_short(self.more), self.view_part())
        standing = self.standing.part()
        if self.switch_now and not found:
            said = (*spaced(parts), *spaced([*self.cx.place(), standing]))
            room = self.size.width - 2 - sum(len(part.text) for part in said)
            parts += parts_of(self.switch_now, room, ascii=self.cx.ascii)
        self.query_one(Header).say(*parts, right=[standing])
        self.query_one("#chips", Line).show(*lines.chips(self.query_now, ascii=self.cx.ascii))
        self.show_chips()

    def show_detail(self) -> None:
        """Say more of the customer under the cursor."""
        row, column = self.grid.cursor_row, self.grid.cursor_column
        values = row.values if isinstance(row, CustomerRow) else None
        said = lines.detail(values, column.key if column else None, self.size.width)
        self.query_one("#detail", Line).show_lines(said)


def found_in_words(query: Query, number: int, *, estimated: bool) -> str:
    """How many there are; of one status that nobody has counted yet, no number would be near."""
    if not estimated:
        return f"{number:,} found"
    return f"{number - 1:,}+ found" if query.status is StatusFilter.ALL else "counting …"


def nothing_here(query: Query) -> str:
    """What to do when the list is empty."""
    if query.typed:
        where = "" if query.status is StatusFilter.ALL else f" with the status {query.status.label}"
        return f'No customer{where} has "{query.typed}".\n\nesc clears the search'
    if query.status is not StatusFilter.ALL:
        return f"No customer has the status {query.status.label}.\n\nt chooses another, esc shows all"
    more = "+ makes the first one; cx-tui seed makes some to try the program with"
    return f"There are no customers yet.\n\n{more}"
