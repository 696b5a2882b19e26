"""What is counted of calls, as columns and plots show it: how each figure is called, computed and written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.kinds import CallSeconds

if TYPE_CHECKING:
    from cx_tui.services.calls.summaries import Period

Value: TypeAlias = int | float | Decimal | None

LENGTH = CallSeconds()


def number(value: Value) -> str:
    """A whole number."""
    return "" if value is None else f"{value:,.0f}"


def tenths(value: Value) -> str:
    """A number with a decimal."""
    return "" if value is None else f"{value:,.1f}"


def money(value: Value) -> str:
    """An amount."""
    return "" if value is None else f"{value:,.2f}"


def minutes(value: Value) -> str:
    """A length of time as 3:12, or 11:03:12."""
    if value is None:
        return ""
    seconds = int(value)
    if seconds < 3600:
        return LENGTH.show(seconds)
    return f"{seconds // 3600:,}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@dataclass(frozen=True)
class Figure:
    """One figure."""

    name: str
    label: str
    of: Callable[[Figures], Value]
    show: Callable[[Value], str]
    width: int = 9
    unit: str = ""
    step: float = 1.0
    """What its values are counted in beside a plot: lengths of time in minutes."""
    ratio: bool = False
    """Whether it is an average: of several it is weighted."""
    money: bool = False
    help: str = ""


FIGURES: Mapping[str, Figure] = {
    one.name: one
    for one in (
        Figure("attempts", "Attempts", lambda sums: sums.attempts, number, help="Calls that are over."),
        Figure("connected", "Connected", lambda sums: sums.connected, number, help="Answered calls."),
        Figure("asr", "ASR", lambda sums: sums.asr, tenths, 6, "%", ratio=True,
               help="Answered calls, in percent of the attempts."),
        Figure("acd", "ACD", lambda sums: sums.acd, minutes, 7, step=60, ratio=True,
               help="Average talk of the calls that were answered."),
        Figure("talk", "Talk", lambda sums: sums.talk_ms / 1000, minutes, 10, step=60, help="All talk."),
        Figure("billed", "Billed", lambda sums: sums.billed_seconds, minutes, 10, step=60,
               help="The billed time."),
        Figure("charge", "Charge", lambda sums: sums.charge, money, 11, money=True,
               help="What customers pay."),
        Figure("cost", "Cost", lambda sums: sums.cost, money, 11, money=True, help="What carriers take."),
        Figure("profit", "Profit", lambda sums: sums.profit, money, 11, money=True),
        Figure("profit_percent", "Profit %", lambda sums: sums.profit_percent, tenths, 8, "%", ratio=True,
               help="The profit in percent of the charges."),
        Figure("pdd", "PDD", lambda sums: sums.pdd, tenths, 6, "s", ratio=True,
               help="Seconds until it rang, for calls that rang."),
        Figure("refused", "Refused", lambda sums: sums.refused, number, 8, help="By a gate of our own."),
        Figure("unrated", "Unrated", lambda sums: sums.unrated, number, 8, help="Calls without a price."),
    )
}  # fmt: skip


def period_text(period: "Period", begins: datetime) -> str:
    """A period in UTC, as a list shows it."""
    match period.value:
        case "hour":
            return f"{begins:%Y-%m-%d %H:%M}"
        case "day":
            return f"{begins:%Y-%m-%d %a}"
        case "week":
            year, week, _ = begins.isocalendar()
            return f"{year} week {week:02}"
    return f"{begins:%Y-%m}"


def period_in_short(period: "Period", begins: datetime) -> str:
    """A period beneath a plot."""
    match period.value:
        case "hour":
            return f"{begins:%H:%M}"
        case "day":
            return f"{begins:%d %b}"
        case "week":
            return f"W{begins.isocalendar().week:02}"
    return f"{begins:%b %y}"
