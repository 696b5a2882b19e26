"""What is counted of calls, for any of them: an hour of a customer, a day, a carrier, a month of all.

Figures only add up, whole numbers and exact amounts, so that it never matters in which order or in how
many batches calls come.  Ratios are computed from them where they are shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cx_tui.domain.calls.call import Call

ZERO = Decimal(0)
MS = timedelta(milliseconds=1)


@dataclass(kw_only=True, slots=True)
class Figures:
    """Sums over some calls."""

    calls: int = 0
    """Records, the simulated ones too: how many rows there are."""
    attempts: int = 0
    """Calls that were made; simulated ones count in nothing but `calls`."""
    connected: int = 0
    refused: int = 0
    """By a gate of our own."""
    unrated: int = 0
    talk_ms: int = 0
    total_ms: int = 0
    """From the INVITE to the end."""
    pdd_ms: int = 0
    pdd_calls: int = 0
    """Calls that rang: what the time to ringing is an average over."""
    billed_seconds: int = 0
    charge: Decimal = ZERO
    cost: Decimal = ZERO

    def count(self, call: Call) -> None:
        """Add a call."""
        self.calls += 1
        if call.simulated:
            return
        self.attempts += 1
        self.connected += call.answered_at is not None
        self.refused += bool(call.gate)
        self.unrated += bool(call.unrated)
        self.talk_ms += call.talk_ms
        self.total_ms += max(0, (call.ended_at - call.invited_at) // MS)
        if call.ringing_at is not None:
            self.pdd_ms += max(0, (call.ringing_at - call.invited_at) // MS)
            self.pdd_calls += 1
        self.billed_seconds += call.billed_seconds
        if call.charge is not None:
            self.charge += call.charge
        if call.cost is not None:
            self.cost += call.cost

    def add(self, other: "Figures") -> None:
        """Add the sums of other calls."""
        for name in NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def and_also(self, other: "Figures") -> "Figures":
        """The sums of these calls and of others."""
        both = replace(self)
        both.add(other)
        return both

    def less(self, other: "Figures") -> "Figures":
        """What is left without the sums of other calls."""
        return Figures(**{name: getattr(self, name) - getattr(other, name) for name in NAMES})

    def values(self) -> tuple[Any, ...]:
        """The sums in the order of their names."""
        return tuple(getattr(self, name) for name in NAMES)

    @property
    def finished(self) -> bool:
        """Whether there is a call to speak of."""
        return self.attempts > 0

    @property
    def asr(self) -> float | None:
        """Percent of the attempts that were answered; None, not 0, when there are none."""
        return 100 * self.connected / self.attempts if self.attempts else None

    @property
    def acd(self) -> float | None:
        """Seconds of talk of a call that was answered."""
        return self.talk_ms / 1000 / self.connected if self.connected else None

    @property
    def pdd(self) -> float | None:
        """Seconds to ringing, of calls that rang."""
        return self.pdd_ms / 1000 / self.pdd_calls if self.pdd_calls else None

    @property
    def profit(self) -> Decimal:
        """What is left of the charges."""
        return self.charge - self.cost

    @property
    def profit_percent(self) -> float | None:
        """The profit in percent of the charges."""
        return float(100 * self.profit / self.charge) if self.charge else None


NAMES = tuple(part.name for part in fields(Figures))
MONEYS = ("charge", "cost")


def day_of(moment: datetime) -> date:
    """The day to which a call that began then belongs (UTC)."""
    return moment.astimezone(UTC).date()


def hour_of(moment: datetime) -> datetime:
    """The hour to which it belongs."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def fold_by_hour(calls: Iterable[Call]) -> dict[tuple[int, datetime], Figures]:
    """The sums of calls by customer and hour; calls of unknown customers are not for here."""
    found: dict[tuple[int, datetime], Figures] = {}
    for call in calls:
        if call.customer_id is None:
            raise ValueError("a call of nobody is counted for nobody")
        place = (call.customer_id, hour_of(call.invited_at))
        found.setdefault(place, Figures()).count(call)
    return found


def by_day(hours: dict[tuple[int, datetime], Figures]) -> dict[tuple[int, date], Figures]:
    """The sums by customer and day."""
    found: dict[tuple[int, date], Figures] = {}
    for (customer_id, hour), figures in hours.items():
        place = (customer_id, hour.date())
        # Few have calls in two hours of a batch: the sums of one are not added up.
        found[place] = found[place].and_also(figures) if place in found else figures
    return found
