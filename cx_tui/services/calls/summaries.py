"""Summaries of calls by hour, day, week and month (UTC), and the same as series for plots.

Where no call was made there is no row: that is a gap, not an ASR of 0.  The period that still runs is
marked.  The sum of its hours is a day, to the last digit.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cx_tui.calls.frames import figures_of
from cx_tui.calls.port import SealedCalls
from cx_tui.db.calls import storing, summaries
from cx_tui.db.engine import Database
from cx_tui.db.types import moment_of
from cx_tui.domain.calls.figures import Figures, hour_of
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.kinds import Labelled
from cx_tui.errors import Refused
from cx_tui.services.calls.listing import CallList

LONGEST = timedelta(days=62)
"""Hours are made of the calls themselves when they are kept no more: of so many days at once."""


class Period(Labelled):
    """How long one row of a summary is."""

    HOUR = "hour", "Hours"
    DAY = "day", "Days"
    WEEK = "week", "Weeks"
    MONTH = "month", "Months"


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What was counted in one period, in one currency."""

    begins: datetime
    ends: datetime
    currency: str
    sums: Figures
    running: bool
    """Whether the period still lasts."""


class Summaries:
    """Summaries of the calls of one database."""

    def __init__(self, database: Database, sealed: SealedCalls) -> None:
        self._database = database
        self._sealed = sealed

    async def by(
        self,
        period: Period,
        customer_id: int | None = None,
        first: datetime | None = None,
        until: datetime | None = None,
        now: datetime | None = None,
    ) -> list[Summary]:
        """The periods that have calls, the oldest first; those at both ends are whole."""
        now = now or datetime.now(UTC)
        if period is Period.HOUR:
            counted = await self._hours(customer_id, first or now - timedelta(hours=24), until)
        else:
            begin = begin_of(period, _midnight(first.astimezone(UTC).date())).date() if first else None
            last = _last_day(period, until) if until else None
            async with self._database.reading() as connection:
                days = await summaries.daily(connection, customer_id, begin, last)
            counted = [one._replace(at=_midnight(one.at)) for one in days]
        return list(_together(period, counted, now))

    async def series(
        self,
        figure: Callable[[Figures], Any],
        period: Period,
        customer_id: int | None = None,
        first: datetime | None = None,
        until: datetime | None = None,
    ) -> list[tuple[datetime, Any]]:
        """One figure over time, over all currencies; a period without calls is None."""
        found: dict[datetime, Figures] = {}
        for one in await self.by(period, customer_id, first, until):
            found.setdefault(one.begins, Figures()).add(one.sums)
        return [
            (at, figure(found[at]) if at in found else None) for at in _all_between(period, sorted(found))
        ]

    async def _hours(
        self, customer_id: int | None, first: datetime, until: datetime | None
    ) -> Sequence[summaries.Counted]:
        first = hour_of(first)
        last = until - timedelta(microseconds=1) if until else None
        async with self._database.reading() as connection:
            since = await storing.hours_since(connection)
            if since is None or first >= since:
                return await summaries.hourly(connection, customer_id, first, last)
        return await self._hours_of_calls(customer_id, first, until)

    async def _hours_of_calls(
        self, customer_id: int | None, first: datetime, until: datetime | None
    ) -> Sequence[summaries.Counted]:
        if (until or datetime.now(UTC)) - first > LONGEST:
            raise Refused(f"hours are shown of {LONGEST.days} days at once; choose a shorter time, or days")
        query = CallQuery(customer_id, first, _hour_after(until) if until else None)
        groups = await CallList(self._database, self._sealed, query).group(["hour", "currency"])
        if groups.is_empty():
            return []
        rows = groups.sort("hour", "currency").iter_rows(named=True)
        return [summaries.Counted(moment_of(row["hour"]), row["currency"], figures_of(row)) for row in rows]


def begin_of(period: Period, moment: datetime) -> datetime:
    """When the period began that a moment belongs to; weeks begin on Monday."""
    if period is Period.HOUR:
        return hour_of(moment)
    day = moment.date()
    if period is Period.WEEK:
        day -= timedelta(days=day.weekday())
    if period is Period.MONTH:
        day = day.replace(day=1)
    return _midnight(day)


def end_of(period: Period, begins: datetime) -> datetime:
    """When a period ends."""
    if period is Period.MONTH:
        return (begins + timedelta(days=31)).replace(day=1)
    spans = {Period.HOUR: timedelta(hours=1), Period.DAY: timedelta(days=1), Period.WEEK: timedelta(days=7)}
    return begins + spans[period]


def _together(period: Period, counted: Iterable[summaries.Counted], now: datetime) -> Iterable[Summary]:
    found: dict[tuple[datetime, str], Figures] = {}
    for one in counted:
        found.setdefault((begin_of(period, one.at), one.currency), Figures()).add(one.sums)
    for (begins, currency), sums in found.items():
        ends = end_of(period, begins)
        yield Summary(begins=begins, ends=ends, currency=currency, sums=sums, running=begins <= now < ends)


def _all_between(period: Period, known: Sequence[datetime]) -> Iterable[datetime]:
    if known:
        at = known[0]
        while at <= known[-1]:
            yield at
            at = end_of(period, at)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _last_day(period: Period, until: datetime) -> date:
    last = until.astimezone(UTC) - timedelta(microseconds=1)
    return (end_of(period, begin_of(period, last)) - timedelta(days=1)).date()


def _hour_after(until: datetime) -> datetime:
    whole = hour_of(until)
    return whole if whole == until else whole + timedelta(hours=1)
