"""A later or an earlier moment as an operator writes it: a delay such as 2h, a time of day, or a date and
time."""

import re
from datetime import UTC, datetime, timedelta

from cx_tui.domain.kinds.base import BadValue, plain, quote

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
DELAY = re.compile(r"(?:[0-9]{1,5} ?[mhdw] ?)+", re.IGNORECASE)
CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
LONGEST = timedelta(days=366 * 2)
EXAMPLE = "15m, 2h, 3d, 14:30 or 2026-11-21 14:30"
"""A later one; an earlier one is written in the same way, and 2h is two hours ago."""


def later(text: str, now: datetime) -> datetime:
    """The moment that a text means, in UTC.  `now` brings the time zone that clocks are read in."""
    text = plain(text)
    moment = _delayed(text, now) or _on_the_clock(text, now) or _dated(text, now)
    if moment <= now:
        raise BadValue(f"{quote(text)} is over already; write a later moment, like {EXAMPLE}")
    if moment - now > LONGEST:
        raise BadValue(f"{quote(text)} is more than two years away")
    return moment.astimezone(UTC)


def earlier(text: str, now: datetime) -> datetime:
    """The moment in the past that a text means, in UTC: 8h is eight hours ago, 06:00 the last time that the
    clock said so.  `now` brings the time zone that clocks are read in."""
    text = plain(text)
    if delayed := _delayed(text, now):
        moment = now.astimezone(UTC) - (delayed.astimezone(UTC) - now.astimezone(UTC))
    elif clock := CLOCK.fullmatch(text):
        moment = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        moment = moment if moment <= now else moment - timedelta(days=1)
    else:
        moment = _dated(text, now)
    if moment > now:
        raise BadValue(f"{quote(text)} is still to come; write an earlier moment, like {EXAMPLE}")
    return moment.astimezone(UTC)


def _delayed(text: str, now: datetime) -> datetime | None:
    if not DELAY.fullmatch(text):
        return None
    parts = re.findall(r"([0-9]+) ?([mhdw])", text.lower())
    delay = min(sum((int(number) * UNITS[unit] for number, unit in parts), timedelta()), 2 * LONGEST)
    # Hours that pass, not hours on a clock that may be put back meanwhile.
    return (now.astimezone(UTC) + delay).astimezone(now.tzinfo)


def _on_the_clock(text: str, now: datetime) -> datetime | None:
    found = CLOCK.fullmatch(text)
    if not found:
        return None
    moment = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    return moment if moment > now else moment + timedelta(days=1)


def _dated(text: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        raise BadValue(f"{quote(text)} is neither a delay nor a moment; write {EXAMPLE}") from None
    zone = UTC if text.endswith(" UTC") else now.tzinfo
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
