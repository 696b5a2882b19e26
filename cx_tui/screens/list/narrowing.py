"""Narrowing a list: by what is typed, by a panel of conditions, by the cell under the cursor, by chips."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.binding import Binding

from cx_tui.domain import narrowing
from cx_tui.domain.filters import BadFilter
from cx_tui.domain.query import Query
from cx_tui.domain.view import columns_of
from cx_tui.errors import CxError
from cx_tui.screens.list.chips import ChipLine, chips
from cx_tui.screens.list.filter_input import FilterInput
from cx_tui.screens.list.typed import why_not
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.screens.list.filter_panel import FilterPanel
    from cx_tui.screens.list.host import ListHost

NARROWING_KEYS = (
    Binding("f", "filters", "filters", id="list.filters",
            tooltip="Open the panel of conditions: add, change, switch off, remove."),
    Binding("equals_sign", "only_this", "only this", show=False, id="list.only_this",
            tooltip="Show only rows that have the value of this cell."),
    Binding("tilde", "without_this", "without this", show=False, id="list.without_this",
            tooltip="Show only rows that do not have the value of this cell."),
    Binding("full_stop", "worst_first", "worst first", show=False, id="list.worst_first",
            tooltip="Order by this column, the worst first; where a column has no worst, by warnings."),
    Binding("T", "groups", "groups", show=False, id="list.groups",
            tooltip="Group by this column, with totals and bars; pivot and plot from there."),
    Binding("V", "views", "views", show=False, id="list.views",
            tooltip="Open, keep and share views: everything of this layout under a name."),
    *(Binding(str(key), f"view({key})", f"view {key}", show=False, id=f"list.view_{key}",
              tooltip=f"Open the view that is on the key {key}.") for key in range(1, 10)),
)  # fmt: skip
"""The keys of every list of records that narrow, order, group it and open views."""

COUNTED_WITHIN = 0.2
"""Seconds in which values have to be counted to be offered with their numbers."""
MOST_COUNTED = 2_000


class Narrowing(Duty):
    """Narrows one list, and says by what it is narrowed."""

    host: ListHost

    def __init__(self, host: ListHost) -> None:
        super().__init__(host)
        self.panel: FilterPanel | None = None

    def narrow_to(self, query: Query) -> None:
        """Show another question, and write it into the search box."""
        self.host.finding.ask(query)
        self.host.search.value = query.typed
        if query.typed:
            self.host.search_shown()
        self.show_chips()
        if self.panel:
            self.panel.show_query(query)

    def show_chips(self) -> None:
        """Say what narrows the list, what could be typed next, and what can't be read."""
        line = cast(ChipLine, self.host.query_one(ChipLine))
        box = self.host.search
        if isinstance(box, FilterInput) and (offered := box.parts()):
            line.say(*offered, stays=True)
            return
        line.say(*chips(self.host.query_now, ascii=self.host.cx.ascii), stays=bool(box.has_focus))

    def typed_so_far(self, text: str) -> None:
        """Say what narrows the list, or what of the text can't be read once a word of it is done."""
        box = self.host.search
        if text.endswith(" ") and (said := why_not(self.host.query_now, text, self.host.grid.marks.rows)):
            cast(ChipLine, self.host.query_one(ChipLine)).say(Part(said, "warn"), stays=True)
            return
        self.show_chips()
        if self.panel:
            self.panel.show_query(self.host.query_now)
        if isinstance(box, FilterInput):
            self.host.run_worker(self._count_values(text), group="values", exclusive=True)

    async def _count_values(self, text: str) -> None:
        """Count the values that are offered, if the database says it at once."""
        from cx_tui.domain.completion import column_asked
        from cx_tui.services.lists.grouping import grouping_of, may_group_by

        asked = column_asked(text, self.host.query_now.record)
        if asked is None or not may_group_by(self.host.query_now.record, asked[0].name):
            return
        column = asked[0]
        try:
            async with asyncio.timeout(COUNTED_WITHIN):
                grouped = (await self.host.cx.services()).grouped(
                    replace(self.host.query_now, search="", where="", sort=())
                )
                found = await grouped.ask(grouping_of(self.host.query_now.record, column.name, "count"))
        except (CxError, TimeoutError):
            return
        box = self.host.search
        if isinstance(box, FilterInput) and box.value == text and len(found.groups) <= MOST_COUNTED:
            counts = {
                found.key_shown(column, one.key[0]): f"{one.parts['count', '']:,}" for one in found.groups
            }
            box.counts = counts
            self.show_chips()

    def chip_clicked(self, event: ChipLine.Clicked) -> None:
        """Do what was clicked."""
        event.stop()
        act = {
            "drop": narrowing.drop, "off": narrowing.switch_off, "on": narrowing.switch_on,
            "drop_off": narrowing.drop_off,
        }[event.act]  # fmt: skip
        self.narrow_to(act(self.host.query_now, event.place))

    def action_only_this(self) -> None:
        """Only rows with the value of this cell."""
        self._by_cell(other=False)

    def action_without_this(self) -> None:
        """Only rows without it."""
        self._by_cell(other=True)

    def _by_cell(self, *, other: bool) -> None:
        values, column = self.host.values_here(), self.host.grid.cursor.column
        known = columns_of(self.host.query_now.record)
        if values is None or column is None or column.key not in known or column.key not in values:
            return
        said = known[column.key]
        condition = narrowing.of_cell(
            said, values[column.key], str(values.get("currency") or ""), other=other
        )
        try:
            from cx_tui.domain.filter_values import read_filter

            read_filter(condition, self.host.query_now.record)
        except BadFilter as error:
            self.host.notify(
                f"Rows can't be chosen by this cell: {error.problems[0].sentence}.", severity="warning"
            )
            return
        self.narrow_to(narrowing.add(self.host.query_now, condition))

    @work(group="panel", name=OPENS)
    async def action_filters(self) -> None:
        """Open the panel of conditions, or close it; keys behind wait until it has the focus."""
        from cx_tui.screens.list.filter_panel import FilterPanel

        if self.panel:
            self.close_panel()
            return
        self.host.make_room()
        self.panel = FilterPanel(self.host.query_now, ascii=self.host.cx.ascii)
        await self.host.table.mount(self.panel)
        self.panel.lines.focus()

    def close_panel(self) -> None:
        """Close the panel of conditions."""
        if self.panel:
            self.panel.remove()
            self.panel = None
            self.host.grid.focus()
