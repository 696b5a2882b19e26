"""What the switch does at this moment, in a few figures: for a header, not for an invoice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from cx_tui.domain.calls.figures import Figures, hour_of
from cx_tui.domain.calls.live_query import LiveQuery
from cx_tui.services.calls.summaries import Period, Summary

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls

HOURS = 12
"""So many hours back the attempts are told, hour by hour."""
WINDOW = 10.0
"""Calls in a second are an average over so many."""


@dataclass(frozen=True)
class SwitchNow:
    """The figures; those of today are of the day in UTC."""

    live: int
    asr: float | None
    cps: float
    """Of the calls that are still up: those that failed at once are not among them."""
    spend: Decimal
    currency: str
    """The currency that most calls were charged in; amounts of others are not added to it."""
    attempts: Sequence[int | None]
    """Hour by hour, the running one last; None where there was no call."""


async def switch_now(calls: "Calls", now: datetime | None = None) -> SwitchNow | None:
    """The figures; None where nothing was ever called."""
    now = now or datetime.now(UTC)
    hour = hour_of(now)
    first = hour - timedelta(hours=HOURS - 1)
    found = await calls.summaries.by(Period.HOUR, first=min(first, hour.replace(hour=0)), now=now)
    live = sum((await calls.live_states(LiveQuery())).values())
    if not found and not live:
        return None
    sums = Figures()
    spent: dict[str, Decimal] = {}
    charged = Counter[str]()
    for one in found:
        if one.begins >= hour.replace(hour=0):
            sums.add(one.sums)
            spent[one.currency] = spent.get(one.currency, Decimal(0)) + one.sums.charge
            charged[one.currency] += one.sums.connected
    currency = max(spent, key=lambda name: charged[name], default="")
    begun = await calls.live_begun_since(now - timedelta(seconds=WINDOW))
    return SwitchNow(
        live, sums.asr, begun / WINDOW, spent.get(currency, Decimal(0)), currency, _by_hour(found, first)
    )


def _by_hour(found: Sequence[Summary], first: datetime) -> Sequence[int | None]:
    counted = Counter[datetime]()
    for one in found:
        counted[one.begins] += one.sums.attempts
    return [counted.get(first + timedelta(hours=place)) for place in range(HOURS)]
