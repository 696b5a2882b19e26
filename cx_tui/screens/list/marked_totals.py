"""The totals of the marked rows of a list: said as soon as more than one is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from cx_tui.domain.filter_values import is_ordered
from cx_tui.domain.groups import RATIO_PARTS, Total, is_money, parts_of
from cx_tui.domain.kinds import Day, Moment
from cx_tui.domain.query import Query
from cx_tui.domain.rolling import Group, as_one, by_currency
from cx_tui.domain.view import columns_of
from cx_tui.errors import CxError
from cx_tui.screens.list.chips import RangeLine
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.screens.list.narrowed import NarrowedList

MOST_COLUMNS = 3
"""Of so many columns the totals of marked rows are said."""
ASKED_AFTER = 0.1
"""Seconds without another mark after which they are asked for."""


class MarkedTotals:
    """What is said of the marked rows of one list."""

    def __init__(self, of: NarrowedList) -> None:
        self._of = of
        self._asked: object = None

    def show(self) -> None:
        """Say them, when there is more than one marked row, and not what was said already."""
        of, marks = self._of, self._of.grid.marks
        if marks.count(of.grid.total) < 2:
            self._asked = None
            self._line.say()
            return
        names = tuple(column.key for column in self._columns())
        asked = (marks, names, of.query_now.which)
        if asked != self._asked:
            self._asked = asked
            if not self._line.has_class("-said"):
                # Rows must not move when the totals come: keys that are typed by then mean what is seen now.
                self._line.say(self._number())
            of.run_worker(self._say(names), group="range", exclusive=True)

    @property
    def _line(self) -> RangeLine:
        return cast(RangeLine, self._of.query_one(RangeLine))

    def _number(self) -> Part:
        """How many are marked."""
        return Part(f"{self._of.grid.marks.count(self._of.grid.total):,} marked", "strong")

    def _columns(self) -> list[Any]:
        """The shown columns of numbers, that under the cursor first."""
        known, grid = columns_of(self._of.query_now.record), self._of.grid
        shown = [column for column in grid.columns if column.key in known]
        shown.sort(key=lambda column: column is not grid.cursor_column)
        ordered = [
            column
            for column in shown
            if is_ordered(known[column.key].kind) and not isinstance(known[column.key].kind, Moment | Day)
        ]
        return [column for column in ordered if column.key not in ("id", "version")][:MOST_COLUMNS]

    async def _say(self, names: tuple[str, ...]) -> None:
        from cx_tui.services.lists.grouping import total_of

        of = self._of
        await of.cx.pause(ASKED_AFTER)
        record, marks = of.query_now.record, of.grid.marks
        acts = ("sum", "avg") if marks.all_but else ("sum", "avg", "min", "max")
        totals = [total_of(record, f"{act}:{name}") for name in names for act in acts]
        try:
            # Marked rows are marked also where the list is narrowed now.
            query = of.query_now if marks.all_but else replace(of.query_now, search="", where="", sort=())
            query = query if marks.all_but or record != "customer" else Query(record=record)
            grouped = (await of.cx.services()).grouped(query)
            found = await grouped.of_marked(totals, marks.keys, all_but=marks.all_but)
        except CxError:
            return
        if of.grid.marks != marks:
            return  # what is marked now is said, or none is any more
        parts, grouped_parts = [self._number()], parts_of(totals)
        for name in names:
            own = [total for total in totals if total.column and total.column.name == name]
            label = own[0].column.label if own[0].column else name
            parts.append(Part(f"   {'Warnings' if label == '!' else label}: ", "dim"))
            each = by_currency(grouped_parts, found) if is_money(own[0]) else [as_one(grouped_parts, found)]
            parts.append(Part("; ".join(_text(own, group) for group in each)))
        self._line.say(*parts)


def _text(totals: Sequence[Total], group: Group) -> str:
    """The totals of one column: its sum, what is in the middle, from the least to the most."""
    said = {total.act: total.shown(group.parts) for total in totals}
    if not said["sum"]:
        return "-"
    is_ratio = totals[0].column is not None and totals[0].column.name in RATIO_PARTS
    words = [] if is_ratio else [f"{said['sum']}{f' {group.currency}' if group.currency else ''}"]
    words.append(f"average {said['avg']}")
    if "min" in said:
        words.append(f"{said['min']} to {said['max']}")
    return ", ".join(words)
