"""How far a customer's money goes: hours until the credit and the day's limit are used up, what is charged
next, and what is left of free minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from cx_tui.domain.money.entry import Balance

A_DAY = timedelta(days=1)
LATELY = 3
"""So many hours are what a customer spends lately."""


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """Something that will be charged."""

    own_id: int
    what: str
    day: date
    amount: Decimal
    at_most: bool = False
    """Whether calls until then may lower it, as of a minimum spend."""


@dataclass(frozen=True, kw_only=True)
class MinutesLeft:
    """Free minutes of a package in the period that lasts."""

    own_id: int
    package: str
    granted: int
    left: int
    last: date | None
    """The last day of the period; none when it has no end."""


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What is known of a customer's money and where it goes."""

    balance: Balance
    spent_lately: Decimal
    """What calls cost in the last hours."""
    daily_limit: Decimal | None
    spent_today: Decimal
    now: datetime
    days: Sequence[tuple[date, Decimal]] = ()
    """The balance at the end of each day, the oldest first; the last one is that of now."""
    upcoming: Sequence[Upcoming] = ()
    minutes: Sequence[MinutesLeft] = ()

    @property
    def hourly(self) -> Decimal:
        """What an hour costs lately."""
        return self.spent_lately / LATELY

    @property
    def hours_left(self) -> float | None:
        """Hours until the available credit is used up; none when nothing is spent or left."""
        return _hours(self.balance.available, self.hourly)

    @property
    def daily_hours_left(self) -> float | None:
        """Hours until the day's limit is reached; none when it is not, before the day is over (UTC)."""
        if self.daily_limit is None:
            return None
        hours = _hours(self.daily_limit - self.spent_today, self.hourly)
        return hours if hours is not None and hours < self.hours_to_reset else None

    @property
    def hours_to_reset(self) -> float:
        """Hours until the next day begins (UTC), with which the day's limit begins anew."""
        today = self.now.astimezone(UTC).date()
        return (datetime.combine(today + A_DAY, time(), UTC) - self.now).total_seconds() / 3600


def _hours(left: Decimal, hourly: Decimal) -> float | None:
    return float(left / hourly) if left > 0 and hourly > 0 else None


def by_day(
    balance: Decimal, moves: Mapping[date, Decimal], since: date, today: date
) -> list[tuple[date, Decimal]]:
    """The balance at the end of each day, counted back from what it is now."""
    found: list[tuple[date, Decimal]] = []
    day = max([today, *moves])
    while day >= since:
        if day <= today:
            found.append((day, balance))
        balance -= moves.get(day, Decimal(0))
        day -= A_DAY
    return found[::-1]
