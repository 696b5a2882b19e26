"""Finding customers: the list that answers the question, and what is said when nothing does."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cx_tui.domain.query import Query, StatusFilter
from cx_tui.errors import CxError, Unavailable
from cx_tui.screens.customers.lines import Standing
from cx_tui.screens.customers.source import CustomerRows
from cx_tui.screens.list.asking import Asking
from widgets.duties import work

if TYPE_CHECKING:
    from cx_tui.domain.view import View
    from cx_tui.screens.customers.customers_screen import CustomersScreen
    from cx_tui.services.lists.customers import Customers
    from cx_tui.services.views import Views


class Finding(Asking):
    """Shows what the query asks for."""

    host: "CustomersScreen"
    customers: "Customers | None" = None
    """What answers, when the database is open."""
    shown: Query | None = None
    """What the rows on the screen are the answer to."""

    @work(exclusive=True, group="find")
    async def find(self, *, wait: float = 0.0, keep: bool = False) -> None:
        """Show what the query asks for; a newer question makes this one void."""
        if wait:
            await self.host.cx.pause(wait)
        await self.show_list(keep=keep)

    def ask(self, query: Query, *, wait: float = 0.0) -> None:
        """Ask another question, and say what is asked."""
        if query != self.host.query_now:
            super().ask(query, wait=wait)
            self.host.show_lines()

    @property
    def is_awaited(self) -> bool:
        """Whether rows that were asked for are on their way."""
        asked = self.shown is not None and self.shown != self.host.query_now
        return asked and not self.host.standing.is_wrong

    def stop(self) -> bool:
        """Stop looking for customers; what was found before stays."""
        found = [worker for worker in self.host.workers if worker.group == "find" and worker.is_running]
        for worker in found:
            worker.cancel()
            self.shown = self.host.query_now  # so the operator wants it
        return bool(found)

    async def show_list(self, *, keep: bool) -> None:
        """Show the list that the query asks for, and connect first when that was not done yet."""
        try:
            await self._show_list(keep=keep)
        except CxError as error:
            self.explain(error)

    async def _show_list(self, *, keep: bool) -> None:
        screen = self.host
        query, grid = screen.query_now, screen.grid
        if self.customers is None:
            services = await screen.cx.services()
            self.customers = services.customers
            if view := await self._first_view(services.views):
                screen.opened_view.show(view)  # its columns are there before its rows
                query = screen.query_now
        listing = await self.customers.list(query, screen.counts.get(query.status) or None)
        rows = CustomerRows(
            listing, lambda: [column.key for column in grid.columns.shown], ascii=screen.cx.ascii
        )
        await grid.show(rows, keep=keep)
        if grid.rows.source is not rows:
            return
        screen.listing, self.shown, screen.more = listing, query, 0
        screen.numbers.estimated = bool(query.typed) and not (await listing.count()).exact
        grid.stale = False
        self._list_shown()
        grid.set_total(await listing.exact_count())
        screen.numbers.estimated = False
        if not grid.rows.total:
            grid.notice(nothing_here(query), "dim")
        screen.show_lines()
        screen.totals.show()

    async def _first_view(self, views: "Views") -> "View | None":
        """The view that the operator wants to begin with, unless something was asked for already."""
        if self.host.query_now.typed or self.host.query_now.status is not StatusFilter.ALL:
            return None
        return await views.on_key("customer", 0)

    def _list_shown(self) -> None:
        """A list is on the screen."""
        screen = self.host
        screen.cx.started()
        screen.standing = Standing("live", datetime.now(UTC))
        screen.show_lines()
        screen.show_detail()
        screen.totals.show()
        screen.watching.list_shown()
        screen.left_drafts.list_shown()

    def explain(self, error: CxError) -> None:
        """Say what is wrong; with no rows on the screen in their place."""
        screen = self.host
        state = "away" if isinstance(error, Unavailable) else "refused"
        if screen.standing.state != state:
            screen.notify(str(error), severity="error", timeout=10)
            screen.standing = Standing(state, datetime.now(UTC))
        if not screen.grid.rows.total:
            screen.grid.notice(f"{error}\n\npress r to try again", "bad")
        screen.show_lines()


def found_in_words(query: Query, number: int, *, estimated: bool) -> str:
    """How many there are; of one status that nobody has counted yet, no number would be near: a search index
    knows nothing of it."""
    if not estimated:
        return f"{number:,} found"
    near = query.where or query.status is StatusFilter.ALL
    return f"{number - 1:,}+ found" if near else "counting …"


def nothing_here(query: Query) -> str:
    """What to do when the list is empty."""
    if query.typed:
        where = "" if query.status is StatusFilter.ALL else f" with the status {query.status.label}"
        return f'No customer{where} has "{query.typed}".\n\nesc clears the search'
    if query.status is not StatusFilter.ALL:
        return f"No customer has the status {query.status.label}.\n\nt chooses another, esc shows all"
    more = "+ makes the first one; cx-tui seed makes some to try the program with"
    return f"There are no customers yet.\n\n{more}"
