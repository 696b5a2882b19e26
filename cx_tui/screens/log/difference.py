"""View Difference: what an operation changed, record by record, as JSON before and after."""

from datetime import UTC, datetime
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from cx_tui.domain.differences import as_json
from cx_tui.domain.history import Change, Operation
from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.header import Header
from cx_tui.screens.log.difference_view import DifferenceView
from cx_tui.screens.log.source import ChangeRow, LogRows, change_columns, change_rows
from cx_tui.screens.log.undone import many
from cx_tui.screens.page import Page
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.times import local
from widgets.function_keys import LOOK
from widgets.grid import Grid
from widgets.key_line import KeyLine
from widgets.line import Line, Part

PART = 500
"""So many changes are read at a time to be copied."""

WIDE = 110


class DifferenceScreen(Page):
    """One record: its difference.  Many: a list of them, and the difference of the one under the cursor."""

    TITLE = "the difference"
    CSS_PATH = "difference.tcss"
    AUTO_FOCUS = "#changes"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012  # as Textual declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy", id="page.copy", tooltip="Copy this difference as JSON."),
        Binding("Y", "copy_all", "copy all", id="difference.copy_all",
                tooltip="Copy the differences of all records of the list as JSON, one a line."),
        Binding("t", "only_one", "all or one", id="difference.only_one",
                tooltip="Show what was changed of all customers, or of this one only."),
        Binding("tab,shift+tab", "other_side", "other side", id="difference.other_side",
                tooltip="Go from the list to the difference, or back."),
        Binding(f"r,{LOOK}", "refresh", "refresh", show=False, id="difference.refresh",
                tooltip="Read it again."),
        Binding("escape,q", "leave", "back", id="difference.back", tooltip="Back to the log."),
    ]  # fmt: skip

    view = getters.query_one("#difference", DifferenceView)

    def __init__(self, operation: Operation, customer_id: int | None = None, name: str = "") -> None:
        super().__init__()
        self.operation = operation
        self.customer_id = customer_id
        self.name_of_customer = name
        self.only_one = customer_id is not None

    def command(self) -> str:
        """What it changed, as a command."""
        return words_of(
            "log", self.customer_id if self.only_one else None, *option("operation", self.operation.id)
        )

    def compose(self) -> ComposeResult:
        """The header, the list and the difference, what is under the cursor, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        with Container(id="both"):
            yield ReadingGrid(change_columns(), glyphs=glyphs, id="changes")
            yield DifferenceView(glyphs=glyphs, id="difference")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read what was changed."""
        self.watch(self.grid, "looked_at", self.show_change, init=False)
        self.grid.notice("Reading what was changed …")
        self.show_lines()
        self.find()

    @work(exclusive=True, group="find")
    async def find(self) -> None:
        """Show what the operation changed."""
        try:
            log = (await self.cx.services()).log
        except CxError as error:
            self.explain(error)
            self.show_lines()
            return
        of = self.customer_id if self.only_one else None
        rows = LogRows(log.changed(self.operation.id, of), change_rows(log, arrow=self.arrow))
        await self.grid.show(rows)
        if self.grid.rows.source is rows:
            self.wrong, self.read_at = "", datetime.now(UTC)
            alone = self.grid.rows.total == 1
            self.set_class(alone, "-alone")
            if not self.grid.rows.total:
                self.grid.notice("This operation changed no records.\n\nesc goes back to the log", "dim")
            (self.view if alone else self.grid).focus()
            self.show_change()
        self.show_lines()

    def show_lines(self) -> None:
        """Say which operation it is."""
        one = self.operation
        number = many(self.grid.rows.total, "record") if self.read_at else ""
        if self.only_one and self.read_at and self.grid.rows.total < one.records:
            number = f"{self.grid.rows.total:,} of {many(one.records, 'record')}"
        by = f"{local(one.at)} {one.who}"
        self.show_head(
            Part("Difference", "strong"), Part(f"#{one.id} {one.act.label}"), Part(number), Part(by, "dim")
        )

    def show_change(self) -> None:
        """Show the difference of the record under the cursor."""
        row = self.grid.cursor.row
        if isinstance(row, ChangeRow) and row.change:
            self.view.show_change(row.change)
            self.query_one("#detail", Line).show(
                Part(row.name or "purged", "strong"),
                Part(f"   {row.change.record} #{row.change.record_id}", "accent"),
                Part(f"   {self.operation.title}", "dim"),
            )

    def change_here(self) -> Change | None:
        """The change under the cursor."""
        row = self.grid.cursor.row
        return row.change if isinstance(row, ChangeRow) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no choice between all and one where one has not come from a customer."""
        if action == "only_one" and (self.customer_id is None or self.operation.records <= 1):
            return False
        return super().check_action(action, parameters)

    async def action_copy(self) -> None:
        """Copy this difference."""
        if change := self.change_here():
            what = f"the difference of {change.record} #{change.record_id} as JSON"
            self.send_to_clipboard(as_json(change, indent=2) + "\n", what)

    @work(exclusive=True, group="copy")
    async def action_copy_all(self) -> None:
        """Copy the differences of the list, as far as the clipboard takes them."""
        of = self.customer_id if self.only_one else None
        text, after, number = "", 0, 0
        try:
            log = (await self.cx.services()).log
            while len(text) <= self.cx.settings.clipboard.limit:
                changes = await log.changes(self.operation.id, PART, after, of)
                if not changes:
                    break
                text += "".join(as_json(one) + "\n" for one in changes)
                after, number = changes[-1].id, number + len(changes)
        except CxError as error:
            self.explain(error)
            return
        self.send_to_clipboard(text, f"the differences of {many(number, 'record')} as JSON, one a line,")

    def action_only_one(self) -> None:
        """Show all records, or those of one customer."""
        self.only_one = not self.only_one
        self.find()

    @on(Grid.Chosen)
    def action_other_side(self) -> None:
        """Go to the difference, or back to the list."""
        (self.grid if self.view.has_focus and not self.has_class("-alone") else self.view).focus()

    def action_refresh(self) -> None:
        """Read it again."""
        self.find()

    def action_leave(self) -> None:
        """Back to the log; from the difference of one of many, to the list first."""
        self.dismiss(None)
