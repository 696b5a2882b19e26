"""A list of records of one kind: to find, order, mark, open, add, change and delete them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from cx_tui.domain.columns import record_columns
from cx_tui.domain.query import Query, Sort
from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from cx_tui.screens.list.acts import RecordActs
from cx_tui.screens.list.rows import RecordRow, RecordRows, grid_column, grid_columns, shown_text
from cx_tui.screens.list.scope import Scope
from cx_tui.screens.list.typed import so_far, why_not
from cx_tui.screens.present import shown_columns, spaced
from cx_tui.screens.program import Program
from widgets.grid import Grid, Marks, SortKey, next_sort
from widgets.line import Line, LineText, Part

if TYPE_CHECKING:
    from cx_tui.services.lists.listing import Listing
    from widgets.column_chooser import ColumnChooser


class RecordList(Vertical):
    """A list with its search box, its grid and the line that says more of the row under the cursor."""

    BINDING_GROUP_TITLE = "The list"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,insert", "new", "new", id="list.new", tooltip="Add a record."),
        Binding("slash", "search", "search", id="list.search", tooltip="Find records while typing."),
        Binding("e", "edit_marked", "edit", id="list.edit",
                tooltip="Change fields of the marked records at once."),
        Binding("x,delete", "delete", "delete", id="list.delete",
                tooltip="Delete the marked records, or this one; asks first, and can be undone."),
        Binding("J", "lower", "lower", show=False, id="list.lower",
                tooltip="Move this record down, where their order counts."),
        Binding("K", "raise", "raise", show=False, id="list.raise",
                tooltip="Move this record up, where their order counts."),
        Binding("u", "upload", "upload", show=False, id="list.upload",
                tooltip="Make and change records from a file."),
        Binding("E", "export", "export", show=False, id="list.export",
                tooltip="Write the marked records, or the list, into a file."),
        Binding("c", "columns", "columns", show=False, id="list.columns",
                tooltip="Choose and arrange the columns."),
        Binding("y", "copy_cell", "copy", show=False, id="list.copy_cell", tooltip="Copy this cell."),
        Binding("Y", "copy_rows", "copy rows", show=False, id="list.copy_rows",
                tooltip="Copy the marked rows with their titles, or this row."),
        Binding("r,f5", "refresh", "refresh", show=False, id="list.refresh", tooltip="Read the list again."),
        Binding("escape", "step_back", "back", show=False, id="list.back",
                tooltip="Leave the search box, then clear the search, then the marks."),
    ]  # fmt: skip

    DEFAULT_CSS = """
    RecordList {
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

    grid = getters.query_one(Grid)
    search = getters.query_one(Input)
    table = getters.query_one(".table", Horizontal)
    chooser: "ColumnChooser | None" = None

    def __init__(self, scope: Scope, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scope = scope
        self.declared = scope.record.declared
        self.layout_now = self.cx.workspace.record_layout(self.declared.name, owned=scope.owned)
        self.query_now: Query = replace(scope.query(), sort=self.layout_now.sort)
        self.listing: Listing | None = None
        self.read_at: datetime | None = None
        self.acts = RecordActs(self)

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def compose(self) -> ComposeResult:
        """The search box, which is there when it is asked for, and the grid."""
        glyphs = self.cx.glyphs
        with Horizontal(classes="search"):
            yield Line(glyphs=glyphs)
            yield Input(placeholder="any text of the record", compact=True)
        with Horizontal(classes="table"):
            yield Grid(grid_columns(self.declared.name, self.layout_now), glyphs=glyphs)

    def on_mount(self) -> None:
        """Read the list."""
        self.search.cursor_blink = False
        self.query_one(".search Line", Line).show("/")
        self.grid.sort = [SortKey(sort.column, sort.descending) for sort in self.query_now.sort]
        self.watch(self.grid, "looked_at", self._looked_at, init=False)
        self.find()

    # Reading

    @work(exclusive=True, group="find")
    async def find(self, *, wait: float = 0.0, keep: bool = False) -> None:
        """Show what the query asks for; a newer question makes this one void."""
        if wait:
            await self.cx.pause(wait)
        await self.show_list(keep=keep)

    async def show_list(self, *, keep: bool) -> None:
        """Show the list that the query asks for."""
        try:
            listing = (await self.cx.services()).list_of(self.query_now)
            rows = RecordRows(
                self.declared.name, listing, lambda: [column.key for column in self.grid.columns]
            )
            await self.grid.show(rows, keep=keep)
            if self.grid.source is not rows:
                return
            self.listing, self.read_at = listing, datetime.now(UTC)
            self.grid.set_total(await listing.exact_count())
        except CxError as error:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
            return
        if not self.grid.total:
            self.grid.notice(self.nothing_here(), "dim")
        self.post_message(self.Shown())

    def ask(self, query: Query, *, wait: float = 0.0) -> None:
        """Ask another question; the old rows stay until the answer is there."""
        before, self.query_now = self.query_now, query
        if query == before:
            return
        if self.grid.marks.all_but and query.which != before.which:
            self.grid.marks = Marks.NONE
            self.notify("All rows of the list were marked; it is another list now, so the marks are gone.")
        self.find(wait=wait)

    def nothing_here(self) -> str:
        """What to do when the list is empty."""
        if typed := self.query_now.typed:
            return f'No {self.declared.one} has "{typed}".\n\nesc clears the search'
        return f"There are no {self.declared.several} here yet." + (
            "\n\n+ adds one" if self.declared.by_hand else ""
        )

    async def again(self) -> None:
        """Read the list again and stay where one is."""
        await self.show_list(keep=True)
        self.post_message(self.Changed())

    # What it shows

    @property
    def row(self) -> RecordRow | None:
        """The row under the cursor."""
        row = self.grid.cursor_row
        return row if isinstance(row, RecordRow) else None

    def selection(self) -> Selection | None:
        """The marked records, or the one under the cursor."""
        marks, row = self.grid.marks, self.row
        if marks:
            return Selection(frozenset(marks.keys), marks.all_but, self.query_now.which)
        return Selection(frozenset({row.key}), query=self.query_now.which) if row else None

    def detail(self) -> LineText:
        """More of the row under the cursor: the whole value of the cell, and what its column means."""
        row, column = self.row, self.grid.cursor_column
        if row is None or row.values is None or column is None or column.key not in row.values:
            return LineText()
        text = shown_text(record_columns(self.declared.name)[column.key], row.values[column.key])
        return LineText(
            spaced(
                [
                    Part(f"#{row.key}", "dim"),
                    Part(f"{column.title}: {text or 'empty'}", "" if text else "dim"),
                ]
            ),
            [Part(column.help, "dim")],
        )

    def _looked_at(self) -> None:
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
        self.ask(so_far(self.query_now, event.value), wait=self.cx.settings.search.wait)

    @on(Input.Submitted)
    def search_done(self, event: Input.Submitted) -> None:
        """Go to the rows; what is wrong is said instead."""
        event.stop()
        if said := why_not(self.query_now, self.search.value):
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

    class Left(Message):
        """There is nothing to step back from any more."""

    @on(Grid.SortRequested)
    def sort_requested(self, event: Grid.SortRequested) -> None:
        """Order the list."""
        event.stop()
        sort = next_sort(self.grid.sort, event.column, event.add)
        self.grid.sort = sort
        self._keep(replace(self.layout_now, sort=tuple(Sort(key.column, key.descending) for key in sort)))
        self.ask(replace(self.query_now, sort=self.layout_now.sort))

    @on(Grid.ColumnsChanged)
    def columns_changed(self, event: Grid.ColumnsChanged) -> None:
        """Keep the layout that the operator made with the grid's keys."""
        event.stop()
        self._keep_columns()
        if self.chooser:
            self.chooser.set_shown(event.columns)

    def _keep_columns(self) -> None:
        self._keep(replace(self.layout_now, columns=shown_columns(self.grid.columns)))
        row = self.grid.cursor_row
        if row and any(column.key not in row.cells for column in self.grid.columns):
            self.find(keep=True)

    def _keep(self, layout: Any) -> None:
        self.layout_now = layout
        self.cx.workspace.keep_record_layout(self.declared.name, layout, owned=self.scope.owned)

    def action_columns(self) -> None:
        """Open the panel of columns at the right, or close it."""
        from cx_tui.domain.layout import usual_record_layout
        from widgets.column_chooser import Choice, ColumnChooser

        if self.chooser:
            self.on_column_chooser_closed()
            return
        name = self.declared.name
        choices = [Choice(grid_column(column), column.group) for column in record_columns(name).values()]
        usual = grid_columns(name, usual_record_layout(name, owned=self.scope.owned))
        self.chooser = ColumnChooser(choices, self.grid.columns, usual, ascii=self.cx.ascii)
        self.table.mount(self.chooser)
        self.chooser.focus()

    def on_column_chooser_changed(self, event: "ColumnChooser.Changed") -> None:
        """Show the chosen columns at once, and keep them."""
        self.grid.set_columns(event.columns)
        self._keep_columns()

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

    # What is done

    def action_refresh(self) -> None:
        """Read the list again, in its order."""
        self.find(keep=True)

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Open the record under the cursor."""
        event.stop()
        self.acts.open(event.row.key)

    def action_new(self) -> None:
        """Add a record."""
        self.acts.add()

    def action_edit_marked(self) -> None:
        """Change fields of the marked records at once."""
        self.acts.edit_marked()

    def action_delete(self) -> None:
        """Delete the marked records, or the one under the cursor."""
        self.acts.delete()

    def action_lower(self) -> None:
        """Move the record under the cursor down."""
        self.acts.move(1)

    def action_raise(self) -> None:
        """Move the record under the cursor up."""
        self.acts.move(-1)

    def action_export(self) -> None:
        """Write the marked records, or the list, into a file."""
        self.acts.export()

    def action_upload(self) -> None:
        """Make and change records from a file."""
        self.acts.upload()

    def action_copy_cell(self) -> None:
        """Copy the cell under the cursor."""
        self.acts.copy_cell()

    def action_copy_rows(self) -> None:
        """Copy the marked rows, or the row under the cursor."""
        self.acts.copy_rows()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that have no meaning for this kind of record are not there."""
        match action:
            case "new":
                return self.declared.by_hand
            case "edit_marked":
                # Of nothing that is marked, the key is the page's: on a card it edits the customer.
                return self.declared.by_hand and bool(self.grid.marks)
            case "delete":
                return self.declared.deletes and self.declared.by_hand
            case "upload":
                return self.declared.uploads and self.declared.by_hand
            case "lower" | "raise":
                return self.declared.ordered and self.scope.owned
        return True
