"""What the switch does now, as parts of the header: as many of them as there is room for."""

from typing import TYPE_CHECKING

from cx_tui.domain.kinds.series import IN_ASCII, bars
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.services.calls.now import SwitchNow

GAP = 3


def parts_of(now: "SwitchNow", room: int, *, ascii: bool) -> list[Part]:
    """The figures, the most telling first, until there is no more room."""
    asr = "" if now.asr is None else f"ASR {now.asr:.1f}"
    cps = f"CPS {now.cps:.1f}"
    spend = f"today {now.spend:,.0f} {now.currency}" if now.currency else ""
    spark = bars(now.attempts)
    spark = spark.translate(IN_ASCII) if ascii else spark
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
