"""Whether an alert fires, is told again, or is over: a table of its state and the figure of this moment."""

from datetime import datetime, timedelta
from decimal import Decimal

from cx_tui.domain.kinds import Labelled
from cx_tui.domain.records.alert import Alert, Operator


class Step(Labelled):
    """What becomes of an alert at this moment."""

    STAYS = "stays", "nothing changes"
    UNKNOWN = "unknown", "the figure is not known, so nothing changes"
    FIRES = "fires", "it fires"
    AGAIN = "again", "it is told again"
    CLEARS = "clears", "it is over"


def crosses(alert: Alert, value: Decimal) -> bool:
    """Whether a figure is out of bounds."""
    match alert.operator:
        case Operator.BELOW:
            return value < alert.threshold
        case Operator.AT_MOST:
            return value <= alert.threshold
        case Operator.ABOVE:
            return value > alert.threshold
        case Operator.AT_LEAST:
            return value >= alert.threshold


def is_over(alert: Alert, value: Decimal) -> bool:
    """Whether a figure is far enough back that the alert is ready again: beyond the reset threshold, not at
    it, so that a figure which stays there never makes it fire again and again."""
    if crosses(alert, value):
        return False
    if alert.reset is None:
        return True
    return value > alert.reset if alert.operator.downwards else value < alert.reset


def step(alert: Alert, value: Decimal | None, now: datetime) -> Step:
    """What becomes of an alert; a figure that nobody knows changes nothing."""
    if value is None:
        return Step.UNKNOWN
    if alert.fired_at is None:
        return Step.FIRES if crosses(alert, value) else Step.STAYS
    if is_over(alert, value):
        return Step.CLEARS
    told = alert.told_at or alert.fired_at
    due = alert.repeat > 0 and now - told >= timedelta(minutes=alert.repeat)
    return Step.AGAIN if due else Step.STAYS
