"""Moments as operators read them: in the time of their own clock, and how far away they are."""

from datetime import UTC, datetime

from cx_tui.domain.kinds.times import ago


def local(moment: datetime) -> str:
    """By the clock of the operator, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def exact(moment: datetime) -> str:
    """To the second, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def away(moment: datetime, now: datetime) -> str:
    """How far away: "in 2 h", "now", "3 days ago"."""
    if moment <= now:
        return ago(moment, now)
    said = ago(now, moment)
    return said if said == "now" else "in " + said.removesuffix(" ago")
