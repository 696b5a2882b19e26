"""What the switch does now, as parts of the header: as many of them as there is room for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.services.calls.now import SwitchNow

BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "_.:-=+*#"
GAP = 3


def sparkline(values: Sequence[int | None], *, ascii: bool) -> str:
    """A bar for each value; where there is none, a gap."""
    bars = ASCII_BARS if ascii else BARS
    most = max((value for value in values if value is not None), default=0)
    last = len(bars) - 1
    return "".join(" " if value is None else bars[round(last * value / (most or 1))] for value in values)


def parts_of(now: "SwitchNow", room: int, *, ascii: bool) -> list[Part]:
    """The figures, the most telling first, until there is no more room."""
    asr = "" if now.asr is None else f"ASR {now.asr:.1f}"
    cps = f"CPS {now.cps:.1f}"
    spend = f"today {now.spend:,.0f} {now.currency}" if now.currency else ""
    spark = sparkline(now.attempts, ascii=ascii)
    found: list[Part] = []
    for text, tone in (
        (f"{now.live:,} calls", "accent"), (asr, ""), (cps, ""), (spend, ""), (spark, "accent"),
    ):  # fmt: skip
        if not text.strip():
            continue
        room -= len(text) + GAP
        if room < 0:
            break
        found.append(Part(text, tone))
    return found
