"""The ruler and the days as pieces: a text, how it looks, and the action a click on it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from .bits import A_DAY, DAYS, HOUR, has
from .signs import Signs
from .words import day_note

LABEL = 4  # the name of a day and the cursor's sign
WIDE = 110  # from this width on a cell is one quarter of an hour, else two
RULED = 3 * HOUR  # the ruler has a number at every third hour


class Piece(NamedTuple):
    """A text, its look (a component class), and the action a click on it runs."""

    text: str
    look: str = "text"
    action: str = ""


class Scale(NamedTuple):
    """How many steps a cell is, and how many cells are left for words after a day."""

    each: int
    note: int

    @classmethod
    def for_width(cls, width: int) -> Scale:
        """The finest that fits."""
        each = 1 if width >= WIDE else 2
        return cls(each, max(0, width - LABEL - A_DAY // each - 1))

    def cell(self, step: int) -> int:
        """The cell of a step, counted from the first of the day."""
        return step // self.each

    def step_at(self, x: int) -> int:
        """The first step of the cell at this x of the widget, or of the nearest one there is."""
        return max(0, min((x - LABEL) * self.each, A_DAY - self.each))


class Day(NamedTuple):
    """What is drawn of one day: its bits, and the steps that are selected, at the cursor, now."""

    number: int
    row: int
    picked: range
    cursor: int | None
    now: int | None


def ruler(scale: Scale, now: int | None, signs: Signs) -> list[Piece]:
    """The hours, and where now is: in the place of a number that it would cover in part."""
    numbers = [f"{step // HOUR:02}" for step in range(0, A_DAY + 1, RULED)]
    if now is None:
        return [Piece(_spaced(numbers, scale), "dim")]
    if scale.cell(now % RULED) < len(numbers[0]):
        numbers[now // RULED] = ""
    text, x = _spaced(numbers, scale), LABEL + scale.cell(now)
    return [Piece(text[:x], "dim"), Piece(signs.mark, "now"), Piece(text[x + 1 :], "dim")]


def _spaced(numbers: Iterable[str], scale: Scale) -> str:
    """The numbers of the hours where these hours begin."""
    return " " * LABEL + "".join(number.ljust(scale.cell(RULED)) for number in numbers)


@lru_cache(64)
def day_line(day: Day, scale: Scale, signs: Signs) -> Sequence[Piece]:
    """One day: its name, its cells, its windows in words."""
    here = day.cursor is not None
    name = Piece(DAYS[day.number] + (signs.here if here else " "), "here" if here else "text")
    note = Piece(" " + day_note(day.row, scale.note), "text" if day.row else "dim")
    return (name, *_merged(_cell(day, step, scale, signs) for step in range(0, A_DAY, scale.each)), note)


def _cell(day: Day, step: int, scale: Scale, signs: Signs) -> tuple[str, str]:
    """The sign and the look of the cell that begins with a step."""
    steps = range(step, step + scale.each)
    if day.cursor is not None and day.cursor in steps:
        return _cursor(signs, scale, day.cursor - step)[has(day.row, day.cursor)], "cursor"
    first, second = has(day.row, steps[0]), has(day.row, steps[-1])
    picked = any(one in day.picked for one in steps)
    if day.now is not None and day.now in steps and not picked:
        allowed = has(day.row, day.now)
        return signs.now[allowed], "now-allowed" if allowed else "now"
    pair = 2 * first + second
    if picked:
        return signs.picked[pair], "picked-allowed" if pair else "picked"
    sign = signs.hour if not pair and step % HOUR == 0 else signs.cells[pair]
    return sign, "allowed" if pair else "dim"


def _cursor(signs: Signs, scale: Scale, quarter: int) -> str:
    """The cursor's signs: where a cell is two quarters, they say which of them it is at."""
    return signs.cursor if scale.each == 1 else (signs.first, signs.second)[quarter]


def _merged(cells: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    """Neighbours of one look as one piece."""
    for look, group in groupby(cells, key=lambda cell: cell[1]):
        yield Piece("".join(sign for sign, _ in group), look)
