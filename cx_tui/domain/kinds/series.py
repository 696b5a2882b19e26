"""Figures of the last hours as a line of bars, the oldest at the left."""

from collections.abc import Sequence
from typing import Any

from cx_tui.domain.kinds.base import BadValue, Kind

HOURS = 24
BARS = "▁▂▃▄▅▆▇█"
IN_ASCII = str.maketrans(BARS, "._-=+*%#")
"""What stands for each bar on a terminal that has only letters."""


def bars(values: Sequence[float | None], highest: float | None = None) -> str:
    """A bar for each value, as high as it is of the highest one; where there is none, nothing."""
    top = highest or max((value for value in values if value is not None), default=0)
    return "".join(" " if value is None else _bar(value, top) for value in values)


def _bar(value: float, top: float) -> str:
    share = max(0.0, min(1.0, value / top)) if top > 0 else 0.0
    return BARS[round(share * (len(BARS) - 1))]


class HourlyBars(Kind):
    """A value for each of the last hours; none where nothing was counted."""

    width = HOURS
    example = ""

    def __init__(self, highest: float | None = None) -> None:
        self.highest = highest

    def parse(self, text: str) -> Any:
        raise BadValue("it follows from calls and is not typed")

    def write(self, value: Any) -> str:
        return " ".join("-" if one is None else f"{one:g}" for one in value or ())

    def show(self, value: Any) -> str:
        return bars(value, self.highest).rstrip() if value else ""
