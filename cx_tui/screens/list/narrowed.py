"""What every list of records can do to what it shows: narrow it by a panel, by the cell under the cursor,
order it by what is worst, group it, open and keep views, and say all that as a command."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from textual import work
from textual.binding import Binding
from textual.containers import Horizontal

from cx_tui.domain import narrowing
from cx_tui.domain.filters import BadFilter
from cx_tui.domain.layout import Layout
from cx_tui.domain.query import Query, Sort
from cx_tui.domain.view import GroupedBy, View, columns_of
from cx_tui.errors import CxError
from cx_tui.screens.list.chips import ChipLine, chips
from cx_tui.screens.list.commands import list_command
from cx_tui.screens.list.filter_input import FilterInput
from cx_tui.screens.list.marked_totals import MarkedTotals
from cx_tui.screens.list.typed import why_not
from cx_tui.terminal.in_order import OPENS
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.screens.list.filter_panel import FilterPanel
    from cx_tui.screens.program import Program
    from widgets.grid import Grid

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
"""The keys of it."""

COUNTED_WITHIN = 0.2
"""Seconds in which values have to be counted to be offered with their numbers."""
MOST_COUNTED = 2_000

WORST_LOW = {
    "credit", "balance", "available", "hours_left", "asr", "acd", "acd_all", "connected", "last_call_at",
    "contacts", "debit_limit", "success", "profit",
}  # fmt: skip
"""Columns in which little is bad; of all other numbers, much is."""


class NarrowedList:
    """The acts; a list that has them says what it is of, and how it shows another question."""

    query_now: Query
    view: View | None = None
    """The view that was opened last."""
    grouped_by = GroupedBy()
    """The groups that were looked at last."""
    panel: FilterPanel | None = None
    estimated = False
    """Whether they are being counted: there are more than the grid knows of."""
    _marked: MarkedTotals | None = None

    if TYPE_CHECKING:

        @property
        def cx(self) -> Program: ...

        app: Any
        notify: Any
        grid: Grid
        search: Any
        table: Horizontal
        run_worker: Any
        query_one: Any

    @abstractmethod
    def ask(self, query: Query, *, wait: float = 0.0) -> None:
        """Show another question."""

    @abstractmethod
    def arranged(self) -> Layout:
        """The columns and the order as they are."""

    @abstractmethod
    def usual(self) -> Layout:
        """The columns and the order that nobody has arranged."""

    @abstractmethod
    def use_layout(self, layout: Layout) -> None:
        """Show and keep other columns and another order."""

    @abstractmethod
    def values_here(self) -> Mapping[str, Any] | None:
        """The values of the row under the cursor."""

    def search_shown(self) -> None:
        """Something stands in the search box."""

    # Narrowing

    def narrow_to(self, query: Query) -> None:
        """Show another question, and write it into the search box."""
        self.ask(query)
        self.search.value = query.typed
        if query.typed:
            self.search_shown()
        self.show_chips()
        if self.panel:
            self.panel.show_query(query)

    def show_chips(self) -> None:
        """Say what narrows the list, what could be typed next, and what can't be read."""
        line = cast(ChipLine, self.query_one(ChipLine))
        box = self.search
        if isinstance(box, FilterInput) and (offered := box.parts()):
            line.say(*offered, stays=True)
            return
        line.say(*chips(self.query_now, ascii=self.cx.ascii), stays=bool(box.has_focus))

    def typed_so_far(self, text: str) -> None:
        """Say what narrows the list, or what of the text can't be read once a word of it is done."""
        box = self.search
        if text.endswith(" ") and (said := why_not(self.query_now, text, self.grid.marks)):
            cast(ChipLine, self.query_one(ChipLine)).say(Part(said, "warn"), stays=True)
            return
        self.show_chips()
        if self.panel:
            self.panel.show_query(self.query_now)
        if isinstance(box, FilterInput):
            self.run_worker(self._count_values(text), group="values", exclusive=True)

    async def _count_values(self, text: str) -> None:
        """Count the values that are offered, if the database says it at once."""
        from cx_tui.domain.completion import column_asked
        from cx_tui.services.lists.grouping import grouping_of, may_group_by

        asked = column_asked(text, self.query_now.record)
        if asked is None or not may_group_by(self.query_now.record, asked[0].name):
            return
        column = asked[0]
        try:
            async with asyncio.timeout(COUNTED_WITHIN):
                grouped = (await self.cx.services()).grouped(
                    replace(self.query_now, search="", where="", sort=())
                )
                found = await grouped.ask(grouping_of(self.query_now.record, column.name, "count"))
        except (CxError, TimeoutError):
            return
        if self.search.value == text and len(found.groups) <= MOST_COUNTED:
            counts = {
                found.key_shown(column, one.key[0]): f"{one.parts['count', '']:,}" for one in found.groups
            }
            self.search.counts = counts
            self.show_chips()

    def chip_clicked(self, event: ChipLine.Clicked) -> None:
        """Do what was clicked."""
        event.stop()
        act = {
            "drop": narrowing.drop, "off": narrowing.switch_off, "on": narrowing.switch_on,
            "drop_off": narrowing.drop_off,
        }[event.act]  # fmt: skip
        self.narrow_to(act(self.query_now, event.place))

    def action_only_this(self) -> None:
        """Only rows with the value of this cell."""
        self._by_cell(other=False)

    def action_without_this(self) -> None:
        """Only rows without it."""
        self._by_cell(other=True)

    def _by_cell(self, *, other: bool) -> None:
        values, column = self.values_here(), self.grid.cursor_column
        known = columns_of(self.query_now.record)
        if values is None or column is None or column.key not in known or column.key not in values:
            return
        said = known[column.key]
        condition = narrowing.of_cell(
            said, values[column.key], str(values.get("currency") or ""), other=other
        )
        try:
            from cx_tui.domain.filter_values import read_filter

            read_filter(condition, self.query_now.record)
        except BadFilter as error:
            self.notify(
                f"Rows can't be chosen by this cell: {error.problems[0].sentence}.", severity="warning"
            )
            return
        self.narrow_to(narrowing.add(self.query_now, condition))

    @work(group="panel", name=OPENS)
    async def action_filters(self) -> None:
        """Open the panel of conditions, or close it; keys behind wait until it has the focus."""
        from cx_tui.screens.list.filter_panel import FilterPanel

        if self.panel:
            self.close_panel()
            return
        self.make_room()
        self.panel = FilterPanel(self.query_now, ascii=self.cx.ascii)
        await self.table.mount(self.panel)
        self.panel.lines.focus()

    def make_room(self) -> None:
        """A panel is about to be opened."""

    def close_panel(self) -> None:
        """Close the panel of conditions."""
        if self.panel:
            self.panel.remove()
            self.panel = None
            self.grid.focus()

    # Order

    def action_worst_first(self) -> None:
        """Order by this column, what is worst first; pressed again, the other way round."""
        column = self.grid.cursor_column
        key = column.key if column else ""
        if column is None or column.align != "right":
            key = "warnings" if self.query_now.record == "customer" else key
        sort = Sort(key, key not in WORST_LOW)
        if self.query_now.sort == (sort,):
            sort = replace(sort, descending=not sort.descending)
        self.use_layout(replace(self.arranged(), sort=(sort,)))

    # How many there are

    @property
    def number_now(self) -> int | None:
        """How many there are; None while they are being counted."""
        return None if self.estimated else self.grid.total

    @property
    def marked_now(self) -> int | None:
        """How many of them are marked; None while that is being counted."""
        marks = self.grid.marks
        return None if self.estimated and marks.all_but else marks.count(self.grid.total)

    def number_in_words(self) -> str:
        """The same, to be read."""
        number = self.number_now
        return f"{self.grid.total - 1:,}+" if number is None else f"{number:,}"

    def marked_in_words(self) -> str:
        """The same, to be read; nothing when none are."""
        number, but = self.marked_now, len(self.grid.marks.keys)
        if number is None:
            return f"all but {but:,} marked" if but else "all marked"
        return f"{number:,} marked" if number else ""

    # Marks

    def show_range(self) -> None:
        """Say the totals of what is marked, as soon as more than one row is."""
        if self._marked is None:
            self._marked = MarkedTotals(self)
        self._marked.show()

    # Groups

    @work(group="act", name=OPENS)
    async def action_groups(self) -> None:
        """Group by the column under the cursor; rows behind a group are shown when it is opened."""
        from cx_tui.screens.groups import GroupsPage
        from cx_tui.screens.groups.choosing import first_to_group, usual_totals
        from cx_tui.services.lists.grouping import may_group_by

        column = self.grid.cursor_column
        record = self.query_now.record
        grouped = self.grouped_by
        if not grouped.by:
            name = column.key if column and may_group_by(record, column.key) else first_to_group(record)
            grouped = GroupedBy((name,), ("count", *usual_totals(record)))
        page = GroupsPage(self.query_now, grouped)
        behind = cast(str | None, await self.app.push_screen_wait(page))
        self.grouped_by = page.written
        if behind:
            self.narrow_to(narrowing.add(self.query_now, behind))

    # Views

    def view_now(self, name: str = "") -> View:
        """Everything as it is now, as a view."""
        base = self.view or View(name, shared=False)
        now = base.with_layout(self.query_now, self.arranged()).with_groups(self.grouped_by)
        return replace(now, name=name or base.name)

    def view_part(self) -> str:
        """The name of the opened view, with a sign when something was changed since."""
        if self.view is None:
            return ""
        changed = not self.view_now().same(
            self.view.with_layout(self.view.query, self.view.layout(self.usual()))
        )
        return f"{self.view.name}{'*' if changed else ''}"

    def show_view(self, view: View) -> None:
        """Open a view; what this version does not know of it is said."""
        from cx_tui.domain.filter_values import read_filter

        query = view.asked()
        try:
            if query.where:
                read_filter(query.where, query.record)
        except BadFilter as error:
            self.notify(
                f"The filter of {view.name} is not applied: {error.problems[0].sentence}.", severity="warning"
            )
            query = replace(query, where="")
        if unknown := view.unknown():
            self.notify(f"{view.name} shows columns that do not exist (any more): {', '.join(unknown)}.")
        self.view = view
        self.grouped_by = view.grouped
        layout = view.layout(self.usual())
        self.use_layout(layout)
        now = self.query_now
        self.narrow_to(replace(query, sort=layout.sort, owner_id=now.owner_id, of=now.of))

    @work(group="act", name=OPENS)
    async def action_view(self, key: int) -> None:
        """Open the view that is on a key."""
        try:
            view = await (await self.cx.services()).views.on_key(self.query_now.record, key)
        except CxError as error:
            self.notify(f"It can't be opened: {error}.", severity="error")
            return
        if view is None:
            self.notify(f"No view is on {key}; V keeps this list as a view and puts it on a key.")
            return
        self.show_view(view)

    @work(group="act", name=OPENS)
    async def action_views(self) -> None:
        """Open, keep, share, delete views."""
        from cx_tui.screens.list.views import choose_view

        try:
            await choose_view(self)
        except CxError as error:
            self.notify(f"It was not done: {error}.", severity="error")

    # The same without a screen

    def command(self) -> str:
        """What this list shows, as a command."""
        return list_command(self.query_now, [column.key for column in self.grid.columns])
