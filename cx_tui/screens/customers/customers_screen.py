"""The main screen: finds, shows, marks and watches customers."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from cx_tui.domain.query import Sort, StatusFilter
from cx_tui.errors import CxError
from cx_tui.screens.customers.acts import ActingScreen
from cx_tui.screens.customers.lines import Standing
from cx_tui.screens.customers.source import CustomerRow, RowsOfLastRun
from cx_tui.screens.list.chips import ChipLine, RangeLine
from cx_tui.screens.list.filter_input import FilterInput
from cx_tui.screens.list.narrowed import NARROWING_KEYS
from cx_tui.screens.list.typed import so_far, why_not
from cx_tui.screens.present import grid_columns
from cx_tui.services.workspace import LastRows
from widgets.grid import Grid, Marks, SortKey, next_sort
from widgets.key_line import KeyLine
from widgets.line import Line

if TYPE_CHECKING:
    from cx_tui.screens.list.filter_panel import FilterPanel


class CustomersScreen(ActingScreen):
    """The list of customers."""

    TITLE = "Customers"
    AUTO_FOCUS = "#customers"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # as Textual declares it
        (0, "-usual"), (160, "-wide"), (190, "-widest"),
    ]  # fmt: skip

    _asked_for: Marks | None = None
    """The marks that esc would take away when it is pressed once more."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search", id="customers.search", tooltip="Find customers while typing."),
        Binding("plus,insert", "new", "new", id="customers.new", tooltip="Make a new customer."),
        Binding("e", "edit", "edit", id="customers.bulk_edit",
                tooltip="Change fields of the marked customers at once, or of this one in its form."),
        Binding("x,delete", "delete", "delete", show=False, id="customers.delete",
                tooltip="Delete the marked customers, or this one; asks first, and can be undone."),
        Binding("z", "log", "log", id="customers.log", tooltip="Show what was done to this customer."),
        Binding("Z", "log_of_all", "log of all", show=False, id="customers.log_of_all",
                tooltip="Show everything that was done, by whom and when; undo it."),
        Binding("b", "board", "board", show=False, id="customers.board",
                tooltip="Show the changes that wait for their time."),
        Binding("s", "send", "send", id="customers.send",
                tooltip="Send e-mail or SMS to the contacts of the marked customers, or of this one."),
        Binding("m", "outbox", "outbox", show=False, id="customers.outbox",
                tooltip="Show what was sent, how far it is, and what went wrong."),
        Binding("u", "upload", "upload", id="customers.upload",
                tooltip="Create and update customers from a CSV or XLSX file."),
        Binding("E", "export", "export", show=False, id="customers.export",
                tooltip="Write the marked customers, or the list, into a file."),
        Binding("n", "contacts", "contacts", show=False, id="customers.contacts",
                tooltip="Show the contacts of this customer."),
        Binding("i", "open_record", "sheet", show=False, id="customers.sheet",
                tooltip="Show every field of this customer on one sheet."),
        Binding("t", "status_filter", "status", id="customers.status", tooltip="Show one status only."),
        Binding("c", "columns", "columns", id="customers.columns", tooltip="Choose and arrange the columns."),
        Binding(
            "r,f5", "refresh", "refresh", id="customers.refresh", tooltip="Read the list again, in its order."
        ),
        *NARROWING_KEYS,
        Binding("Q", "sql", "SQL", show=False, id="customers.sql",
                tooltip="Ask the database in SQL, which only reads."),
        Binding("y", "copy_cell", "copy", id="customers.copy_cell",
                tooltip="Copy this cell, or the marked cells."),
        Binding(
            "Y", "copy_rows", "copy rows", show=False, id="customers.copy_rows",
            tooltip="Copy the marked cells or rows with their titles, or this row.",
        ),
        Binding("W", "why", "why no calls", show=False, id="customers.why",
                tooltip="Show why the marked customers, or this one, can't call: every gate in order."),
        Binding("w", "warnings", "warnings", show=False, id="customers.warnings",
                tooltip="Show the warnings of this customer in words."),
        Binding("p", "pause", "pause", show=False, id="customers.pause",
                tooltip="Stop automatic refreshing, or go on with it."),
        Binding("ctrl+o", "jump", "jump", show=False, id="customers.jump",
                tooltip="Go to a part of the screen or a column by one letter."),
        Binding("escape", "step_back", "back", show=False, id="customers.back",
                tooltip="Leave the search box, clear the search, the status, and pressed twice the marks."),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """The header, the search bar, the grid, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Line(glyphs=glyphs, id="header")
        with Horizontal(id="bar"):
            yield Line(glyphs=glyphs, id="slash")
            yield FilterInput("customer", placeholder="name, contact, phone, tag, external id", id="search")
            yield Line(glyphs=glyphs, id="chips")
        yield ChipLine(glyphs=glyphs, id="conditions")
        with Horizontal(id="table"):
            yield Grid(grid_columns(self.arrangement), glyphs=glyphs, id="customers")
            yield Line(glyphs=glyphs, id="side")
        yield RangeLine(glyphs=glyphs, id="range")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    async def on_mount(self) -> None:
        """Show what was seen last, then get the live rows."""
        self.search.cursor_blink = False  # it would cost bytes for ever
        self.query_one("#slash", Line).show("/")
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.sort = [SortKey(sort.column, sort.descending) for sort in self.query_now.sort]
        last = self.workspace.last_rows() if self.cx.settings.start.last_rows else None
        if last:
            self.counts = {status: last.counts.get(status.value, 0) for status in StatusFilter}
            await self.grid.show(RowsOfLastRun(last), keep=False)
            self._stand_in(last)
        else:
            self.grid.notice("Opening the database …")
            self.show_lines()
        self.find()
        if self.cx.settings.refresh.seconds:
            self._ticking = self.set_interval(self.cx.settings.refresh.seconds, self.tick)

    # Searching, sorting, filtering

    def action_search(self) -> None:
        """Go to the search box."""
        self.search.focus()

    @on(Input.Changed, "#search")
    def search_changed(self, event: Input.Changed) -> None:
        """Find while the operator types."""
        self.ask(so_far(self.query_now, event.value, self.grid.marks), wait=self.cx.settings.search.wait)
        self.typed_so_far(event.value)

    @on(FilterInput.Offered)
    def offered_anew(self) -> None:
        """Say what narrows the list, or what could be typed."""
        self.show_chips()

    @on(ChipLine.Clicked)
    def chip(self, event: ChipLine.Clicked) -> None:
        """Do what was clicked."""
        self.chip_clicked(event)

    def on_filter_panel_changed(self, event: "FilterPanel.Changed") -> None:
        """Narrow the list as the panel says."""
        self.narrow_to(event.query)

    def on_filter_panel_closed(self) -> None:
        """Close the panel."""
        self.close_panel()

    @on(Input.Submitted, "#search")
    def search_done(self) -> None:
        """Go to the rows, without waiting for a pause in typing; what is wrong is said instead."""
        if said := why_not(self.query_now, self.search.value, self.grid.marks):
            self.notify(said, severity="warning", timeout=10)
            return
        self.grid.focus()
        if self.shown != self.query_now:
            self.find()

    def action_step_back(self) -> None:
        """One step back: out of the search box, then the search, the status, the marks are cleared."""
        if self.focused is not self.grid:
            self.grid.focus()
        elif self.search.value:
            self.search.value = ""
        elif self.query_now.off:
            self.narrow_to(replace(self.query_now, off=()))
        elif self.query_now.status is not StatusFilter.ALL:
            self.ask(replace(self.query_now, status=StatusFilter.ALL))
        elif self.grid.marks == self._asked_for:
            self.grid.action_clear_marks()
            self._asked_for = None
            self.notify(f"The marks are gone; {self._key_of('grid.marks_back')} brings them back.")
        elif self.grid.marks:
            self._asked_for = self.grid.marks
            number = self.marked_now
            said = "All" if number is None else f"{number:,}"
            self.notify(f"{said} stay marked; esc once more takes the marks away.")

    def _key_of(self, binding: str) -> str:
        """The key that an act has now."""
        bound = (active.binding for active in self.active_bindings.values())
        return next((self.app.get_key_display(each) for each in bound if each.id == binding), "")

    @on(Grid.SortRequested)
    def sort_requested(self, event: Grid.SortRequested) -> None:
        """Order the list."""
        sort = next_sort(self.grid.sort, event.column, event.add)
        self.grid.sort = sort
        self.arrangement = replace(
            self.arrangement, sort=tuple(Sort(key.column, key.descending) for key in sort)
        )
        self.workspace.keep_layout(self.arrangement)
        self.ask(replace(self.query_now, sort=self.arrangement.sort))

    # What the grid tells

    @on(Grid.MarksChanged)
    def marks_changed(self) -> None:
        """Say how many are marked."""
        self.show_lines()
        self.show_range()

    @on(Grid.CellsMarked)
    def cells_marked(self, event: Grid.CellsMarked) -> None:
        """Say what the marked cells come to."""
        event.stop()
        self.show_range()

    @on(Grid.ColumnsChanged)
    def columns_changed(self, event: Grid.ColumnsChanged) -> None:
        """Keep the layout that the operator made with the grid's keys."""
        self.keep_columns()
        if self.chooser:
            self.chooser.set_shown(event.columns)

    @on(Grid.Hidden)
    def column_hidden(self, event: Grid.Hidden) -> None:
        """Say it, and how it comes back."""
        self.notify(f"{event.column.title} is hidden; {self._key_of('customers.columns')} brings it back.")

    @on(Grid.Refused)
    def refused(self, event: Grid.Refused) -> None:
        """Say why the grid did not do it."""
        self.notify(event.text, severity="warning")

    @on(Grid.Failed)
    def failed(self, event: Grid.Failed) -> None:
        """Say what is wrong with the database; what is not its fault is a bug and stays loud."""
        if not isinstance(event.error, CxError):
            raise event.error
        self.explain(event.error)

    def keep(self) -> None:
        """Keep the rows that are on the screen, and the screen, to be shown at the next start."""
        if not self.cx.settings.start.last_rows:
            self.workspace.forget_last_rows()
            return
        rows = [row for row in self.grid.visible_rows if isinstance(row, CustomerRow) and row.values]
        if rows:
            texts = [(row.key, {name: row.cell(name).text for name in row.cells}) for row in rows]
            counts = {status.value: count for status, count in self.counts.items()}
            last = LastRows(datetime.now(UTC), self.grid.total, counts, texts)
            self.workspace.keep_last_rows(last)
            self._stand_in(last)
            self.cx.keep_screen(self)

    def _stand_in(self, last: LastRows) -> None:
        """Say that these are not the live rows."""
        self.standing = Standing("as of", last.seen_at)
        self.grid.stale = True
        self.show_lines()
