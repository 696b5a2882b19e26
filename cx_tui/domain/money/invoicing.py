"""What stands on an invoice: its lines as they are printed, and the totals, which are the sums of these."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from cx_tui.domain.currencies import decimals_of
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.records.customer import InvoiceSchedule
from cx_tui.domain.records.invoice import LineKind

ZERO = Decimal(0)
LEAST_DIGITS = 6


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both with it (UTC)."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


def joined(periods: Iterable[Period]) -> list[Period]:
    """The same days in as few periods as there can be, the earliest first."""
    found: list[Period] = []
    for one in sorted(periods, key=lambda one: one.first):
        if found and one.first <= found[-1].last + timedelta(days=1):
            found[-1] = Period(found[-1].first, max(found[-1].last, one.last))
        else:
            found.append(one)
    return found


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line; its amount is what is printed."""

    text: str
    kind: LineKind
    amount: Decimal
    quantity: Decimal = Decimal(1)
    price: Decimal = ZERO
    seconds: int = 0
    calls: int = 0


@dataclass(frozen=True, kw_only=True)
class DayCalls:
    """What of a day's calls is on no invoice yet."""

    day: date
    charge: Decimal
    calls: int
    billed_seconds: int
    late: bool = False
    """Whether its period was issued before: they came late, or got another price."""


@dataclass(frozen=True, kw_only=True)
class DestinationCalls:
    """The calls of several days to one destination."""

    destination: str
    charge: Decimal
    calls: int
    billed_seconds: int


@dataclass(frozen=True, kw_only=True)
class PackageCharge:
    """A charge of a package that is on no invoice yet."""

    entry_id: int
    day: date
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Totals:
    """The sums at the foot."""

    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What has to be paid."""
        return self.net + self.tax


def printed(amount: Decimal, currency: str) -> Decimal:
    """An amount with the decimals that its currency has; a half goes away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals_of(currency)), ROUND_HALF_UP)


def totals_of(amounts: Iterable[Decimal], tax_percent: Decimal, currency: str) -> Totals:
    """The sums of printed amounts: the total is that of what is read above it, to the last cent."""
    net = sum(amounts, printed(ZERO, currency))
    return Totals(net, printed(net * tax_percent / 100, currency))


def lines_of(
    days: Sequence[DayCalls],
    charges: Sequence[PackageCharge],
    currency: str,
    apart: Sequence[DestinationCalls] | None = None,
) -> list[Line]:
    """The lines: late calls by month, calls by day or, told `apart`, by destination, packages; what is
    printed as nothing is left out unless it has calls."""
    late: dict[str, list[DayCalls]] = {}
    for one in days:
        if one.late:
            late.setdefault(f"{one.day:%B %Y}", []).append(one)
    found = [
        _of_calls(f"Late calls of {month}", LineKind.LATE_CALLS, some, currency)
        for month, some in late.items()
    ]
    if apart is None:
        found += [
            _of_calls(f"Calls of {one.day}", LineKind.CALLS, [one], currency) for one in days if not one.late
        ]
    else:
        every = [*apart, *_not_told(days, apart)]
        found += [_of_calls(f"Calls to {one.destination}", LineKind.CALLS, [one], currency) for one in every]
    found += [
        _of_package(one, printed(one.amount, currency)) for one in sorted(charges, key=lambda one: one.day)
    ]
    return [line for line in found if line.amount or line.calls]


def _not_told(days: Sequence[DayCalls], apart: Sequence[DestinationCalls]) -> list[DestinationCalls]:
    """What days have beyond the calls that are known to the last one, as when older calls were let go."""
    usual = [one for one in days if not one.late]
    left = DestinationCalls(
        destination="other destinations",
        charge=sum((one.charge for one in usual), ZERO) - sum((one.charge for one in apart), ZERO),
        calls=sum(one.calls for one in usual) - sum(one.calls for one in apart),
        billed_seconds=sum(one.billed_seconds for one in usual) - sum(one.billed_seconds for one in apart),
    )
    return [left] if left.charge or left.calls else []


def _of_calls(text: str, kind: LineKind, days: Sequence[DayCalls | DestinationCalls], currency: str) -> Line:
    amount = printed(sum((one.charge for one in days), ZERO), currency)
    return Line(
        text=text, kind=kind, amount=amount, price=amount, calls=sum(one.calls for one in days),
        seconds=sum(one.billed_seconds for one in days),
    )  # fmt: skip


def _of_package(one: PackageCharge, amount: Decimal) -> Line:
    return Line(text=f"{one.name}, {one.day}", kind=LineKind.PACKAGE, amount=amount, price=amount)


def number_of(series: str, number: int) -> str:
    """The number of an invoice as it is printed: INV-000012."""
    return f"{series}{number:0{LEAST_DIGITS}}"


def series_of(series: str, day: date) -> str:
    """The series of a day: {year} in its name makes one of each year, which begins at 1."""
    return series.replace("{year}", f"{day.year}").replace("{month}", f"{day:%m}")


def last_period(schedule: InvoiceSchedule, today: date) -> Period:
    """The last day, week (from Monday) or month that is over on a day."""
    if schedule is InvoiceSchedule.WEEKLY:
        first = today - timedelta(days=today.weekday() + 7)
        return Period(first, first + timedelta(days=6))
    if schedule is InvoiceSchedule.MONTHLY:
        last = today.replace(day=1) - timedelta(days=1)
        return Period(last.replace(day=1), last)
    return Period(today - timedelta(days=1), today - timedelta(days=1))


def period_of(text: str) -> Period:
    """A period as an operator writes it: 2026, 2026-06, 2026-06-16, 2026-W25 or 2026-06-01..2026-06-15."""
    said = text.strip()
    try:
        if found := re.fullmatch(r"(\d{4})", said):
            return Period(date(int(found[1]), 1, 1), date(int(found[1]), 12, 31))
        if found := re.fullmatch(r"(\d{4})-(\d{2})", said):
            year, month = int(found[1]), int(found[2])
            return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        if found := re.fullmatch(r"(\d{4})-W(\d{2})", said):
            first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return Period(first, first + timedelta(days=6))
        first_text, _, last_text = said.partition("..")
        period = Period(date.fromisoformat(first_text), date.fromisoformat(last_text or first_text))
    except ValueError:
        raise BadValue(
            f'"{text}" is not a period; write one like 2026-06, 2026-W25 or 2026-06-01..2026-06-15'
        ) from None
    if period.last < period.first:
        raise BadValue(f"{text} ends before it begins; write the earlier day first")
    return period
