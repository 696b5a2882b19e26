"""Marked cells of any list: what their numbers come to, by what stands in them, and their texts with tabs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from cx_tui.screens.list.chips import RangeLine
from widgets.line import Part

if TYPE_CHECKING:
    from textual.widget import Widget

    from cx_tui.screens.list.base_list import BaseList
    from widgets.grid import Column, Grid, MarkedCells, Row, RowSource

PART = 1_000
"""So many rows are read at a time."""
MOST_ROWS = 100_000
"""Of so many rows the marked cells are read; a list of records asks its database instead."""
MOST_COLUMNS = 3
"""Of so many columns the totals are said."""

NUMBER = re.compile(r"([-+]?[\d,]*\.?\d+) ?(%|[A-Z]{3})?")
CLOCK = re.compile(r"([\d,]+):(\d\d)(?::(\d\d))?")
TIME = "time"


@dataclass(frozen=True)
class Number:
    """A number in a cell, and what it counts: nothing, a currency, percents, a length of time."""

    value: Decimal
    unit: str = ""

    @property
    def places(self) -> int:
        """How many decimals it is written with."""
        return max(0, -int(self.value.as_tuple().exponent))

    def shown(self, value: Decimal, places: int | None = None) -> str:
        """Another value as this one is written."""
        if self.unit == TIME:
            seconds = int(value)
            minutes, hours = seconds // 60 % 60, seconds // 3600
            return f"{hours:,}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
        places = self.places if places is None else places
        return f"{value:,.{places}f}{'%' if self.unit == '%' else f' {self.unit}' if self.unit else ''}"


class Come(NamedTuple):
    """What the numbers of one unit come to; "" is not said."""

    total: str
    average: str
    span: str


NumberOf = Callable[["Row", "Column"], Number | None]


def number_of(row: Row, column: Column) -> Number | None:
    """The number that stands in a cell: only a column of numbers has some."""
    text = row.cell(column.key).text.strip()
    if column.align != "right":
        return None
    if found := CLOCK.fullmatch(text):
        first, second, third = found[1].replace(",", ""), found[2], found[3]
        minutes = int(first) * 60 + int(second) if third else int(first)
        return Number(Decimal(minutes * 60 + int(third or second)), TIME)
    if found := NUMBER.fullmatch(text):
        unit = found[2] or (row.cell(column.unit).text.strip() if column.unit else "")
        return Number(Decimal(found[1].replace(",", "")), unit)
    return None


def columns_in(grid: Grid, cells: MarkedCells) -> list[Column]:
    """The columns of marked cells."""
    return [column for column in grid.columns.shown if column.key in cells.columns]


def head(cells: MarkedCells) -> Part:
    """How many there are."""
    return Part(f"{cells.count:,} cells", "strong")


def totals_in_words(
    columns: Sequence[Column], rows: Sequence[Row], number: NumberOf = number_of
) -> list[Part]:
    """What the numbers of each column come to; of different units never together."""
    parts: list[Part] = []
    for column in columns:
        found = [one for row in rows if (one := number(row, column)) is not None]
        if not found or len(parts) >= 2 * MOST_COLUMNS:
            continue
        units = dict.fromkeys(one.unit for one in found)
        said = [_come_to([one for one in found if one.unit == unit], column) for unit in units]
        parts += [Part(f"   {label(column.title, len(found), len(rows))}: ", "dim"), Part(in_one_line(said))]
    return parts


def in_one_line(said: Sequence[Come]) -> str:
    """What several units come to: their sums first, then what can be done without where the line ends."""
    kinds = (
        ("sum ", [one.total for one in said]),
        ("average ", [one.average for one in said]),
        ("", [one.span for one in said]),
    )
    there = [start + ", ".join(filter(None, texts)) for start, texts in kinds if any(texts)]
    return ("; " if len(said) > 1 else ", ").join(there) or "-"


def label(title: str, filled: int, rows: int) -> str:
    """What a column is called before its totals; and how many of its cells have a value, if not all."""
    return f"{title} ({filled:,} of {rows:,})" if filled < rows else title


def _come_to(found: Sequence[Number], column: Column) -> Come:
    values = [one.value for one in found]
    finest = max(found, key=lambda one: one.places)
    total = sum(values, Decimal(0))
    average = finest.shown(total / len(values), finest.places or 1)
    span = f"{finest.shown(min(values))} to {finest.shown(max(values))}"
    return Come(finest.shown(total), average, span) if column.adds else Come("", "", span)


async def rows_of(source: RowSource, cells: MarkedCells) -> list[Row]:
    """The rows of marked cells."""
    rows: list[Row] = []
    for start in range(cells.start, cells.stop, PART):
        rows += await source.rows(start, min(PART, cells.stop - start))
    return rows


async def say_cells(grid: Grid, line: RangeLine, number: NumberOf = number_of) -> None:
    """Say what the marked cells of a grid come to; nothing, when none are marked."""
    cells, source = grid.cells.block, grid.rows.source
    if cells is None or source is None:
        line.say()
        return
    if cells.rows > MOST_ROWS:
        line.say(head(cells), Part(f"   totals are made of up to {MOST_ROWS:,} rows", "dim"))
        return
    rows = await rows_of(source, cells)
    if cells == grid.cells.block:
        line.say(head(cells), *totals_in_words(columns_in(grid, cells), rows, number))


class ShowsTotals(Protocol):
    """What says the totals of what is marked in a list."""

    def show(self) -> None:
        """Say them, where there are any."""


class CellTotals:
    """Says those of the marked cells of one list."""

    def __init__(self, of: BaseList) -> None:
        self._of = of

    def show(self) -> None:
        """Say them, where there are any."""
        said = say_cells(self._of.grid, self._of.query_one(RangeLine), self._of.contents.number_in)
        self._of.run_worker(said, group="range", exclusive=True)


async def line_of(grid: Grid) -> RangeLine:
    """The line below a grid where what is marked is said: made when it is needed first."""
    place, around = cast("Widget", grid), cast("Widget", grid.parent)
    while around.layout.name == "horizontal":
        place, around = around, cast("Widget", around.parent)
    for one in around.children:
        if isinstance(one, RangeLine):
            return one
    line = RangeLine(glyphs=cast(Any, grid.app).glyphs)
    await around.mount(line, after=place)
    return line


def table(lines: Iterable[Iterable[str]]) -> str:
    """Texts with tabs between them, each in one line."""
    return "\n".join("\t".join(" ".join(text.split()) for text in line) for line in lines)


async def cells_as_text(grid: Grid, cells: MarkedCells, limit: int, *, titles: bool) -> str:
    """The marked cells as they stand in a grid, as far as the clipboard takes them."""
    columns = columns_in(grid, cells)
    lines = [[column.title for column in columns]] if titles else []
    taken = 0
    for start in range(cells.start, cells.stop, PART):
        if grid.rows.source is None or taken > limit:
            break
        for row in await grid.rows.source.rows(start, min(PART, cells.stop - start)):
            lines.append([row.cell(column.key).text for column in columns])
            taken += sum(map(len, lines[-1]))
    return table(lines)


def said_of(cells: MarkedCells, *, titles: bool = False) -> str:
    """What was copied, in words."""
    return f"{cells.count:,} cells{' with titles' if titles else ''}"
