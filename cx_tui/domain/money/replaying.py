"""What an alert would have done: its figure at each moment of the last days, put through the same table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from cx_tui.domain.money.watching import Step, step
from cx_tui.domain.records.alert import Alert

LOOKS_EVERY = timedelta(minutes=1)
"""Programs look at alerts so often."""


@dataclass(frozen=True)
class Event:
    """Something that would have happened."""

    at: datetime
    step: Step
    value: Decimal


@dataclass
class Replay:
    """What would have happened in the last days."""

    since: datetime
    looks: int = 0
    known: int = 0
    """How often the figure was known; else there were too few calls to speak of."""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def fired(self) -> int:
        """How often it would have fired."""
        return sum(one.step is Step.FIRES for one in self.events)


def replayed(alert: Alert, since: datetime, values: Sequence[Decimal | None]) -> Replay:
    """Put a figure, minute by minute, through an alert that was ready at first; nothing is done."""
    found = Replay(since, looks=len(values))
    now = replace(alert, fired_at=None, told_at=None)
    at = since
    for value in values:
        if value is not None:
            found.known += 1
            found.lowest = value if found.lowest is None else min(found.lowest, value)
            found.highest = value if found.highest is None else max(found.highest, value)
            one = step(now, value, at)
            if one is Step.CLEARS:
                now = replace(now, fired_at=None, told_at=None)
            elif one in (Step.FIRES, Step.AGAIN):
                now = replace(now, fired_at=now.fired_at or at, told_at=at)
            if one is not Step.STAYS:
                found.events.append(Event(at, one, value))
        at += LOOKS_EVERY
    return found


def in_words(alert: Alert, found: Replay, most: int = 12) -> list[str]:
    """The sentences of a replay; the last events are told."""
    days = round(timedelta(minutes=found.looks) / timedelta(days=1))
    if not found.known:
        return [
            f"The figure was not known once in the last {days} days: no call was made, or fewer than "
            f"{alert.minimum_calls} in {alert.sample} minutes."
        ]
    times = {0: "not once", 1: "once"}.get(found.fired, f"{found.fired:,} times")
    lines = [f"In the last {days} days it would have fired {times}."]
    lines.append(
        f"{alert.area.label} was between {_short(found.lowest)} and {_short(found.highest)}, and known "
        f"{100 * found.known / found.looks:.0f} % of the time."
    )
    if alert.penalty and found.fired:
        lines.append(f"Each time the customer would have had Penalty for {alert.penalty:,} minutes.")
    last = found.events[-most:]
    if len(last) < len(found.events):
        lines.append(f"The last {most} of {len(found.events):,} events (UTC):")
    lines += [f"{one.at:%a %d %b %H:%M}   {one.step.label}   {_short(one.value)}" for one in last]
    return lines


def _short(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}".removesuffix(".00")
