"""Finds out whether a part of the screen has only moved up or down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from operator import is_not
from typing import NamedTuple

from .cells import BLANK, Cell

Rows = Sequence[list[Cell]]

SCROLLBAR = 3
"""The last columns may differ between lines that are otherwise the same."""
COST = 24
"""The bytes that scrolling takes by itself."""


class Scroll(NamedTuple):
    """Lines `top` to `bottom` move up by `lines`, or down if that is less than nothing."""

    top: int
    bottom: int
    lines: int

    def sequence(self) -> str:
        """Insert or delete lines at the top of a region; the look must be plain, the cursor is lost."""
        what = f"{self.lines}M" if self.lines > 0 else f"{-self.lines}L"
        return f"\x1b[{self.top + 1};{self.bottom + 1}r\x1b[{self.top + 1}H\x1b[{what}\x1b[r"

    def moved(self, rows: Rows) -> list[list[Cell]]:
        """The lines of the region afterwards."""
        region = rows[self.top : self.bottom + 1]
        fresh = [[BLANK] * len(region[0]) for _ in range(abs(self.lines))]
        if self.lines > 0:
            return [*region[self.lines :], *fresh]
        return [*fresh, *region[: self.lines]]


def find_scroll(want: Rows, have: Rows, changed: Sequence[int]) -> Scroll | None:
    """The move that saves most, if one does."""
    width = len(want[0]) - SCROLLBAR
    places: dict[tuple[Cell, ...], int | None] = {}
    for y, row in enumerate(have):
        key = tuple(row[:width])
        places[key] = None if key in places else y  # equal lines, such as empty ones, say nothing
    votes: dict[int, list[int]] = defaultdict(list)
    for y in changed:
        was = places.get(tuple(want[y][:width]))
        if was is not None and was != y:
            votes[was - y].append(y)
    if not votes:
        return None
    lines, found = max(votes.items(), key=lambda vote: len(vote[1]))
    ends = (found[0], found[0] + lines, found[-1], found[-1] + lines)
    scroll = Scroll(min(ends), max(ends), lines)
    return scroll if _saves(scroll, want, have) else None


def _saves(scroll: Scroll, want: Rows, have: Rows) -> bool:
    wanted = want[scroll.top : scroll.bottom + 1]
    before = _differing(wanted, have[scroll.top : scroll.bottom + 1])
    return _differing(wanted, scroll.moved(have)) + COST < before


def _differing(some: Rows, others: Rows) -> int:
    return sum(sum(map(is_not, one, other)) for one, other in zip(some, others, strict=True))
