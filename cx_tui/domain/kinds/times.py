"""Kinds of times: a moment, a day, how long ago, hours left."""

from datetime import UTC, date, datetime
from typing import Any

from cx_tui.domain.kinds.base import Align, BadValue, Kind, plain, quote
from cx_tui.domain.kinds.numbers import Figure


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
