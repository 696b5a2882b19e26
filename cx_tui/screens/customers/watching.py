"""Keeping the list up to date while others, and the switch, change it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.worker import get_current_worker

from cx_tui.domain.columns import list_columns
from cx_tui.domain.history import Act
from cx_tui.domain.kinds import Moment
from cx_tui.domain.query import StatusFilter
from cx_tui.errors import CxError, Unavailable
from cx_tui.screens.customers.lines import Standing
from cx_tui.screens.following import Following
from cx_tui.services.waiting import Stopwatch
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.domain.news import News
    from cx_tui.screens.customers.customers_screen import CustomersScreen

COUNT_EVERY = 10.0
"""Seconds between two looks at how many customers there are and how they are ordered."""


LIVE_COLUMNS = {
    "credit", "in_use", "cps", "last_call_at", "asr", "acd", "acd_all", "pdd", "attempts", "connected",
    "available", "spend_today", "hours_left", "warnings",
}  # fmt: skip
"""Ordered by one of these, customers change places while one looks."""

SAID_AFTER, LOOKED_AFTER, GIVEN_UP_AFTER = 1.0, 5.0, 30.0
"""Seconds without an answer after which that is said, after which it is looked whether the database is there
at all, and after which it is asked again although it is."""

COUNTED = {Act.CREATE, Act.DELETE, Act.RESTORE, Act.UPLOAD, Act.UNDO, Act.BULK_EDIT}
"""Acts after which a list may have more customers, or fewer."""

NEVER = datetime.min.replace(tzinfo=UTC)


class Watching(Duty):
    """Reads the list again when something was heard or what is shown is old, and counts now and then."""

    host: "CustomersScreen"
    paused = False
    counted_at = NEVER
    """When it was counted."""
    _ticking: Timer | None = None
    _waited: Stopwatch | None = None
    """How long an answer has been waited for."""
    _looked_at = 0.0
    """How long it had been when it was looked whether the database is there."""
    _is_stirred = False
    """Whether something was heard that was not read."""
    _is_recounted = True
    """Whether nothing was heard since the customers were counted."""

    def __init__(self, host: "CustomersScreen") -> None:
        super().__init__(host)
        self.following = Following(host, lambda: self.keep_up(), host.show_lines)

    def begin(self) -> None:
        """Look at what is shown, as often as the settings say."""
        self.following.begin()
        if seconds := self.host.cx.settings.refresh.seconds:
            self._ticking = self.host.set_interval(seconds, self.tick)

    def follow(self, news: "News") -> None:
        """Others have done something: what is shown is read again, and counted where that may differ."""
        self._is_stirred, self._is_recounted = True, False
        self._go_on_ticking()
        if any(one.act in COUNTED for one in news.operations):
            self.counted_at = NEVER
        if not self.paused:
            self.following.ask()

    def link_changed(self) -> None:
        """Say that nothing answers, or read what was missed."""
        if self.host.cx.away:
            self.host.finding.explain(Unavailable(self.host.cx.away))
        else:
            self._is_stirred, self.counted_at = True, NEVER
            self._go_on_ticking()
            self.following.ask()

    def tick(self) -> None:
        """Look whether an answer takes long, and ask again where there was none; rest when all is well."""
        if self._waited is not None:
            self.keep_up()
        elif self._is_stirred or self.host.standing.is_wrong or self.host.listing is None:
            self.following.ask()
        elif self.host.cx.counts_down:
            self.host.show_lines()
        elif self._ticking:
            self._ticking.pause()

    def look_on(self) -> None:
        """Go on looking while how things stand may change by itself."""
        if self.host.standing.is_wrong or self.host.cx.counts_down:
            self._go_on_ticking()

    def _go_on_ticking(self) -> None:
        if self._ticking:
            self._ticking.resume()

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Bring what is on the screen up to date, and now and then the counts and the order."""
        if self._waited is not None:
            await self._wait(self._waited)
            return
        first = (
            self.host.listing is None and not self.host.standing.is_wrong
        )  # is being read for the first time
        if first or self.paused:
            return
        waited = self._waited = Stopwatch()
        self._looked_at, self._is_stirred = 0.0, False
        self._go_on_ticking()
        try:
            # With rows on the screen nothing moves when the database is back; a notice has to go.
            if self.host.listing is None or (self.host.standing.is_wrong and not self.host.grid.rows.total):
                await self.host.finding.show_list(keep=True)
                if self.host.standing.is_wrong or self.host.listing is None:
                    return
            if await self._is_up_to_date() and not self.host.cx.away:
                self.host.standing = Standing("live", datetime.now(UTC))
            self.host.show_detail()
        except CxError as error:
            self.host.finding.explain(error)
        finally:
            if self._waited is waited:
                self._waited = None
            waited.stop()
        self.host.show_lines()

    async def _is_up_to_date(self) -> bool:
        """Read what is shown again: whether the database has answered."""
        if not self.host.grid.rows.total and self.host.finding.customers:
            await self.host.finding.customers.heartbeat()
        if await self.host.grid.changes.fetch(self._columns_of_operators()) is None:
            return False
        asked = self.counted_at is NEVER or not self.host.cx.settings.refresh.seconds
        heard = asked or not self._is_recounted
        if heard and (datetime.now(UTC) - self.counted_at).total_seconds() >= COUNT_EVERY:
            self._is_recounted = True
            if not await self.count():
                return False
            if self._is_live_order:
                await self.host.finding.show_list(keep=True)
        return await self._follow_the_clock()

    @property
    def _is_live_order(self) -> bool:
        return not LIVE_COLUMNS.isdisjoint(sort.column for sort in self.host.query_now.sort)

    @property
    def would_move(self) -> int:
        """How many rows have another place by now; by figures of calls the list is put in order by itself."""
        return 0 if self._is_live_order else len(self.host.grid.changes.out_of_order)

    async def _wait(self, waited: Stopwatch) -> None:
        """Say that the database takes its time; when it takes long, look whether it is there at all."""
        if waited.seconds < SAID_AFTER or self.paused:
            return
        if not self.host.standing.is_wrong:
            self.host.standing = Standing("waiting", seconds=int(waited.seconds))
            self.host.show_lines()
        if self.host.finding.customers is None or waited.seconds - self._looked_at < LOOKED_AFTER:
            return
        self._looked_at = waited.seconds
        try:
            await self.host.finding.customers.heartbeat()
        except CxError as error:
            self.host.finding.explain(error)
            return
        if self._waited is waited and waited.seconds >= GIVEN_UP_AFTER:
            # It answers, but not on this connection: that one leads nowhere any more.
            self._ask_anew()

    def _ask_anew(self) -> None:
        """Give up what was asked, and ask again."""
        self._waited = None
        here = get_current_worker()
        for worker in self.host.workers:
            if worker.group in ("keep-up", "find") and worker.is_running and worker is not here:
                worker.cancel()
        self.host.standing = Standing("connecting")
        self.host.finding.find(keep=True)

    async def _follow_the_clock(self) -> bool:
        """In a new quarter of an hour others may call: renew what is kept, and read the list again."""
        if self.host.finding.customers is None or self.host.listing is None:
            return False
        try:
            await self.host.finding.customers.sweep()
        except CxError as error:
            self.host.finding.explain(error)
            return False
        if self.host.listing.is_of_the_past:
            await self.host.finding.show_list(keep=True)
        return True

    def _columns_of_operators(self) -> list[str]:
        """The columns in which a change is pointed out: figures of calls and times change all the time."""
        columns = list_columns()
        keys = [column.key for column in self.host.grid.columns.shown if column.key not in LIVE_COLUMNS]
        return [key for key in keys if not isinstance(columns[key].kind, Moment)]

    async def count(self) -> bool:
        """Count the customers by status, and say how many are not in the list, which stays as it is: nothing
        moves under the eyes of an operator.  Whether the database has answered."""
        if self.host.finding.customers is None:
            return False
        before = self.host.counts.get(StatusFilter.ALL)
        try:
            self.host.counts = await self.host.finding.customers.status_counts()
            if before not in (None, self.host.counts[StatusFilter.ALL]):
                await self.host.marked.drop_gone()
        except CxError as error:
            self.host.finding.explain(error)
            return False
        self.counted_at = datetime.now(UTC)
        try:
            await self._compare()
        except CxError as error:
            self.host.finding.explain(error)
            return False
        self.host.show_lines()
        return True

    async def _compare(self) -> None:
        """See how many the list would have now."""
        query = self.host.query_now
        if self.host.finding.customers is None or self.host.finding.shown != query:
            return
        if query.typed:
            number = await (await self.host.finding.customers.list(query)).exact_count()
        else:
            number = self.host.counts[query.status]
        if query == self.host.query_now and self.host.listing is not None and not self.host.numbers.estimated:
            self.host.more = number - self.host.grid.rows.total
            if self.host.more and not self.host.grid.rows.total:
                await self.host.finding.show_list(keep=True)

    def action_refresh(self) -> None:
        """Read everything again, the order too."""
        self.counted_at = NEVER
        self.host.finding.find(keep=True)

    def action_pause(self) -> None:
        """Stop refreshing by itself, or go on."""
        self.paused = not self.paused
        self.host.standing = replace(self.host.standing, state="paused" if self.paused else "live")
        self.host.show_lines()

    def list_shown(self) -> None:
        """A list is on the screen; the first time, count what there is."""
        if self.paused:
            self.host.standing = replace(self.host.standing, state="paused")
        if self.counted_at is NEVER:
            self.host.call_after_refresh(self.keep_up)
