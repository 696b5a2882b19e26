"""The rows of an answer in SQL as those of a grid."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cx_tui.services.asked_sql import Answer
from widgets.grid import Cell, Column, Row
from widgets.text import Align, visible

LONGEST = 500
"""Characters of a cell that are drawn; the whole is copied."""
DECIMAL = re.compile(r"-?\d+\.\d+")
LOOKED_AT = 200
"""So many rows say how wide columns are."""


class AnswerRows:
    """The rows of an answer; its keys are their places."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def count(self) -> int:
        """How many there are."""
        return len(self._answer)

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions."""
        return [_row(start + at, values) for at, values in enumerate(self._answer.rows(start, count))]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows: an answer does not change."""
        return {key: _row(key, self._answer.rows(key, 1)[0]) for key in keys if 0 <= key < len(self._answer)}

    async def position(self, key: int) -> int | None:
        """Where a row stands."""
        return key if 0 <= key < len(self._answer) else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The rows at these positions."""
        return range(start, min(start + count, len(self._answer)))


def _row(key: int, values: Sequence[Any]) -> Row:
    return Row(key, {f"c{at}": _cell(value) for at, value in enumerate(values)})


def _cell(value: Any) -> Cell:
    if value is None:
        return Cell("null", "dim")
    return Cell(shown(value)[:LONGEST])


def shown(value: Any) -> str:
    """A value as text of one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.6f}".rstrip("0").rstrip(".")
    return visible(" ".join(str(value).split()))


def columns_of(answer: Answer) -> tuple[Column, ...]:
    """The columns of an answer, as wide as its first rows need."""
    first = answer.rows(0, LOOKED_AT)
    # Amounts of different currencies are never added up.
    unit = f"c{answer.names.index('currency')}" if "currency" in answer.names else ""
    found = []
    for at, name in enumerate(answer.names):
        values = [row[at] for row in first]
        widest = max((len(shown(value)) for value in values), default=0)
        width = max(4, min(40, max(widest, len(name)) + 1))
        align: Align = "right" if _are_numbers(values) else "left"
        found.append(Column(f"c{at}", visible(name), width, align, unit=unit))
    return tuple(found)


def _are_numbers(values: Sequence[Any]) -> bool:
    """Whether a column has numbers; PostgreSQL's exact ones come as texts with a point."""
    there = [value for value in values if value is not None]
    return bool(there) and all(
        (isinstance(value, str) and DECIMAL.fullmatch(value) is not None)
        or (isinstance(value, int | float) and not isinstance(value, bool))
        for value in there
    )
