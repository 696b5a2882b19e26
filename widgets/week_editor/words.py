"""What the editor says: times, lengths, the windows of a day, and what is at the cursor."""

from __future__ import annotations

from collections.abc import Iterator

from .bits import DAYS, HOUR, WHOLE_DAY, Block, Place, day_of, has, windows

QUARTER = 60 // HOUR


def clock(step: int) -> str:
    """When a step begins: 09:30; the end of a day is 24:00."""
    return f"{step // HOUR:02}:{step % HOUR * QUARTER:02}"


def span(steps: range) -> str:
    """Steps as 09:00-17:30."""
    return f"{clock(steps.start)}-{clock(steps.stop)}"


def length(steps: int) -> str:
    """How long some steps are: `37 h 30 min`."""
    hours, quarters = divmod(steps, HOUR)
    parts = [f"{hours} h"] * (hours > 0) + [f"{quarters * QUARTER} min"] * (quarters > 0)
    return " ".join(parts) or "0 h"


def day_note(row: int, width: int) -> str:
    """The windows of a day: as many as fit with the number of the others, else how long they are."""
    return next((text for text in _day_notes(row) if len(text) <= width), "")


def at_place(bits: int, place: Place) -> str:
    """What a step is: `allowed, window 09:00-17:30`."""
    row, step = day_of(bits, place.day), place.step
    if row == WHOLE_DAY:
        return "allowed, all day"
    if has(row, step):
        window = next(one for one in windows(row) if step in one)
        return f"allowed, window {span(window)}"
    following = [one for one in windows(row) if one.start > step]
    return f"not allowed until {clock(following[0].start)}" if following else "not allowed until midnight"


def in_block(bits: int, block: Block) -> str:
    """How much of a selection is allowed."""
    whole, allowed = block.mask.bit_count(), (bits & block.mask).bit_count()
    if allowed in (0, whole):
        return f"{length(whole)} selected, {'all' if allowed else 'none'} of it allowed"
    return f"{length(whole)} selected, {length(allowed)} of it allowed"


def block_name(block: Block) -> str:
    """Where a block is: `Mon-Fri 09:00-17:30`."""
    days = DAYS[block.first] if block.first == block.last else f"{DAYS[block.first]}-{DAYS[block.last]}"
    return f"{days} {span(block.steps)}"


def _day_notes(row: int) -> Iterator[str]:
    """What can be said of a day, the longest first."""
    if row in (0, WHOLE_DAY):
        yield "all day" if row else "never"
        return
    spans = [span(window) for window in windows(row)]
    for count in range(len(spans), 0, -1):
        rest = [f"+{len(spans) - count}"] if count < len(spans) else []
        yield " ".join(spans[:count] + rest)
    yield length(row.bit_count())
