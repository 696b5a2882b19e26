"""Moments as operators read them: in the time of their own clock, and how far away they are."""

from datetime import UTC, datetime

from cx_tui.domain.kinds.times import ago

A_DAY = 24


def local(moment: datetime) -> str:
    """By the clock of the operator, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def exact(moment: datetime) -> str:
    """To the second, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def away(moment: datetime, now: datetime) -> str:
    """How far away: "in 1 h 59 min", "in 12 days", "now", "3 days ago"."""
    seconds = int((moment - now).total_seconds())
    if seconds <= 0:
        return ago(moment, now)
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours and hours < A_DAY:
        return f"in {hours} h {minutes} min" if minutes else f"in {hours} h"
    said = ago(now, moment)
    return said if said == "now" else "in " + said.removesuffix(" ago")
