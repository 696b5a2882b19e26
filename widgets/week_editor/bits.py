"""A week as 672 bits, one for each quarter of an hour; Monday 00:00 is the most significant.

A day is 96 bits, its first quarter the most significant.  A set bit means allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOUR = 4
A_DAY = 24 * HOUR
STEPS = len(DAYS) * A_DAY
WHOLE_DAY = (1 << A_DAY) - 1
FULL = (1 << STEPS) - 1


class Place(NamedTuple):
    """A quarter of an hour: its day, Monday 0, and its step of that day."""

    day: int = 0
    step: int = 0

    def moved(self, days: int = 0, steps: int = 0) -> Place:
        """The place so far from here, or the last one on the way there."""
        return Place(_clamped(self.day + days, len(DAYS)), _clamped(self.step + steps, A_DAY))


class Block(NamedTuple):
    """The steps from `start` to before `stop` of each day from `first` to `last`."""

    first: int
    last: int
    start: int
    stop: int

    @classmethod
    def between(cls, one: Place, other: Place) -> Block:
        """The block with these two in opposite corners."""
        first, last = sorted((one.day, other.day))
        start, end = sorted((one.step, other.step))
        return cls(first, last, start, end + 1)

    def reaching(self, other: Block) -> Block:
        """The smallest block with this one and another in it."""
        first, last = min(self.first, other.first), max(self.last, other.last)
        return Block(first, last, min(self.start, other.start), max(self.stop, other.stop))

    @property
    def days(self) -> range:
        """Its days."""
        return range(self.first, self.last + 1)

    @property
    def steps(self) -> range:
        """Its steps of each day."""
        return range(self.start, self.stop)

    @property
    def mask(self) -> int:
        """A week of nothing else."""
        return copied(0, ((1 << (self.stop - self.start)) - 1) << (A_DAY - self.stop), self.days)


def bits_of(value: int | None) -> int:
    """The bits of a value; nothing set is always."""
    return FULL if value is None else value & FULL


def value_of(bits: int) -> int | None:
    """The value that these bits are; always is nothing set."""
    return None if bits == FULL else bits


def day_of(bits: int, day: int) -> int:
    """The bits of one day."""
    return bits >> _shift(day) & WHOLE_DAY


def copied(bits: int, row: int, days: Iterable[int]) -> int:
    """A week with the same hours on each of these days."""
    for day in days:
        bits = bits & ~(WHOLE_DAY << _shift(day)) | row << _shift(day)
    return bits


def has(row: int, step: int) -> bool:
    """Whether a day allows a step."""
    return bool(row >> (A_DAY - 1 - step) & 1)


def painted(bits: int, mask: int, allow: bool) -> int:
    """A week with all of the mask allowed, or none of it."""
    return bits | mask if allow else bits & ~mask


def toggled(bits: int, mask: int) -> int:
    """A week with all of the mask allowed if any of it was not, else none of it."""
    return painted(bits, mask, allow=bits & mask != mask)


def windows(row: int) -> list[range]:
    """The windows of a day: the steps of each, as long as they can be."""
    return [range(*found.span()) for found in re.finditer("1+", f"{row:0{A_DAY}b}")]


def edge_moved(row: int, step: int, by: int) -> tuple[int, int] | None:
    """A day with the window edge nearest to a step moved by one step (1 or -1), and the step at that edge.

    Between the two edges of a window just as near, the one that makes it longer moves.  None if there is no
    window, and for an edge that can't move: a window keeps a step, and a day its ends.
    """
    found = windows(row)
    if not found:
        return None
    window = min(found, key=lambda one: max(one.start - step, step - one[-1]))
    to_start, to_end = abs(step - window.start), abs(step - window[-1])
    at_start = to_start < to_end or (to_start == to_end and by < 0)
    longer = (by < 0) == at_start
    changed = (window.start if at_start else window[-1]) + (by if longer else 0)
    if not 0 <= changed < A_DAY or (not longer and len(window) == 1):
        return None
    return row ^ 1 << (A_DAY - 1 - changed), (window.start if at_start else window[-1]) + by


def _shift(day: int) -> int:
    """How many bits come after a day."""
    return A_DAY * (len(DAYS) - 1 - day)


def _clamped(number: int, limit: int) -> int:
    """The nearest number from 0 to before the limit."""
    return max(0, min(number, limit - 1))
