"""What every list has: a search box, a grid, its order and columns, and what is said of the row one is on."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from cx_tui.errors import CxError
from cx_tui.screens.copied import send
from cx_tui.screens.list.cells import Number, cells_as_text, number_of, said_of, say_cells
from cx_tui.screens.list.chips import ChipLine, RangeLine
from cx_tui.screens.program import Program
from widgets.function_keys import LOOK
from widgets.grid import Column, Grid, Marks, SortKey, next_sort
from widgets.line import Line, LineText, Part

if TYPE_CHECKING:
    from widgets.column_chooser import Choice, ColumnChooser
    from widgets.grid import Row, RowSource

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

    PLACEHOLDER = "any text of the record"

    grid = getters.query_one(Grid)
    search = getters.query_one(Input)
    table = getters.query_one(".table", Horizontal)
    chooser: "ColumnChooser | None" = None
    read_at: datetime | None = None
    is_awaited = True
    """Whether rows that were asked for are on their way: the first ones, or those of another question."""

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    # What those that are made of it say

    @abstractmethod
    def first_columns(self) -> Sequence[Column]:
        """The columns that are shown at first."""

    @abstractmethod
    def first_sort(self) -> Sequence[SortKey]:
        """The order at first."""

    @abstractmethod
    async def read(self) -> "RowSource":
        """The rows that are asked for."""

    @abstractmethod
    async def number(self, rows: "RowSource") -> int | None:
        """How many of them there are to the last one; None: that is counted later."""

    @abstractmethod
    def narrow(self, text: str) -> None:
        """Ask for what has a text."""

    def why_not(self, text: str) -> str:
        """Why a text narrows nothing, as a sentence; empty when it does."""
        return ""

    @abstractmethod
    def order(self, sort: Sequence[SortKey]) -> None:
        """Ask for another order."""

    @abstractmethod
    def nothing_here(self) -> str:
        """What to do when the list is empty."""

    @abstractmethod
    def detail(self) -> LineText:
        """More of the row under the cursor."""

    def standing(self) -> Sequence[Part]:
        """How many there are, and which, for a title."""
        return [Part(f"{self.grid.total:,}", "dim")] if self.read_at else []

    @abstractmethod
    def choices(self) -> "tuple[Sequence[Choice], Sequence[Column]]":
        """All columns that may be shown, and those that usually are."""

    @abstractmethod
    def keep_columns(self) -> None:
        """The operator changed the columns."""

    def compose(self) -> ComposeResult:
        """The search box, which is there when it is asked for, and the grid."""
        glyphs = self.cx.glyphs
        with Horizontal(classes="search"):
            yield Line(glyphs=glyphs)
            yield self.search_box()
        yield ChipLine(glyphs=glyphs)
        with Horizontal(classes="table"):
            yield Grid(tuple(self.first_columns()), glyphs=glyphs)
        yield RangeLine(glyphs=glyphs)

    def search_box(self) -> Input:
        """The box that one types into what is looked for."""
        return Input(placeholder=self.PLACEHOLDER, compact=True)

    def on_mount(self) -> None:
        """Read the list."""
        self.search.cursor_blink = False
        self.query_one(".search Line", Line).show("/")
        self.grid.sort = list(self.first_sort())
        self.watch(self.grid, "looked_at", self.looked_at, init=False)
        self.find()

    # Reading

    def find(self, *, wait: float = 0.0, keep: bool = False, asked: bool = True) -> None:
        """Show what is asked for; a newer question makes this one void.  What nobody asked for is not waited
        for by keys."""
        self.is_awaited = self.is_awaited or asked
        self._find(wait, keep)

    @work(exclusive=True, group="find")
    async def _find(self, wait: float, keep: bool) -> None:
        if wait:
            await self.cx.pause(wait)
        await self.show_list(keep=keep)

    async def show_list(self, *, keep: bool) -> None:
        """Show what is asked for."""
        try:
            rows = await self.read()
            await self.grid.show(rows, keep=keep)
            if self.grid.source is not rows:
                return
            self.read_at = datetime.now(UTC)
            self.is_awaited = False
            number = await self.number(rows)
            if number is not None:
                self.grid.set_total(number)
        except CxError as error:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
            self.is_awaited = False
            return
        self.show_range()
        if not self.grid.total:
            self.grid.notice(self.nothing_here(), "dim")
        self.post_message(self.Shown())

    def awaits(self, key: str) -> bool:
        """Keys in the grid act on the rows that were asked for, but for the one that steps back."""
        # What has the focus need not have heard of it yet.
        return self.is_awaited and key != "escape" and self.screen.focused is self.grid

    async def again(self) -> None:
        """Read the list again and stay where one is."""
        await self.show_list(keep=True)
        self.post_message(self.Changed())

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
        self.narrow(event.value.strip())

    @on(Input.Submitted)
    def search_done(self, event: Input.Submitted) -> None:
        """Go to the rows; what is wrong is said instead."""
        event.stop()
        if said := self.why_not(self.search.value):
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
        elif self.grid.marks:
            self.grid.marks = Marks.NONE
        else:
            self.post_message(self.Left())

    @on(Grid.SortRequested)
    def sort_requested(self, event: Grid.SortRequested) -> None:
        """Order the list."""
        event.stop()
        self.order(next_sort(self.grid.sort, event.column, event.add))

    # Columns

    @on(Grid.ColumnsChanged)
    def columns_changed(self, event: Grid.ColumnsChanged) -> None:
        """Keep the layout that the operator made with the grid's keys."""
        event.stop()
        self.keep_columns()
        if self.chooser:
            self.chooser.set_shown(event.columns)

    def action_columns(self) -> None:
        """Open the panel of columns at the right, or close it."""
        from widgets.column_chooser import ColumnChooser

        if self.chooser:
            self.on_column_chooser_closed()
            return
        every, usual = self.choices()
        self.chooser = ColumnChooser(every, self.grid.columns, usual, ascii=self.cx.ascii)
        self.table.mount(self.chooser)
        self.chooser.focus()

    def on_column_chooser_changed(self, event: "ColumnChooser.Changed") -> None:
        """Show the chosen columns at once, and keep them."""
        self.grid.set_columns(event.columns)
        self.keep_columns()

    def on_column_chooser_closed(self) -> None:
        """Close the panel."""
        if self.chooser:
            self.chooser.remove()
            self.chooser = None
            self.grid.focus()

    # What the grid tells

    @on(Grid.Failed)
    def failed(self, event: Grid.Failed) -> None:
        """Say what is wrong with the database; what is not its fault is a bug and stays loud."""
        event.stop()
        self.is_awaited = False
        if not isinstance(event.error, CxError):
            raise event.error
        self.grid.notice(f"{event.error}\n\npress r to try again", "bad")

    @on(Grid.Refused)
    def refused(self, event: Grid.Refused) -> None:
        """Say why the grid did not do it."""
        event.stop()
        self.notify(event.text, severity="warning")

    @on(Grid.MarksChanged)
    def marks_changed(self) -> None:
        """Say how many are marked."""
        self.post_message(self.Shown())
        self.show_range()

    @on(Grid.CellsMarked)
    def cells_marked(self, event: Grid.CellsMarked) -> None:
        """Say what the marked cells come to."""
        event.stop()
        self.show_range()

    def show_range(self) -> None:
        """Say the totals of what is marked, where there are any."""
        said = say_cells(self.grid, self.query_one(RangeLine), self.number_in)
        self.run_worker(said, group="range", exclusive=True)

    def number_in(self, row: "Row", column: Column) -> Number | None:
        """The number of a cell; of those that are shown rounded, the whole one."""
        return number_of(row, column)

    # What is done

    def action_refresh(self) -> None:
        """Read the list again, in its order."""
        self.find(keep=True)

    def action_copy_cell(self) -> None:
        """Copy the marked cells, or the cell under the cursor."""
        row, column = self.grid.cursor_row, self.grid.cursor_column
        if self.grid.cells:
            self.copy_cells(titles=False)
        elif row and column:
            text = row.cell(column.key).text.strip()
            self.send(text, f'"{text[:60]}"')

    @work(exclusive=True, group="copy")
    async def copy_cells(self, *, titles: bool) -> None:
        """Copy the marked cells, with tabs between them."""
        if cells := self.grid.cells:
            limit = self.cx.settings.clipboard.limit
            self.send(
                await cells_as_text(self.grid, cells, limit, titles=titles), said_of(cells, titles=titles)
            )

    def send(self, text: str, what: str) -> None:
        """Copy a text, and say what was sent."""
        send(self.app, text, what)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key means something here."""
        return True
