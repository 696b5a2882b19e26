"""What Stats plots: the figures of calls; and what no record says: channels, calls a second, the balance."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.calls.peak import Peak
from cx_tui.screens.calls.figures import FIGURES, Figure, Value, money, number, tenths

NO_CALLS = "no calls"


@dataclass(frozen=True)
class Span:
    """What is known of one period."""

    begins: datetime
    ends: datetime
    """Its end, or now while it lasts."""
    sums: Figures | None
    peak: Peak | None
    balance: Decimal | None

    @property
    def seconds(self) -> float:
        """How long it is so far."""
        return max(1.0, (self.ends - self.begins).total_seconds())


@dataclass(frozen=True)
class Plotted:
    """One plot."""

    label: str
    of: Callable[[Span], Value]
    show: Callable[[Value], str]
    unit: str = ""
    step: float = 1.0
    money: bool = False
    none: str = NO_CALLS
    """What is written where there is no value."""


def hundredths(value: Value) -> str:
    """A number with two decimals."""
    return "" if value is None else f"{value:,.2f}"


def _figure(one: Figure) -> Plotted:
    def of(span: Span) -> Value:
        return one.of(span.sums) if span.sums else None

    return Plotted(one.label, of, one.show, one.unit, one.step, one.money)


def _channels(span: Span) -> Value:
    return span.sums.total_ms / 1000 / span.seconds if span.sums else None


def _cps(span: Span) -> Value:
    return span.sums.attempts / span.seconds if span.sums else None


SILENT = "no source was heard"

PLOTTED = (
    *(_figure(FIGURES[name]) for name in ("attempts", "asr", "acd")),
    Plotted("Channels, most at once", lambda span: span.peak and span.peak.channels, number, none=SILENT),
    Plotted("CPS, most", lambda span: span.peak and span.peak.cps, tenths, none=SILENT),
    Plotted("Channels, average", _channels, tenths),
    Plotted("CPS, average", _cps, hundredths),
    *(_figure(FIGURES[name]) for name in ("charge", "connected", "pdd", "talk", "profit")),
)
BALANCE = Plotted("Balance", lambda span: span.balance, money, money=True, none="not known")
"""Of one customer only: balances of many are in several currencies."""
