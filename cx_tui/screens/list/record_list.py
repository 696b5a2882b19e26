"""A list of records of one kind: to find, order, mark, open, add, change and delete them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from cx_tui.domain.columns import record_columns
from cx_tui.domain.query import Query, Sort
from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from cx_tui.screens.following import Pace
from cx_tui.screens.list.acts import RecordActs
from cx_tui.screens.list.base_list import KEYS, BaseList
from cx_tui.screens.list.chips import ChipLine
from cx_tui.screens.list.filter_input import FilterInput
from cx_tui.screens.list.narrowed import NARROWING_KEYS, NarrowedList
from cx_tui.screens.list.rows import RecordRow, RecordRows, grid_column, grid_columns, shown_text
from cx_tui.screens.list.scope import Scope
from cx_tui.screens.list.typed import so_far, why_not
from cx_tui.screens.present import shown_columns, spaced
from cx_tui.screens.read_only import Needs, offered
from widgets.grid import Column, Grid, Marks, RowSource, SortKey
from widgets.line import LineText, Part

Foresee = Callable[[Mapping[str, Any]], Awaitable[list[str]]]

if TYPE_CHECKING:
    from cx_tui.domain.layout import Layout
    from cx_tui.domain.news import News
    from cx_tui.screens.list.filter_panel import FilterPanel
    from cx_tui.services.lists.listing import Listing
    from widgets.column_chooser import Choice


class RecordList(NarrowedList, BaseList, inherit_bindings=False):
    """A list with its search box, its grid and the line that says more of the row under the cursor."""

    BINDING_GROUP_TITLE = "The list"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,insert", "new", "new", id="list.new", tooltip="Add a record."),
        KEYS["list.search"],
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
        *NARROWING_KEYS,
        KEYS["list.columns"],
        KEYS["list.copy_cell"],
        KEYS["list.copy_rows"],
        KEYS["list.refresh"],
        KEYS["list.back"],
    ]  # fmt: skip

    def __init__(self, scope: Scope, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scope = scope
        self.declared = scope.record.declared
        self.layout_now = self.cx.workspace.record_layout(self.declared.name, owned=scope.owned)
        self.query_now: Query = replace(scope.query(), sort=self.layout_now.sort)
        self.listing: Listing | None = None
        self.acts = RecordActs(self)
        self._pace = Pace(self, lambda: self.keep_up())
        self._count_anew = False
        name = self.declared.name
        self._needs: Needs = {
            "new": ("make", name), "upload": ("make", name), "delete": ("delete", name),
            **dict.fromkeys(("edit_marked", "lower", "raise"), ("change", name)),
        }  # fmt: skip

    more = 0
    """How many records the list would have more than it shows, or fewer."""

    def follow(self, news: "News") -> None:
        """Others have done something: what is shown of these records is read again."""
        if self.read_at is not None and self.grid.region and news.may_change(self.declared.name):
            self._count_anew = not news.is_vague
            self._pace.ask()

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Read the rows on the screen again, and say how many are not in the list: nothing moves."""
        await self.grid.update_rows([column.key for column in self.grid.columns])
        if not self._count_anew:
            return
        self._count_anew, query = False, self.query_now
        try:
            number = await (await self.cx.services()).list_of(query).exact_count()
        except CxError:
            return  # the next read says it
        if query == self.query_now and not self.estimated:
            self.more = number - self.grid.total
            if self.more and not self.grid.total:
                await self.show_list(keep=True)
            self.post_message(self.Shown())

    def first_columns(self) -> Sequence[Column]:
        """Those that the operator left."""
        return grid_columns(self.declared.name, self.layout_now)

    def first_sort(self) -> Sequence[SortKey]:
        """The order that the operator left."""
        return [SortKey(sort.column, sort.descending) for sort in self.query_now.sort]

    # Reading

    async def read(self) -> RecordRows:
        """The records that the query asks for."""
        listing = (await self.cx.services()).list_of(self.query_now)
        return RecordRows(self.declared.name, listing, lambda: [column.key for column in self.grid.columns])

    async def number(self, rows: RowSource) -> int | None:
        """How many there are."""
        if not isinstance(rows, RecordRows):
            return None
        self.listing, self.more = rows.listing, 0
        self.estimated = not (await self.listing.count()).exact
        if self.estimated:
            self.post_message(self.Shown())
        number = await self.listing.exact_count()
        self.estimated = False
        return number

    def ask(self, query: Query, *, wait: float = 0.0) -> None:
        """Ask another question; the old rows stay until the answer is there."""
        before, self.query_now = self.query_now, query
        if query == before:
            return
        if self.grid.marks.all_but and query.which != before.which:
            self.grid.marks = Marks.NONE
            self.notify("All rows were marked; this is a different list now, so the marks are gone.")
        self.find(wait=wait)

    def nothing_here(self) -> str:
        """What to do when the list is empty."""
        if typed := self.query_now.typed:
            return f'No {self.declared.one} has "{typed}".\n\nesc clears the search'
        return f"There are no {self.declared.several} here yet." + (
            "\n\n+ adds one" if self.declared.by_hand else ""
        )

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

    def standing(self) -> Sequence[Part]:
        """How many there are, and how many of them are marked."""
        marked = self.marked_in_words()
        return [Part(self.number_in_words(), "dim"), *([Part(marked, "accent")] if marked else [])]

    # What views and groups are of

    def arranged(self) -> "Layout":
        """The columns and the order as they are."""
        layout: Layout = self.layout_now
        return replace(layout, columns=shown_columns(self.grid.columns))

    def usual(self) -> "Layout":
        """The columns and the order that nobody has arranged."""
        from cx_tui.domain.layout import usual_record_layout

        return usual_record_layout(self.declared.name, owned=self.scope.owned)

    def use_layout(self, layout: "Layout") -> None:
        """Show and keep other columns and another order."""
        self._keep(layout)
        self.grid.set_columns(grid_columns(self.declared.name, layout))
        self.grid.sort = [SortKey(sort.column, sort.descending) for sort in layout.sort]
        if layout.sort != self.query_now.sort:
            self.ask(replace(self.query_now, sort=layout.sort))
        else:
            self.find(keep=True)

    def values_here(self) -> Mapping[str, Any] | None:
        """The values of the record under the cursor."""
        return self.row.values if self.row else None

    def search_shown(self) -> None:
        """Something stands in the search box."""
        self.query_one(".search").add_class("-open")

    def search_box(self) -> FilterInput:
        """The box that completes conditions."""
        return FilterInput(self.declared.name, placeholder="any text of the record, or a condition")

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
        event.stop()
        self.narrow_to(event.query)

    def on_filter_panel_closed(self, event: "FilterPanel.Closed") -> None:
        """Close the panel."""
        event.stop()
        self.close_panel()

    # Searching and ordering

    def narrow(self, text: str) -> None:
        """Find records that have a text."""
        self.ask(so_far(self.query_now, text, self.grid.marks), wait=self.cx.settings.search.wait)
        self.typed_so_far(self.search.value)

    def why_not(self, text: str) -> str:
        """Why a text finds nothing."""
        return why_not(self.query_now, text, self.grid.marks)

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order the list, and keep that."""
        self.grid.sort = sort
        self._keep(replace(self.layout_now, sort=tuple(Sort(key.column, key.descending) for key in sort)))
        self.ask(replace(self.query_now, sort=self.layout_now.sort))

    def keep_columns(self) -> None:
        """Keep the columns; those that were not read are read now."""
        self._keep(replace(self.layout_now, columns=shown_columns(self.grid.columns)))
        row = self.grid.cursor_row
        if row and any(column.key not in row.cells for column in self.grid.columns):
            self.find(keep=True)

    def _keep(self, layout: Any) -> None:
        self.layout_now = layout
        self.cx.workspace.keep_record_layout(self.declared.name, layout, owned=self.scope.owned)

    def choices(self) -> "tuple[Sequence[Choice], Sequence[Column]]":
        """The columns of this kind of record."""
        from cx_tui.domain.layout import usual_record_layout
        from widgets.column_chooser import Choice

        name = self.declared.name
        every = [Choice(grid_column(column), column.group) for column in record_columns(name).values()]
        return every, grid_columns(name, usual_record_layout(name, owned=self.scope.owned))

    # What is done

    def foresees(self, record: Any) -> Foresee | None:
        """What says beyond the record what a save of it means; most mean nothing more."""
        return None

    async def may_delete(self, selection: Selection) -> bool:
        """Whether these may be deleted, when it means more than that they are gone."""
        return True

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
        """Keys that have no meaning for this kind of record are not there, nor what the login may not do."""
        if not offered(self, self._needs, action):
            return False
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
            case "view" | "views":
                # On a card the digits are its tabs.
                return not self.scope.owned
            case "lower" | "raise":
                return self.declared.ordered and self.scope.owned
        return True
