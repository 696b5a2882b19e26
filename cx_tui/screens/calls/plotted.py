"""What Stats plots: the figures of calls; and what no record says: channels, calls a second, the balance."""

from collections.abc import Callable, Sequence
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
    pdd: Sequence[float | None] = ()
    """Its percentiles, where the calls themselves were looked at."""
    of_all: Figures | None = None
    """The sums of all calls, where these are those of one carrier or answer."""

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
    of_calls: bool = False
    """Whether the calls themselves must be looked at."""


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


def _share(span: Span) -> Value:
    return 100 * span.sums.attempts / span.of_all.attempts if span.sums and span.of_all else None


def _percentile(place: int) -> Callable[[Span], Value]:
    return lambda span: span.pdd[place] if span.pdd else None


SILENT = "no source was heard"
NONE_RANG = "no call rang"

PERCENTILES = tuple(
    Plotted(f"PDD {percent}th percentile", _percentile(place), tenths, "s", none=NONE_RANG, of_calls=True)
    for place, percent in enumerate((50, 90, 99))
)
CHANNELS = Plotted("Channels, average", _channels, tenths)
CPS = Plotted("CPS, average", _cps, hundredths)

PLOTTED = (
    *(_figure(FIGURES[name]) for name in ("attempts", "asr", "acd")),
    Plotted("Channels, most at once", lambda span: span.peak and span.peak.channels, number, none=SILENT),
    Plotted("CPS, most", lambda span: span.peak and span.peak.cps, tenths, none=SILENT),
    CHANNELS,
    CPS,
    *(_figure(FIGURES[name]) for name in ("charge", "connected", "pdd")),
    *PERCENTILES,
    *(_figure(FIGURES[name]) for name in ("talk", "profit")),
)
OF_EACH = (
    _figure(FIGURES["attempts"]),
    Plotted("Share", _share, tenths, "%"),
    *(_figure(FIGURES[name]) for name in ("asr", "acd", "pdd")),
    *PERCENTILES,
    CHANNELS,
    CPS,
)
"""What is plotted of each carrier, or of each SIP code."""
BALANCE = Plotted("Balance", lambda span: span.balance, money, money=True, none="not known")
"""Of one customer only: balances of many are in several currencies."""
