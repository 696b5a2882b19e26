"""Kinds of times: a moment, a day, a length of time, how long ago, hours left."""

import re
from datetime import UTC, date, datetime
from typing import Any

from cx_tui.domain.kinds.base import Align, BadValue, Kind, plain, quote
from cx_tui.domain.kinds.numbers import Figure, Integer
from cx_tui.domain.kinds.words import Zone

UNITS = {"d": 86_400, "h": 3_600, "m": 60, "min": 60, "s": 1, "sec": 1}
PARTS = re.compile(r"([0-9]{1,9}) *(d|h|min|m|sec|s)", re.IGNORECASE)
CLOCK = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-5][0-9])")


class Moment(Kind):
    """A moment, written and kept in UTC."""

    width = 17
    example = "2026-11-21 14:30"

    def parse(self, text: str) -> Any:
        try:
            moment = datetime.fromisoformat(plain(text).removesuffix(" UTC"))
        except ValueError as error:
            if isinstance(error, BadValue):
                raise
            raise BadValue(f"{quote(text)} is not a moment; write it like {self.example} (UTC)") from None
        try:
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except OverflowError:
            raise BadValue(f"{quote(text)} is too far away") from None

    def write(self, value: Any) -> str:
        return str(value.replace(tzinfo=None).isoformat(" ")) if value else ""

    def show(self, value: Any) -> str:
        return f"{value:%Y-%m-%d %H:%M}" if value else ""


class ZonedMoment(Moment):
    """A moment that is typed with its zone or offset, so that nobody has to guess; kept in UTC."""

    width = 21
    example = "2026-11-21 14:30 Europe/London"

    def parse(self, text: str) -> Any:
        text = plain(text)
        clock, _, zone = text.rpartition(" ")
        if clock and zone[:1].isalpha():
            return self._in_zone(text, clock, zone)
        moment = self._clock(text, text)
        if moment.tzinfo is None:
            raise BadValue(f"{quote(text)} has no time zone; write it like {self.example} or ...+01:00")
        return self._kept(text, moment)

    def write(self, value: Any) -> str:
        return f"{super().write(value)} UTC" if value else ""

    def show(self, value: Any) -> str:
        return f"{super().show(value)} UTC" if value else ""

    def _in_zone(self, text: str, clock: str, zone: str) -> datetime:
        from zoneinfo import ZoneInfo  # reads the zone's file, so only when one is typed

        moment = self._clock(text, clock)
        if moment.tzinfo is not None:
            raise BadValue(f"{quote(text)} has an offset and a zone; write one of them")
        moment = moment.replace(tzinfo=ZoneInfo(Zone().parse(zone)))
        try:
            first, second = moment.utcoffset(), moment.replace(fold=1).utcoffset()
        except OverflowError:
            raise BadValue(f"{quote(text)} is too far away") from None
        if first != second:
            raise BadValue(_unclear(text, moment))
        return self._kept(text, moment)

    def _clock(self, text: str, clock: str) -> datetime:
        try:
            return datetime.fromisoformat(clock)
        except ValueError:
            raise BadValue(f"{quote(text)} is not a moment; write it like {self.example}") from None

    def _kept(self, text: str, moment: datetime) -> datetime:
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise BadValue(f"{quote(text)} is too far away") from None


def _unclear(text: str, moment: datetime) -> str:
    """What is wrong with a clock that was put back or forward just then."""
    there = moment.astimezone(UTC).astimezone(moment.tzinfo).replace(fold=0) == moment
    what = (
        "is twice on that day, as the clock is put back"
        if there
        else "is left out, as the clock is put forward"
    )
    return f"{quote(text)} {what}; write it with an offset, like ...+01:00"


class Ago(Moment):
    """A moment in the past, shown by how long ago it was."""

    align: Align = "right"
    width = 12

    def show(self, value: Any) -> str:
        return ago(value, datetime.now(UTC)) if value else ""


class Day(Kind):
    """A day."""

    width = 10
    example = "2026-11-21"

    def parse(self, text: str) -> Any:
        try:
            return date.fromisoformat(plain(text))
        except ValueError as error:
            if isinstance(error, BadValue):
                raise
            raise BadValue(f"{quote(text)} is not a day; write it like {self.example}") from None


class Duration(Integer):
    """A length of time, kept as seconds: 90, 90 s, 1:30, 2m, 1h 30m."""

    width = 9
    example = "90"
    plain_texts = r"0|[1-9][0-9]{0,8}"

    def __init__(self, maximum: int = 366 * 86_400) -> None:
        super().__init__(0, maximum, width=9)

    def parse(self, text: str) -> Any:
        seconds = self._seconds(plain(text))
        if seconds > self.maximum:
            raise BadValue(f"{quote(text)} is too long; at most {self.show(self.maximum)} is possible")
        return seconds

    def show(self, value: Any) -> str:
        if not value:
            return self.write(value)
        days, hours = divmod(value // 3_600, 24)
        parts = ((days, "d"), (hours, "h"), (value // 60 % 60, "m"), (value % 60, "s"))
        return " ".join(f"{number}{unit}" for number, unit in parts if number)

    def _seconds(self, text: str) -> int:
        if re.fullmatch("[0-9]{1,9}", text):
            return int(text)
        clock = CLOCK.fullmatch(text)
        if clock and not (clock[1] and int(clock[2]) > 59):
            return int(clock[1] or 0) * 3_600 + int(clock[2]) * 60 + int(clock[3])
        if not re.fullmatch(rf"(?:{PARTS.pattern} *)+", text, re.IGNORECASE):
            raise BadValue(f"{quote(text)} is not a length of time; write seconds, or it like 1:30, 2m or 1h")
        return sum(int(number) * UNITS[unit.lower()] for number, unit in PARTS.findall(text))


class Hours(Figure):
    """How many hours something will last."""

    width = 9

    def show(self, value: Any) -> str:
        if value is None:
            return ""
        return f"{value:.1f} h" if value < 48 else f"{value / 24:,.0f} d"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits: "12 days ago"."""
    seconds = int((now - moment).total_seconds())
    if seconds < 5:
        return "now"
    for size, unit in ((86400 * 365, "year"), (86400, "day"), (3600, "h"), (60, "min")):
        if seconds >= size:
            number = seconds // size
            plural = "s" if number > 1 and unit in ("day", "year") else ""
            return f"{number} {unit}{plural} ago"
    return f"{seconds} s ago"
