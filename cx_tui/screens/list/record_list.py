"""A list of records of one kind: to find, order, mark, open, add, change and delete them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from cx_tui.domain.query import Query
from cx_tui.domain.selection import Selection
from cx_tui.screens.list.acts import RecordActs
from cx_tui.screens.list.arranged_records import RecordArranging
from cx_tui.screens.list.asking import Asking
from cx_tui.screens.list.base_list import KEYS, BaseList
from cx_tui.screens.list.chips import ChipLine
from cx_tui.screens.list.commands import list_command
from cx_tui.screens.list.copying import Copying
from cx_tui.screens.list.filter_input import FilterInput
from cx_tui.screens.list.finding import Finding
from cx_tui.screens.list.following import ListFollowing
from cx_tui.screens.list.grouping import Grouping
from cx_tui.screens.list.marked_totals import MarkedTotals
from cx_tui.screens.list.narrowing import NARROWING_KEYS, Narrowing
from cx_tui.screens.list.numbers import Numbers
from cx_tui.screens.list.opened_view import OpenedView
from cx_tui.screens.list.record_contents import RecordContents
from cx_tui.screens.list.rows import RecordRow
from cx_tui.screens.list.scope import Scope
from cx_tui.screens.read_only import Needs, offered
from widgets.grid import Grid

if TYPE_CHECKING:
    from cx_tui.screens.list.filter_panel import FilterPanel
    from cx_tui.services.lists.listing import Listing


class RecordFinding(Finding, Asking):
    """Shows the records that are asked for."""

    host: "RecordList"


class RecordList(BaseList, inherit_bindings=False):
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

    CONTENTS: ClassVar[type[RecordContents]] = RecordContents
    ACTS: ClassVar[type[RecordActs]] = RecordActs
    """What it shows and can do, where a kind of record has more to it."""

    def __init__(self, scope: Scope, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scope = scope
        self.declared = scope.record.declared
        self.listing: Listing | None = None
        self.numbers: Numbers = Numbers(self)
        self.arranging = RecordArranging(self)
        self.query_now: Query = replace(scope.query(), sort=self.arranging.layout.sort)
        self.finding: RecordFinding = RecordFinding(self)
        self.narrowing = Narrowing(self)
        self.grouping = Grouping(self)
        self.opened_view = OpenedView(self)
        self.totals = MarkedTotals(self)
        self.following = ListFollowing(self)
        self.acts = self.ACTS(self)
        contents = self.CONTENTS(self)
        self.made_of(
            contents, self.arranging,
            self.arranging, self.narrowing, self.grouping, self.opened_view, self.acts,
            Copying(self, contents.text_of),
        )  # fmt: skip
        name = self.declared.name
        self._needs: Needs = {
            "new": ("make", name), "upload": ("make", name), "delete": ("delete", name),
            **dict.fromkeys(("edit_marked", "lower", "raise"), ("change", name)),
        }  # fmt: skip

    @property
    def row(self) -> RecordRow | None:
        """The row under the cursor."""
        row = self.grid.cursor.row
        return row if isinstance(row, RecordRow) else None

    def selection(self) -> Selection | None:
        """The marked records, or the one under the cursor."""
        marks, row = self.grid.marks.rows, self.row
        if marks:
            return Selection(frozenset(marks.keys), marks.all_but, self.query_now.which)
        return Selection(frozenset({row.key}), query=self.query_now.which) if row else None

    def values_here(self) -> Mapping[str, Any] | None:
        """The values of the record under the cursor."""
        return self.row.values if self.row else None

    def search_shown(self) -> None:
        """Something stands in the search box."""
        self.query_one(".search").add_class("-open")

    def command(self) -> str:
        """What this list shows, as a command."""
        return list_command(self.query_now, [column.key for column in self.grid.columns.shown])

    @on(FilterInput.Offered)
    def offered_anew(self) -> None:
        """Say what narrows the list, or what could be typed."""
        self.narrowing.show_chips()

    @on(ChipLine.Clicked)
    def chip(self, event: ChipLine.Clicked) -> None:
        """Do what was clicked."""
        self.narrowing.chip_clicked(event)

    def on_filter_panel_changed(self, event: "FilterPanel.Changed") -> None:
        """Narrow the list as the panel says."""
        event.stop()
        self.narrowing.narrow_to(event.query)

    def on_filter_panel_closed(self, event: "FilterPanel.Closed") -> None:
        """Close the panel."""
        event.stop()
        self.narrowing.close_panel()

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Open the record under the cursor."""
        event.stop()
        self.acts.open(event.row.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that have no meaning for this kind of record are not there, nor what the login may not do."""
        if not offered(self, self._needs, action):
            return False
        match action:
            case "new":
                return self.declared.by_hand
            case "edit_marked":
                # Of nothing that is marked, the key is the page's: on a card it edits the customer.
                return self.declared.by_hand and bool(self.grid.marks.rows)
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
