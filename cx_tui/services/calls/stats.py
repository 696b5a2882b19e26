"""What a customer's calls, channels and balance did over time, or those of the whole switch: for plots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from cx_tui.db import ledger, outlook
from cx_tui.db.calls import peaks
from cx_tui.db.calls.peaks import EVERYBODY
from cx_tui.db.engine import Database
from cx_tui.domain.calls.figures import hour_of
from cx_tui.domain.calls.peak import Peak
from cx_tui.domain.money.outlook import by_day
from cx_tui.services.calls.summaries import Period, Summaries, Summary, begin_of, end_of

HOUR = timedelta(hours=1)
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Stats:
    """What is known of each period by when it began; what is missing is not known."""

    period: Period
    summaries: Sequence[Summary]
    peaks: Mapping[datetime, Peak] = field(default_factory=dict)
    """The most at once; nobody called where a source was heard and nothing was up."""
    balances: Mapping[datetime, Decimal] = field(default_factory=dict)
    """At the end of the period; of the whole switch there are none."""

    def begins(self, now: datetime) -> list[datetime]:
        """When each period began, from the first one of which something is known until now."""
        at = min([one.begins for one in self.summaries] + list(self.peaks), default=None)
        found, last = [], begin_of(self.period, now)
        while at is not None and at <= last:
            found.append(at)
            at = end_of(self.period, at)
        return found


async def stats_of(
    database: Database,
    summaries: Summaries,
    period: Period,
    customer_id: int | None,
    first: datetime,
    now: datetime | None = None,
) -> Stats:
    """What is known of the periods from a moment on."""
    now = now or datetime.now(UTC)
    first = begin_of(period, first.astimezone(UTC))
    found = await summaries.by(period, customer_id, first, now=now)
    return Stats(
        period=period, summaries=found, peaks=await _peaks(database, period, customer_id, first),
        balances={} if customer_id is None else await _balances(database, period, customer_id, first, now),
    )  # fmt: skip


async def _peaks(
    database: Database, period: Period, customer_id: int | None, first: datetime
) -> Mapping[datetime, Peak]:
    kept = peaks.HOUR if period is Period.HOUR else peaks.DAY
    of = EVERYBODY if customer_id is None else customer_id
    async with database.reading() as connection:
        rows = await peaks.read(connection, {EVERYBODY, of}, kept, first)
    found: dict[datetime, Peak] = {}
    # Where a source was heard, a customer without a row had no call.
    known = {**dict.fromkeys(rows.get(EVERYBODY, {}), Peak()), **rows.get(of, {})}
    for at, peak in known.items():
        begins = begin_of(period, at)
        found[begins] = peak.with_other(found.get(begins, Peak()))
    return found


async def _balances(
    database: Database, period: Period, customer_id: int, first: datetime, now: datetime
) -> Mapping[datetime, Decimal]:
    """Counted back from what it is now: entries and calls are all that ever moved it."""
    async with database.reading() as connection:
        balance = (await ledger.balance_of(connection, customer_id)).balance
        if period is Period.HOUR:
            by_hour = await outlook.hourly_moves(connection, customer_id, first)
            return back_from(balance, by_hour, first, now)
        days = await outlook.moves(connection, customer_id, first.date())
    # The last day of a period says what there was at its end.
    kept = by_day(balance, days, first.date(), now.date())
    return {begin_of(period, datetime.combine(day, time(), UTC)): left for day, left in kept}


def back_from(
    balance: Decimal, moves: Mapping[datetime, Decimal], first: datetime, now: datetime
) -> dict[datetime, Decimal]:
    """The balance at the end of each hour, counted back from what it is now."""
    found: dict[datetime, Decimal] = {}
    at = max([hour_of(now), *moves])
    while at >= first:
        if at <= now:
            found[at] = balance
        balance -= moves.get(at, ZERO)
        at -= HOUR
    return found
