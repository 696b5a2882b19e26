"""When a package is charged: its days, its periods, and what is due of it.

A monthly package with the 31st is charged on the last day of shorter months; with the 15th and the 31st,
twice in each.  A period is named by its month and the day that was asked for, so that two days of a package
that fall on the same last day are still two charges.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Protocol

from cx_tui.domain.records.package import Frequency, Package

A_DAY = timedelta(days=1)
MILLIONTH = Decimal("0.000001")


class Recurs(Protocol):
    """What has periods."""

    @property
    def frequency(self) -> Frequency:
        """How often one begins."""

    @property
    def days(self) -> Sequence[int]:
        """Of the month or of the week; none is as it began."""


@dataclass(frozen=True, order=True)
class Due:
    """A day on which a package is charged, and the name of the period that it pays."""

    day: date
    key: str


@dataclass(frozen=True)
class Spell:
    """A period that is over, of which so much has to be spent."""

    due: Due
    first: date
    last: date
    share: Decimal
    """Which part of a whole period it is: it may begin or end in the middle of one."""


def days_of(frequency: Frequency, days: Sequence[int], starts: date, until: date) -> Iterator[Due]:
    """The days from its start on that a package is charged on, in order, up to a day and with it."""
    match frequency:
        case Frequency.ONCE:
            found: Iterator[Due] = iter([Due(starts, "once")])
        case Frequency.DAILY:
            found = (Due(day, f"{day}") for day in _every_day(starts, until))
        case Frequency.WEEKLY:
            wanted = set(days) or {starts.isoweekday()}
            found = (Due(day, f"{day}") for day in _every_day(starts, until) if day.isoweekday() in wanted)
        case Frequency.MONTHLY:
            found = _monthly(sorted(set(days)) or [starts.day], starts, until)
    return (due for due in found if starts <= due.day <= until)


def _every_day(first: date, last: date) -> Iterator[date]:
    return (first + A_DAY * number for number in range((last - first).days + 1))


def _monthly(wanted: Sequence[int], first: date, last: date) -> Iterator[Due]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        length = monthrange(year, month)[1]
        for day in wanted:
            yield Due(date(year, month, min(day, length)), f"{year}-{month:02}/{day:02}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def due_of(package: Package, starts: date, ends: date | None, after: date | None, until: date) -> list[Due]:
    """The charges of a package that fall after a day (none: from its start on), up to a day and with it."""
    last = until if ends is None else min(until, ends)
    first = starts if after is None else max(starts, after + A_DAY)
    every = days_of(package.frequency, package.days, starts, last)
    return [due for due in every if due.day >= first]


def spells_of(
    package: Package, starts: date, ends: date | None, after: date | None, until: date
) -> list[Spell]:
    """The periods of a package that were over on a day and not yet on an earlier one (none: ever)."""
    # A month beyond is enough to know where the last period ends; one before, where the first began.
    beyond = (until if ends is None else min(until, ends)) + timedelta(days=62)
    usual = [due.day for due in days_of(package.frequency, package.days, starts - timedelta(days=62), beyond)]
    if package.frequency is Frequency.ONCE or not package.days:
        usual = [due.day for due in days_of(package.frequency, package.days, starts, beyond)]
    found = []
    for begins, follows in pairwise(sorted(set(usual))):
        first, last = max(begins, starts), follows - A_DAY
        whole = (follows - begins).days
        if ends is not None:
            last = min(last, ends)
        if last < first or last >= until or (after is not None and last < after):
            continue
        share = Decimal((last - first).days + 1) / whole
        found.append(Spell(Due(last + A_DAY, f"{first}"), first, last, share))
    return found


def period_of_day(package: Recurs, starts: date, ends: date | None, day: date) -> Spell | None:
    """The period in which a day lies, and which part of a whole one it is; none outside of the package."""
    if day < starts or (ends is not None and day > ends):
        return None
    if package.frequency is Frequency.ONCE:
        return Spell(Due(starts, "once"), starts, ends or date.max, Decimal(1))
    wanted = package.days or _usual_days(package.frequency, starts)
    near = days_of(package.frequency, wanted, day - A_DAY * 62, day + A_DAY * 62)
    turns = sorted({due.day for due in near})
    begins = max(one for one in turns if one <= day)
    follows = min(one for one in turns if one > day)
    first, last = max(begins, starts), follows - A_DAY
    if ends is not None:
        last = min(last, ends)
    share = Decimal((last - first).days + 1) / (follows - begins).days
    return Spell(Due(first, f"{first}"), first, last, share)


def _usual_days(frequency: Frequency, starts: date) -> Sequence[int]:
    """The days of a package that says none: as it began."""
    match frequency:
        case Frequency.WEEKLY:
            return (starts.isoweekday(),)
        case Frequency.MONTHLY:
            return (starts.day,)
    return ()


def amount_of(price: Decimal, quantity: int) -> Decimal:
    """What so many cost."""
    return (price * quantity).quantize(MILLIONTH, ROUND_HALF_UP)


def missing(minimum: Decimal, share: Decimal, spent: Decimal) -> Decimal:
    """What has still to be paid when calls did not reach what has to be spent."""
    wanted = (minimum * share).quantize(MILLIONTH, ROUND_HALF_UP)
    return max(Decimal(0), wanted - spent)
