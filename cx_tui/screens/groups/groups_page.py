"""The page of groups: levels to open, totals of all and of what is marked, a pivot, a plot, a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain import narrowing
from cx_tui.domain.filter_values import filter_columns
from cx_tui.domain.filters import LONGEST, Term, Value, parse, written
from cx_tui.domain.filters import Any as AnyOf
from cx_tui.domain.groups import COUNT, CURRENCY, Total
from cx_tui.domain.query import Query
from cx_tui.domain.records import record_named
from cx_tui.domain.rolling import Group, Groups
from cx_tui.domain.view import GroupedBy, columns_of, joined
from cx_tui.errors import CxError
from cx_tui.screens.groups.choosing import ask_having, choose_column, choose_total, having_in_words
from cx_tui.screens.groups.grid import GroupGrid
from cx_tui.screens.groups.sums import apart, sums_line
from cx_tui.screens.groups.table import GroupRow, Table
from cx_tui.screens.header import Header
from cx_tui.screens.list.cells import columns_in, head, totals_in_words
from cx_tui.screens.list.chips import chips
from cx_tui.screens.list.commands import group_command
from cx_tui.screens.page import Page
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.grid import Column, Grid, MarkedCells, RowsAtHand, SortKey
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part

if TYPE_CHECKING:
    from cx_tui.services.lists.grouping import Grouped


class GroupsPage(Page):
    """The groups of the records of a query; it ends with the condition of the rows that are opened."""

    TITLE = "Groups"
    CSS_PATH = "groups.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="groups.back", tooltip="Back to the list."),
        Binding("tab", "open_level", "open", id="groups.open",
                tooltip="Show or hide the groups within this one."),
        Binding("b", "add_level", "by …", id="groups.by",
                tooltip="Group by one more column within these groups."),
        Binding("B", "drop_level", "fewer", show=False, id="groups.fewer",
                tooltip="Remove the last column that it is grouped by."),
        Binding("t", "totals", "totals", id="groups.totals",
                tooltip="Add or remove a total: sum, average, least, most, different, ratio."),
        Binding("f", "having", "which", id="groups.having",
                tooltip="Show only groups with such totals: more than 100 records, a sum below 0."),
        Binding("p", "pivot", "pivot", id="groups.pivot",
                tooltip="Lay the values of one column side by side, or stop doing so."),
        Binding("n", "next_total", "next total", show=False, id="groups.next",
                tooltip="In a pivot: show the next total in the cells."),
        Binding("P", "plot", "plot", id="groups.plot", tooltip="Plot what is in the table."),
        Binding(f"r,{LOOK}", "refresh", "refresh", show=False, id="groups.refresh", tooltip="Ask again."),
    ]  # fmt: skip

    def __init__(self, query: Query, grouped: GroupedBy) -> None:
        super().__init__()
        self.query_now = query
        self.written = grouped
        self._every: Groups | None = None
        self._found: Groups | None = None
        """Of every group those that are shown."""
        self._table = Table((), (Total(COUNT),))
        self._grouped: Grouped | None = None

    def compose(self) -> ComposeResult:
        """The header, what narrows it, the groups, the totals, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield Line(glyphs=glyphs, id="narrowed")
        yield GroupGrid((Column("nothing", ""),), glyphs=glyphs)
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Ask."""
        self.grid.focus()
        self.watch(self.grid, "looked_at", self.show_totals, init=False)
        self.say()
        self.find()

    # Asking

    @work(exclusive=True, group="find")
    async def find(self, *, keep: bool = False) -> None:
        """Ask for the groups and show them; what was asked before is only laid out anew."""
        from cx_tui.services.lists.grouping import grouping_of

        by, totals, pivot, having = self.written
        try:
            grouping = grouping_of(self.query_now.record, ",".join(by), ",".join(totals), pivot, having)
            if self._grouped is None:
                self._grouped = (await self.cx.services()).grouped(self.query_now)
            self._every = await self._grouped.ask(grouping, levels=True)
            self._found = grouping.only(self._every)
        except CxError as error:
            self.explain(error)
            self.say()
            return
        old = self._table
        self._table = Table(
            grouping.by, grouping.totals, grouping.pivot, old.sort, old.total_shown, old.opened, self.cx.ascii
        )
        await self.lay_out(keep=keep)

    async def lay_out(self, *, keep: bool = True) -> None:
        """Show the groups as they are laid out now."""
        from datetime import UTC, datetime

        if self._found is None:
            return
        columns = self._table.columns(self._found)
        if [column.key for column in columns] != [column.key for column in self.grid.columns.shown]:
            self.grid.columns.show(columns)
        rows = self._table.rows(self._found)
        await self.grid.show(RowsAtHand(rows), keep=keep)
        self.read_at = datetime.now(UTC)
        if not rows and self._every and self._every.groups:
            self.grid.notice("No group meets this condition.\n\nf changes that   esc goes back", "dim")
        elif not rows:
            self.grid.notice("There are no records to be grouped.\n\nesc goes back", "dim")
        self.say()
        self.show_totals()

    def say(self) -> None:
        """Say what is grouped, by what."""
        by, _, pivot, having = self.written
        record = record_named(self.query_now.record).declared
        known = columns_of(record.name)
        labels = [known[name].title if name in known else name for name in by]
        parts = [Part(record.many, "strong"), Part(f"by {' / '.join(labels)}", "accent")]
        if pivot:
            total = self._table.shown_total.title
            parts.append(
                Part(
                    f"{total}, across {known[pivot].title if pivot in known else pivot}", "accent", keep=True
                )
            )
        if self._found:
            number = sum(group.parts[COUNT, ""] for group in self._found.whole())
            parts.append(Part(record.so_many(number), "dim"))
        self.show_head(*parts)
        only = [Part(having_in_words(self.query_now.record, having), "accent")] if having else []
        self.query_one("#narrowed", Line).show(*chips(self.query_now, ascii=self.cx.ascii), *only)

    @on(Grid.CellsMarked)
    def cells_marked(self, event: Grid.CellsMarked) -> None:
        """Say what the marked cells come to, where all totals are said."""
        event.stop()
        self.show_totals()

    def _of_cells(self, cells: MarkedCells) -> LineText:
        """What marked cells come to: groups are added up from what they are made of, values side by side as
        they stand there."""
        rows = self._table.rows(self._found)[cells.start : cells.stop] if self._found else []
        if self._found is None or self._table.pivot:
            return LineText([head(cells), *totals_in_words(columns_in(self.grid, cells), rows)])
        totals = [total for total in self._table.totals if total.name in cells.columns]
        groups = apart([row.group for row in rows if row.group])
        return sums_line(head(cells).text, self._found, groups, totals)

    @on(Grid.MarksChanged)
    def show_totals(self) -> None:
        """Say the totals of everything; of marked groups or cells, where some are marked; of those that are
        shown, where not all are."""
        if self._found is None or self._every is None:
            return
        marks = self.grid.marks.rows
        rows = self._table.rows(self._found)
        marked = apart([row.group for row in rows if row.key in marks and row.group])
        totals = self._table.totals
        lines = [sums_line("all", self._every, self._every.whole(), totals, tone="dim")]
        if self._found is not self._every:
            shown, every = self._found.rolled(self.written.by), self._every.rolled(self.written.by)
            title = f"{len(shown.groups):,} of {len(every.groups):,} groups"
            lines.insert(0, sums_line(title, self._found, self._found.whole(), totals))
        if marked:
            lines.insert(0, sums_line(f"{len(marked)} marked", self._found, marked, totals))
        if cells := self.grid.cells.block:
            lines.insert(0, self._of_cells(cells))
        self.query_one("#detail", Line).show_lines(lines[:2])

    # Acting

    @on(Grid.SortRequested)
    async def sort_requested(self, event: Grid.SortRequested) -> None:
        """Order the groups by a column; again, the other way round."""
        before = self._table.sort
        falls = (
            not before[1]
            if before and before[0] == event.column
            else event.column not in ("group", "currency")
        )
        self._table.sort = (event.column, falls)
        self.grid.columns.sort = [SortKey(event.column, falls)]
        await self.lay_out()

    @on(Grid.Chosen)
    def open_rows(self, event: Grid.Chosen) -> None:
        """Show the rows behind this group, or behind all marked ones."""
        row = event.row
        if not isinstance(row, GroupRow) or row.group is None or self._found is None:
            return
        marked = [
            one.group
            for one in self._table.rows(self._found)
            if one.key in self.grid.marks.rows and one.group
        ]
        either = [self._condition(group) for group in marked or [row.group]]
        whole = either[0] if len(either) == 1 else written(AnyOf(tuple(map(parse, dict.fromkeys(either)))))
        if len(whole) > LONGEST:
            self.notify("That is too many groups for a filter; open fewer of them.", severity="warning")
            return
        self.dismiss(whole)  # type: ignore[arg-type]  # the page of groups ends with a text

    def _condition(self, group: Group) -> str:
        """What the rows behind a group have in common."""
        pairs = zip(self._table.by, group.key, strict=False)
        conditions = [narrowing.of_cell(column, value) for column, value in pairs]
        known = filter_columns(self.query_now.record)
        if group.currency and CURRENCY in known and CURRENCY not in self.written[0]:
            conditions.append(written(Term(CURRENCY, ":", (Value(group.currency),))))
        return joined(conditions)

    async def action_open_level(self) -> None:
        """Show or hide the groups within this one."""
        row = self.grid.cursor.row
        if not isinstance(row, GroupRow) or row.group is None or row.depth + 1 >= len(self._table.by):
            self.notify("There is no level below this one; b groups by one more column.")
            return
        key = (row.group.currency, *row.group.key)
        self._table.opened ^= {key}
        await self.lay_out()

    @work(group="act", name=OPENS)
    async def action_add_level(self) -> None:
        """Group by one more column."""
        by = self.written.by
        without = (*by, self.written.pivot)
        chosen = await choose_column(self, self.query_now.record, "Group also by", without=without)
        if chosen:
            self._ask(self.written._replace(by=(*by, chosen)))

    def action_drop_level(self) -> None:
        """Group by one column fewer."""
        by = self.written.by
        if len(by) > 1:
            self._ask(self.written._replace(by=by[:-1]))

    @work(group="act", name=OPENS)
    async def action_totals(self) -> None:
        """Add or take away a total."""
        totals = self.written.totals
        chosen = await choose_total(self, self.query_now.record, totals)
        if chosen is None:
            return
        now = tuple(one for one in totals if one != chosen) if chosen in totals else (*totals, chosen)
        self._ask(self.written._replace(totals=now or (COUNT,)))

    @work(group="act", name=OPENS)
    async def action_having(self) -> None:
        """Show only groups whose totals are so."""
        said = await ask_having(self, self.query_now.record, self.written)
        if said is not None:
            self._ask(self.written._replace(having=said))

    @work(group="act", name=OPENS)
    async def action_pivot(self) -> None:
        """Lay the values of a column side by side, or no more."""
        if self.written.pivot:
            self._ask(self.written._replace(pivot=""))
            return
        without, title = self.written.by, "Side by side: the values of"
        chosen = await choose_column(self, self.query_now.record, title, without=without)
        if chosen:
            self._ask(self.written._replace(pivot=chosen))

    def _ask(self, grouped: GroupedBy) -> None:
        self.written = grouped
        self._table.sort = None
        self.grid.columns.sort = []
        self.find()

    async def action_next_total(self) -> None:
        """Show the next total in the cells of a pivot."""
        self._table.total_shown += 1
        await self.lay_out()

    @work(group="act", name=OPENS)
    async def action_plot(self) -> None:
        """Plot the column under the cursor, over the groups."""
        from cx_tui.screens.groups.plot import PlotPage, points_of

        column = self.grid.cursor.column
        if self._found is None:
            return
        title, series = points_of(self._table, self._found, column.key if column else "")
        await self.app.push_screen_wait(PlotPage(title, series, self.command()))

    def action_refresh(self) -> None:
        """Ask again."""
        self._grouped = None
        self.find(keep=True)

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)

    def command(self) -> str:
        """What is shown, as a command."""
        return group_command(self.query_now, self.written)
