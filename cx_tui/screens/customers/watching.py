"""Keeping the list up to date while others, and the switch, change it."""

from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

from textual import work

from cx_tui.domain.query import StatusFilter
from cx_tui.errors import CxError
from cx_tui.screens.customers.finding import FindingScreen
from cx_tui.screens.customers.lines import Standing

COUNT_EVERY = 10.0
"""Seconds between two looks at how many customers there are and how they are ordered."""

LIVE_COLUMNS = {
    "credit", "in_use", "cps", "last_call_at", "asr", "acd", "acd_all", "pdd", "attempts", "connected",
    "available", "spend_today", "hours_left", "warnings",
}  # fmt: skip
"""Ordered by one of these, customers change places while one looks."""

SHARE = 10
"""On a slow link a refresh comes after so many times what the terminal took to take the last frame."""

NEVER = datetime.min.replace(tzinfo=UTC)


class WatchingScreen(FindingScreen):
    """A screen that refreshes by itself."""

    paused = False
    counted_at = NEVER
    _busy = False
    _not_before = 0.0

    @work(exclusive=False, group="keep-up")
    async def keep_up(self) -> None:
        """Bring what is on the screen up to date, and now and then the counts and the order."""
        if self.paused or self.listing is None or self._busy or monotonic() < self._not_before:
            return
        self._busy = True
        try:
            if self.standing.state == "away":
                await self.show_list(keep=True)
                return
            await self.grid.update_rows()
            if (datetime.now(UTC) - self.counted_at).total_seconds() >= COUNT_EVERY:
                await self.count()
                if {sort.column for sort in self.query_now.sort} & LIVE_COLUMNS:
                    await self.show_list(keep=True)
            await self._follow_the_clock()
            self.standing = Standing("live", datetime.now(UTC))
            self.show_detail()
        finally:
            self._busy = False
            self._not_before = monotonic() + SHARE * self.cx.lag()
        self.show_lines()

    async def _follow_the_clock(self) -> None:
        """In a new quarter of an hour others may call: renew what is kept, and read the list again."""
        if self.customers is None or self.listing is None:
            return
        try:
            await self.customers.sweep()
        except CxError as error:
            self.explain(error)
            return
        if self.listing.is_of_the_past:
            await self.show_list(keep=True)

    async def count(self) -> None:
        """Count the customers by status; when there are more or fewer, the list is read again."""
        if self.customers is None:
            return
        before = self.counts.get(StatusFilter.ALL)
        try:
            self.counts = await self.customers.status_counts()
        except CxError as error:
            self.explain(error)
            return
        self.counted_at = datetime.now(UTC)
        self.show_lines()
        if before not in (None, self.counts[StatusFilter.ALL]):
            await self.show_list(keep=True)

    def action_refresh(self) -> None:
        """Read everything again, the order too."""
        self.counted_at = NEVER
        self.find(keep=True)

    def action_pause(self) -> None:
        """Stop refreshing by itself, or go on."""
        self.paused = not self.paused
        self.standing = replace(self.standing, state="paused" if self.paused else "live")
        self.show_lines()

    def list_shown(self) -> None:
        """A list is on the screen; the first time, count what there is."""
        super().list_shown()
        if self.paused:
            self.standing = replace(self.standing, state="paused")
        if self.counted_at is NEVER:
            self.call_after_refresh(self.keep_up)
