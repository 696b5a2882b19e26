"""The hours of a week in which something is allowed, in steps of 15 minutes.

A week is 672 bits, Monday 00:00 first, and so are its operations.  Times are wall-clock times
of a zone that is kept beside it: when the clocks change, the windows keep their hours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cx_tui.domain.kinds.base import BadValue, Kind, plain, quote

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STEP = 15
STEPS_A_DAY = 24 * 60 // STEP
STEPS = 7 * STEPS_A_DAY
EVERY_STEP = (1 << STEPS) - 1
WINDOW = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True)
class Week:
    """Which quarters of an hour are allowed; the first is the most significant of the bits."""

    bits: int = 0

    @classmethod
    def of(cls, windows: Iterable[tuple[int, int, int]]) -> "Week":
        """A week of windows: day (Monday 0), first and one-past-last minute of that day."""
        bits = 0
        for day, start, end in windows:
            first, last = day * STEPS_A_DAY + start // STEP, day * STEPS_A_DAY + end // STEP
            bits |= ((1 << (last - first)) - 1) << (STEPS - last)
        return cls(bits)

    @classmethod
    def from_hex(cls, digits: str) -> "Week":
        """The week that `hex` wrote."""
        return cls(int(digits, 16))

    @property
    def hex(self) -> str:
        """The bits as 168 digits, four quarters in each: one digit is one hour."""
        return f"{self.bits:0{STEPS // 4}x}"

    def allows(self, moment: datetime, zone: str) -> bool:
        """Whether this moment falls into an allowed quarter on the zone's wall clock; when the zone is not
        known here, it does not."""
        step = step_of(moment, zone)
        return step is not None and bool(self.bits >> (STEPS - 1 - step) & 1)

    def windows(self) -> list[tuple[int, int, int]]:
        """The allowed windows of each day, joined: day, first and one-past-last minute."""
        row = f"{self.bits:0{STEPS}b}"
        return [
            (day, found.start() * STEP, found.end() * STEP)
            for day in range(7)
            for found in re.finditer("1+", row[day * STEPS_A_DAY : (day + 1) * STEPS_A_DAY])
        ]


def step_of(moment: datetime, zone: str) -> int | None:
    """The quarter of the week that a zone's wall clock shows; None when this machine has no such zone."""
    from zoneinfo import ZoneInfo  # only where a clock is read

    try:
        there = moment.astimezone(ZoneInfo(zone))
    except (LookupError, OSError, ValueError):
        # Another program or a newer list of zones wrote it; a folder of zones is none either.
        return None
    return there.weekday() * STEPS_A_DAY + (there.hour * 60 + there.minute) // STEP


def clock(minutes: int) -> str:
    """Minutes of a day as 09:30; the end of a day is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def days_alike(week: Week) -> list[tuple[int, int, list[str]]]:
    """Days in a row with the same windows: the first and the last day, and the windows as 09:00-17:30."""
    by_day: dict[int, list[str]] = {}
    for day, begin, end in week.windows():
        by_day.setdefault(day, []).append(f"{clock(begin)}-{clock(end)}")
    alike: list[tuple[int, int, list[str]]] = []
    for day, times in by_day.items():
        if alike and alike[-1][1:] == (day - 1, times):
            alike[-1] = (alike[-1][0], day, times)
        else:
            alike.append((day, day, times))
    return alike


def in_words(week: Week | None, zone: str) -> str:
    """When calls may be started, as a sentence."""
    if week is None or week.bits == EVERY_STEP:
        return "Calls may be started at any time."
    if not week.bits:
        return "Calls may never be started."
    alike = days_alike(week)
    parts = [f"{_days(first, last)} {' and '.join(_times(times))}" for first, last, times in alike]
    if any(len(times) > 1 for _, _, times in alike):
        said = "; ".join(parts)
    else:
        said = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return f"Calls may be started {said}, {_zone(zone)}."


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return "every day"
    return DAY_NAMES[first] if first == last else f"{DAY_NAMES[first]} to {DAY_NAMES[last]}"


def _times(times: list[str]) -> list[str]:
    return ["all day"] if times == ["00:00-24:00"] else times


def _zone(zone: str) -> str:
    """A time zone by its place, as people say it; UTC and what is an offset are said as they are."""
    region, _, place = zone.rpartition("/")
    return f"{place.replace('_', ' ')} time" if region not in ("", "Etc") else place or "UTC"


class WeekKind(Kind):
    """Hours of a week, written as `Mon-Fri 09:00-17:30; Sat 10:00-14:00`."""

    width = 26
    example = "Mon-Fri 09:00-17:30; Sat 10:00-14:00"

    def parse(self, text: str) -> Any:
        text = plain(text, also="\n")
        if text.casefold() == "always":
            return None
        if text.casefold() == "never":
            return Week()
        return Week.of(window for part in re.split(r"[;\n]+", text) for window in self._part(part.strip()))

    def _part(self, part: str) -> Iterable[tuple[int, int, int]]:
        days, _, times = part.partition(" ")
        first, _, last = days.partition("-")
        try:
            start = DAYS.index(first.capitalize())
            end = DAYS.index((last or first).capitalize())
        except ValueError:
            raise BadValue(f"{quote(part)} does not begin with a day; write it like {self.example}") from None
        for time in re.split(r"[,\s]+", times.strip()):
            window = WINDOW.fullmatch(time)
            if not window:
                raise BadValue(f"{quote(time)} is not a time like 09:00-17:30")
            begin, finish = (int(window[n]) * 60 + int(window[n + 1]) for n in (1, 3))
            if finish > 24 * 60 or begin >= finish or begin % STEP or finish % STEP:
                raise BadValue(
                    f"{quote(time)} must end after it begins, in steps of {STEP} minutes, by 24:00"
                )
            for day in range(7):
                if start <= day <= end or (end < start and (day >= start or day <= end)):
                    yield day, begin, finish

    def write(self, value: Any) -> str:
        if value is None:
            return ""
        spans = (
            f"{DAYS[a] if a == b else f'{DAYS[a]}-{DAYS[b]}'} {' '.join(times)}"
            for a, b, times in days_alike(value)
        )
        return "; ".join(spans) or "never"
