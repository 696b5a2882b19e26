"""The rows of a file, and the verdicts of its rows, as rows of a grid."""

from collections.abc import Mapping, Sequence

from cx_tui.screens.upload.plan import Head, Plan
from widgets.grid import Cell, Column, Row

NUMBER = "row"
NARROWEST, WIDEST = 8, 26
SEEN = 300
"""So many characters of a cell are given to the grid."""


def shorter(text: str) -> str:
    """The beginning of a cell that may be of any length."""
    return text if len(text) <= SEEN else text[:SEEN] + "…"


def file_columns(head: Head, plan: Plan) -> tuple[Column, ...]:
    """A column for the number of the row, and one for each of the file."""
    count = max(map(len, head.rows), default=0)
    digits = max(6, len(f"{len(head.rows):,}"))
    return (
        Column(NUMBER, "row", digits, "right", frozen=True),
        *(Column(str(place), str(place + 1), _width(head, plan, place)) for place in range(count)),
    )


def _width(head: Head, plan: Plan, place: int) -> int:
    cells = (len(row[place]) for row in head.rows if place < len(row))
    longest = max(*cells, len(plan.label(plan.mapping.get(place, ""))) + 2, NARROWEST)
    return min(longest, WIDEST)


class Fixed:
    """Rows that are all here."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    async def count(self) -> int:
        """How many there are."""
        return len(self._rows)

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """Those at these positions."""
        return self._rows[start : start + count]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same: they do not change."""
        return {key: self._rows[key] for key in keys if key < len(self._rows)}

    async def position(self, key: int) -> int | None:
        """Where a row stands: a key is a position here."""
        return key if key < len(self._rows) else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The keys at these positions."""
        return range(start, min(start + count, len(self._rows)))


def file_rows(head: Head, plan: Plan) -> Fixed:
    """The rows as they are in the file: the header is marked, what is above it or not used is dim."""
    return Fixed([_file_row(place, head, plan) for place in range(len(head.rows))])


def _file_row(place: int, head: Head, plan: Plan) -> Row:
    line = head.numbers[place]
    titles = line == head.header_row and plan.how.has_header
    number = Cell("header", "accent") if titles else Cell(f"{line:,}", "dim")
    found: dict[str, Cell | str] = {NUMBER: number}
    for column, text in enumerate(head.rows[place]):
        used = column in plan.mapping and line >= head.header_row
        tone = "accent" if titles and used else "" if used else "dim"
        found[str(column)] = Cell(shorter(text), tone)
    return Row(place, found)
