"""The list of a customer's records of one kind, whatever they are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.domain.fields import fields_of
from cx_tui.domain.record import Record
from cx_tui.errors import CxError
from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from cx_tui.screens.read_only import may_write
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Column, Grid, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, Part

if TYPE_CHECKING:
    from cx_tui.services.records.records import Records
    from cx_tui.services.session import Session


def card_rows(records: Sequence[Any], columns: Sequence[str]) -> list[Row]:
    """Some records as the rows of a grid."""
    every = fields_of(type(records[0])) if records else {}
    return [
        Row(record.id, {name: every[name].kind.show(getattr(record, name)) for name in columns})
        for record in records
    ]


class CardScreen(Screen[None]):
    """A list to add to, edit and delete from."""

    CSS_PATH = "cards.tcss"
    AUTO_FOCUS = "#records"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,insert", "new", "new", id="card.new", tooltip="Add a record."),
        Binding("x,delete", "delete", "delete", id="card.delete",
                tooltip="Delete this record; asks first, and can be undone from the log."),
        Binding("z", "log", "log", id="card.log", tooltip="Show what was done to this customer."),
        Binding("r,f5", "refresh", "refresh", show=False, id="card.refresh", tooltip="Read the list again."),
        Binding("escape", "leave", "back", id="card.leave", tooltip="Back to the customers."),
    ]  # fmt: skip

    grid = getters.query_one("#records", ReadingGrid)

    def __init__(self, record: type[Record], session: "Session", customer_id: int, name: str) -> None:
        super().__init__()
        self.kind = record
        self.declared = record.declared
        self.session = session
        self.customer_id = customer_id
        self.customer_name = name
        self.found: dict[int, Any] = {}

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    @property
    def records(self) -> "Records[Any]":
        """The service of these records."""
        return self.session.records_of[self.declared.name]

    def compose(self) -> ComposeResult:
        """The header, the list, the keys."""
        every = fields_of(self.kind)
        columns = [
            Column(name, every[name].label, width=every[name].kind.width, align=every[name].kind.align,
                   frozen=not place, help=every[name].help)
            for place, name in enumerate(self.declared.columns)
        ]  # fmt: skip
        yield Line(glyphs=self.cx.glyphs, id="header")
        yield ReadingGrid(tuple(columns), glyphs=self.cx.glyphs, id="records")
        yield KeyLine(glyphs=self.cx.glyphs, id="keys")

    def on_mount(self) -> None:
        """Read the list."""
        self.title = self.declared.many
        self.action_refresh()

    @work(exclusive=True, group="read")
    async def action_refresh(self) -> None:
        """Read the list again."""
        await self.read()

    def awaits(self, key: str) -> bool:
        """Keys act on rows: they wait for the first ones, but for the one that leaves."""
        reads = any(worker.group == "read" and worker.is_running for worker in self.workers)
        return reads and self.grid.source is None and key != "escape"

    async def read(self) -> None:
        """Read the list and show it."""
        try:
            found = await self.records.of_customer(self.customer_id)
        except CxError as error:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
            return
        self.found = {record.id: record for record in found}
        await self.grid.show(RowsAtHand(card_rows(found, self.declared.columns)), keep=True)
        if not found:
            self.grid.notice(f"There are no {self.declared.many.lower()} yet.\n\n+ adds one", "dim")
        count = Part(f"   {len(found):,}", "dim")
        title = Part(f"{self.declared.many} of {self.customer_name}", "strong")
        self.query_one("#header", Line).show(title, count, right=spaced(self.cx.place()))

    @property
    def record(self) -> Any:
        """The record under the cursor, or None."""
        row = self.grid.cursor_row
        return self.found.get(row.key) if row else None

    def action_new(self) -> None:
        """Add a record."""
        if may_write(self):
            self.open_form(None)

    @on(Grid.Chosen)
    def action_edit(self) -> None:
        """Open the form of the record under the cursor."""
        if self.record:
            self.open_form(self.record)

    @work(group="form", name=OPENS)
    async def open_form(self, record: Any) -> None:
        """Open the form of a record, or of a new one."""
        from cx_tui.screens.form import RecordForm

        given = {"customer_id": self.customer_id}
        await self.app.push_screen_wait(RecordForm(self.records, self.declared.one, record, given=given))
        await self.read()

    @work(group="act", name=OPENS)
    async def action_delete(self) -> None:
        """Delete the record under the cursor."""
        from cx_tui.screens.confirm import Confirm

        record = self.record
        if record is None or not may_write(self):
            return
        name = getattr(record, self.declared.names)
        asked = Confirm(
            f"Delete the {self.declared.one} {name}?",
            ["The log of this customer can bring it back."],
            yes="Delete",
        )
        if await self.app.push_screen_wait(asked):
            try:
                await self.records.delete(record.id)
            except CxError as error:
                self.notify(f"Not deleted: {error}.", severity="error")
            await self.read()

    @work(group="act", name=OPENS)
    async def action_log(self) -> None:
        """Show what was done to this customer."""
        from cx_tui.screens.log import LogScreen

        await self.app.push_screen_wait(LogScreen(self.customer_id, self.customer_name))
        await self.read()

    def action_leave(self) -> None:
        """Back to the customers."""
        self.dismiss(None)
