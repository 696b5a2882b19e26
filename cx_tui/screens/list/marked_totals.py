"""The totals of the marked rows or cells of a list of records: said as soon as more than one is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from cx_tui.domain.filter_values import is_ordered
from cx_tui.domain.groups import COUNT, RATIO_PARTS, Total, is_money, parts_of
from cx_tui.domain.kinds import Day, Moment
from cx_tui.domain.query import Query
from cx_tui.domain.rolling import Group, as_one, by_currency
from cx_tui.domain.view import columns_of
from cx_tui.errors import CxError
from cx_tui.screens.list.cells import MOST_COLUMNS, MOST_ROWS, Come, head, in_one_line, label
from cx_tui.screens.list.chips import RangeLine
from widgets.grid import MarkedCells, Marks
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.screens.list.host import ListHost

ASKED_AFTER = 0.1
"""Seconds without another mark after which they are asked for."""


class MarkedTotals:
    """What is said of the marked rows of one list; of marked cells instead, while there are any."""

    def __init__(self, of: ListHost) -> None:
        self._of = of
        self._asked: object = None

    def show(self) -> None:
        """Say them, when there is more than one marked row or cell, and not what was said already."""
        of, marks, cells = self._of, self._of.grid.marks.rows, self._of.grid.cells.block
        if cells is None and marks.count(of.grid.rows.total) < 2:
            self._asked = None
            self._line.say()
            return
        names = self._columns(cells.columns if cells else None)
        asked = (cells or marks, names, of.grid.rows.source, of.numbers.estimated)
        if asked != self._asked:
            self._asked = asked
            if not self._line.has_class("-said"):
                # Rows must not move when the totals come: keys that are typed by then mean what is seen now.
                self._line.say(self._first(cells))
            of.run_worker(self._say(cells, names), group="range", exclusive=True)

    @property
    def _line(self) -> RangeLine:
        return cast(RangeLine, self._of.query_one(RangeLine))

    def _first(self, cells: MarkedCells | None) -> Part:
        """How many are marked."""
        return head(cells) if cells else Part(self._of.numbers.marked_in_words(), "strong")

    def _columns(self, among: Sequence[str] | None) -> tuple[str, ...]:
        """The columns of numbers: of the marked cells, or of all shown that under the cursor first."""
        known, grid = columns_of(self._of.query_now.record), self._of.grid
        shown = [column for column in grid.columns.shown if column.key in known]
        if among is None:
            shown.sort(key=lambda column: column is not grid.cursor.column)
        ordered = [
            column.key
            for column in shown
            if is_ordered(known[column.key].kind)
            and not isinstance(known[column.key].kind, Moment | Day)
            and (among is None or column.key in among)
        ]
        return tuple(name for name in ordered if name not in ("id", "version"))[:MOST_COLUMNS]

    async def _say(self, cells: MarkedCells | None, names: tuple[str, ...]) -> None:
        from cx_tui.services.lists.grouping import total_of

        of, grid = self._of, self._of.grid
        await of.cx.pause(ASKED_AFTER)
        first = self._first(cells)
        marks = await self._rows(cells) if cells else grid.marks.rows
        if marks is None or not names:
            few = Part(f"   totals are made of up to {MOST_ROWS:,} rows", "dim")
            self._line.say(first, *([few] if marks is None else []))
            return
        record = of.query_now.record
        acts = ("sum", "avg") if marks.all_but and marks.keys else ("sum", "avg", "min", "max")
        totals = [total_of(record, f"{act}:{name}") for name in names for act in acts]
        try:
            # Marked rows are marked also where the list is narrowed now.
            query = of.query_now if marks.all_but else replace(of.query_now, search="", where="", sort=())
            query = query if marks.all_but or record != "customer" else Query(record=record)
            grouped = (await of.cx.services()).grouped(query)
            found = await grouped.of_marked(totals, marks.keys, all_but=marks.all_but)
        except CxError:
            return
        if cells != grid.cells.block or (cells is None and grid.marks.rows != marks):
            return  # what is marked now is said, or nothing is any more
        number = sum(group.parts[COUNT, ""] for group in found)
        grouped_parts, parts = parts_of(totals), [first]
        for name in names:
            own = [total for total in totals if total.column and total.column.name == name]
            title = own[0].column.title if own[0].column else name
            filled = sum(group.parts["filled", name] for group in found)
            parts.append(Part(f"   {label(title, filled, number)}: ", "dim"))
            each = by_currency(grouped_parts, found) if is_money(own[0]) else [as_one(grouped_parts, found)]
            parts.append(Part(in_one_line([_come_to(own, group) for group in each])))
        self._line.say(*parts)

    async def _rows(self, cells: MarkedCells) -> Marks | None:
        """The rows of marked cells; none of too many, unless they are all."""
        grid = self._of.grid
        if cells.rows >= grid.rows.total and not self._of.numbers.estimated:
            return Marks.ALL
        if cells.rows > MOST_ROWS or grid.rows.source is None:
            return None
        return Marks(frozenset(await grid.rows.source.keys(cells.start, cells.rows)))


def _come_to(totals: Sequence[Total], group: Group) -> Come:
    """The totals of one column in one currency."""
    said = {total.act: total.shown(group.parts) for total in totals}
    if not said["sum"]:
        return Come("", "", "")
    currency = f" {group.currency}" if group.currency else ""
    is_ratio = totals[0].column is not None and totals[0].column.name in RATIO_PARTS
    span = f"{said['min']} to {said['max']}{currency}" if "min" in said else ""
    return Come("" if is_ratio else f"{said['sum']}{currency}", f"{said['avg']}{currency}", span)
