"""Keeping the list up to date while others, and the switch, change it."""

from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

from textual import work
from textual.worker import get_current_worker

from cx_tui.domain.query import StatusFilter
from cx_tui.errors import CxError
from cx_tui.screens.customers.finding import FindingScreen
from cx_tui.screens.customers.lines import Standing, of_the_switch

COUNT_EVERY = 10.0
"""Seconds between two looks at how many customers there are and how they are ordered."""

SWITCH_EVERY = 60.0
"""Seconds between two looks at the calls of the whole switch."""

LIVE_COLUMNS = {
    "credit", "in_use", "cps", "last_call_at", "asr", "acd", "acd_all", "pdd", "attempts", "connected",
    "available", "spend_today", "hours_left", "warnings",
}  # fmt: skip
"""Ordered by one of these, customers change places while one looks."""

SHARE = 10
"""On a slow link a refresh comes after so many times what the terminal took to take the last frame."""

SAID_AFTER, LOOKED_AFTER, GIVEN_UP_AFTER = 1.0, 5.0, 30.0
"""Seconds without an answer after which that is said, after which it is looked whether the database is there
at all, and after which it is asked again although it is."""

NEVER = datetime.min.replace(tzinfo=UTC)


class WatchingScreen(FindingScreen):
    """A screen that refreshes by itself."""

    paused = False
    counted_at = NEVER
    _asked_at: float | None = None
    """Since when an answer is waited for."""
    _looked_at = 0.0
    _not_before = 0.0
    _switch_after = 0.0

    @work(exclusive=False, group="keep-up")
    async def keep_up(self) -> None:
        """Bring what is on the screen up to date, and now and then the counts and the order."""
        if self._asked_at is not None:
            await self._wait(self._asked_at)
            return
        first = self.listing is None and not self.standing.is_wrong  # is being read for the first time
        if first or self.paused or monotonic() < self._not_before:
            return
        since = self._asked_at = monotonic()
        try:
            if self.standing.is_wrong or self.listing is None:
                await self.show_list(keep=True)
                if self.standing.is_wrong or self.listing is None:
                    return
            if await self._is_up_to_date():
                self.standing = Standing("live", datetime.now(UTC))
            self.show_detail()
        except CxError as error:
            self.explain(error)
        finally:
            if self._asked_at == since:
                self._asked_at = None
            self._not_before = monotonic() + SHARE * self.cx.lag()
        self.show_lines()

    async def _is_up_to_date(self) -> bool:
        """Read what is shown again: whether the database has answered."""
        if not self.grid.total and self.customers:
            await self.customers.heartbeat()
        if await self.grid.update_rows() is None:
            return False
        if (datetime.now(UTC) - self.counted_at).total_seconds() >= COUNT_EVERY:
            if not await self.count():
                return False
            if {sort.column for sort in self.query_now.sort} & LIVE_COLUMNS:
                await self.show_list(keep=True)
        await self._look_at_the_switch()
        return await self._follow_the_clock()

    async def _look_at_the_switch(self) -> None:
        """Once a minute, read what all customers together did in the last hours."""
        if self.customers is None or monotonic() < self._switch_after:
            return
        series = await self.customers.calls_of_the_switch()
        self.switch = of_the_switch(series, ascii=self.cx.ascii)
        self._switch_after = monotonic() + (SWITCH_EVERY if self.switch else COUNT_EVERY)

    async def _wait(self, since: float) -> None:
        """Say that the database takes its time; when it takes long, look whether it is there at all."""
        now = monotonic()
        if now - since < SAID_AFTER or self.paused:
            return
        if not self.standing.is_wrong:
            self.standing = Standing("waiting", seconds=int(now - since))
            self.show_lines()
        if self.customers is None or now - max(since, self._looked_at) < LOOKED_AFTER:
            return
        self._looked_at = now
        try:
            await self.customers.heartbeat()
        except CxError as error:
            self.explain(error)
            return
        if self._asked_at == since and monotonic() - since > GIVEN_UP_AFTER:
            # It answers, but not on this connection: that one leads nowhere any more.
            self._ask_anew(since)

    def _ask_anew(self, since: float) -> None:
        """Give up what was asked, and ask again."""
        self._asked_at = None
        here = get_current_worker()
        for worker in self.workers:
            if worker.group in ("keep-up", "find") and worker.is_running and worker is not here:
                worker.cancel()
        self.standing = Standing("connecting")
        self.find(keep=True)

    async def _follow_the_clock(self) -> bool:
        """In a new quarter of an hour others may call: renew what is kept, and read the list again."""
        if self.customers is None or self.listing is None:
            return False
        try:
            await self.customers.sweep()
        except CxError as error:
            self.explain(error)
            return False
        if self.listing.is_of_the_past:
            await self.show_list(keep=True)
        return True

    async def count(self) -> bool:
        """Count the customers by status; when there are more or fewer, the list is read again.  Whether the
        database has answered."""
        if self.customers is None:
            return False
        before = self.counts.get(StatusFilter.ALL)
        try:
            self.counts = await self.customers.status_counts()
            if before not in (None, self.counts[StatusFilter.ALL]):
                await self.drop_gone_marks()
        except CxError as error:
            self.explain(error)
            return False
        self.counted_at = datetime.now(UTC)
        self.show_lines()
        if before not in (None, self.counts[StatusFilter.ALL]):
            await self.show_list(keep=True)
        return True

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
