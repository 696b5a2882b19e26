"""What every list has: a search box, a grid, its order and columns, and what is said of the row one is on."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from cx_tui.screens.list.cells import CellTotals, ShowsTotals
from cx_tui.screens.list.chips import ChipLine, RangeLine
from cx_tui.screens.list.column_panel import ColumnPanel, HasColumns
from cx_tui.screens.list.contents import ListContents
from cx_tui.screens.list.finding import Finding
from cx_tui.screens.program import Program
from widgets.duties import has_duties
from widgets.function_keys import LOOK
from widgets.grid import Grid, Marks, next_sort
from widgets.line import Line

if TYPE_CHECKING:
    from widgets.column_chooser import ColumnChooser

KEYS: dict[str, Binding] = {
    key.id or "": key
    for key in (
        Binding("slash", "search", "search", id="list.search", tooltip="Find records while typing."),
        Binding("c", "columns", "columns", show=False, id="list.columns",
                tooltip="Choose and arrange the columns."),
        Binding("y", "copy_cell", "copy", show=False, id="list.copy_cell",
                tooltip="Copy this cell, or the marked cells."),
        Binding("Y", "copy_rows", "copy rows", show=False, id="list.copy_rows",
                tooltip="Copy the marked cells or rows with their titles, or this row."),
        Binding(f"r,{LOOK}", "refresh", "refresh", show=False, id="list.refresh",
                tooltip="Read the list again."),
        Binding("escape", "step_back", "back", id="list.back",
                tooltip="Leave the search box, then clear the search, then the marks."),
    )
}  # fmt: skip
"""The keys of every list by their ids: each list has them among its own."""


@has_duties
class BaseList(Vertical):
    """A list with its search box and its grid; what it lists is said by those that are made of it."""

    BINDING_GROUP_TITLE = "The list"

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS.values()]

    DEFAULT_CSS = """
    BaseList {
        & .search { height: 1; padding: 0 1; display: none; }
        & .search.-open { display: block; }
        & .search Line { width: 2; color: $text-muted; }
        & .search Input { width: 1fr; max-width: 44; background: $background; padding: 0; }
        & .search Input:focus { background: $surface; }
        & .table { height: 1fr; }
        & .table > Grid { width: 1fr; }
    }
    """

    class Shown(Message):
        """The list was read: how many there are may be another number now."""

    class Changed(Message):
        """Records were made, changed or deleted from this list."""

    class Left(Message):
        """There is nothing to step back from any more."""

    grid = getters.query_one(Grid)
    search = getters.query_one(Input)
    table = getters.query_one(".table", Horizontal)
    read_at: datetime | None = None

    contents: ListContents
    columns: ColumnPanel

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.finding = Finding(self)
        self.totals: ShowsTotals = CellTotals(self)

    def made_of(self, contents: ListContents, columns: HasColumns, *duties: object) -> None:
        """Show these contents, know these columns, and do what these can."""
        self.contents = contents
        self.columns = ColumnPanel(self, columns)
        self.duties = (self.finding, self.columns, *duties)

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def compose(self) -> ComposeResult:
        """The search box, which is there when it is asked for, and the grid."""
        glyphs = self.cx.glyphs
        with Horizontal(classes="search"):
            yield Line(glyphs=glyphs)
            yield self.contents.search_box()
        yield ChipLine(glyphs=glyphs)
        with Horizontal(classes="table"):
            yield Grid(tuple(self.contents.first_columns()), glyphs=glyphs)
        yield RangeLine(glyphs=glyphs)

    def on_mount(self) -> None:
        """Read the list."""
        self.search.cursor_blink = False
        self.query_one(".search Line", Line).show("/")
        self.grid.columns.sort = list(self.contents.first_sort())
        self.watch(self.grid, "looked_at", self.looked_at, init=False)
        self.finding.find()

    def awaits(self, key: str) -> bool:
        """Keys in the grid act on the rows that were asked for, but for the one that steps back."""
        # What has the focus need not have heard of it yet.
        return self.finding.is_awaited and key != "escape" and self.screen.focused is self.grid

    def looked_at(self) -> None:
        """The cursor is on another cell."""
        self.post_message(self.Shown())

    # Searching and ordering

    def action_search(self) -> None:
        """Go to the search box."""
        self.query_one(".search").add_class("-open")
        self.search.focus()

    @on(Input.Changed)
    def search_changed(self, event: Input.Changed) -> None:
        """Find while the operator types."""
        event.stop()
        self.contents.narrow(event.value.strip())

    @on(Input.Submitted)
    def search_done(self, event: Input.Submitted) -> None:
        """Go to the rows; what is wrong is said instead."""
        event.stop()
        if said := self.contents.why_not(self.search.value):
            self.notify(said, severity="warning", timeout=10)
            return
        self.grid.focus()

    def action_step_back(self) -> None:
        """One step back: out of the search box, then the search, the marks, and then the page."""
        if self.search.has_focus:
            self.grid.focus()
        elif self.search.value:
            self.search.value = ""
            self.query_one(".search").remove_class("-open")
        elif self.grid.marks.rows:
            self.grid.marks.rows = Marks.NONE
        else:
            self.post_message(self.Left())

    @on(Grid.SortRequested)
    def sort_requested(self, event: Grid.SortRequested) -> None:
        """Order the list."""
        event.stop()
        self.contents.order(next_sort(self.grid.columns.sort, event.column, event.add))

    # Columns

    @on(Grid.ColumnsChanged)
    def columns_changed(self, event: Grid.ColumnsChanged) -> None:
        """Keep the layout that the operator made with the grid's keys."""
        event.stop()
        self.columns.changed(event.columns)

    def on_column_chooser_changed(self, event: "ColumnChooser.Changed") -> None:
        """Show the chosen columns at once, and keep them."""
        self.columns.chosen(event.columns)

    def on_column_chooser_closed(self) -> None:
        """Close the panel."""
        self.columns.close()

    def make_room(self) -> None:
        """A panel is about to be opened: here is room for two."""

    # What the grid tells

    @on(Grid.Failed)
    def failed(self, event: Grid.Failed) -> None:
        """Say what is wrong with the database; what is not its fault is a bug and stays loud."""
        event.stop()
        self.finding.fails(event.error)

    @on(Grid.Refused)
    def refused(self, event: Grid.Refused) -> None:
        """Say why the grid did not do it."""
        event.stop()
        self.notify(event.text, severity="warning")

    @on(Grid.MarksChanged)
    def marks_changed(self) -> None:
        """Say how many are marked."""
        self.post_message(self.Shown())
        self.totals.show()

    @on(Grid.CellsMarked)
    def cells_marked(self, event: Grid.CellsMarked) -> None:
        """Say what the marked cells come to."""
        event.stop()
        self.totals.show()
