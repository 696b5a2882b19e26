"""The log: what was done, by whom, when; of one customer or of all."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from cx_tui.domain.history import Act, Change, Operation
from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.following import in_short
from cx_tui.screens.header import Header
from cx_tui.screens.log.difference import DifferenceScreen
from cx_tui.screens.log.filters import Filters
from cx_tui.screens.log.lines import detail, nothing_here
from cx_tui.screens.log.narrowing import LogNarrowing
from cx_tui.screens.log.source import LogRows, OperationRow, operation_columns, operation_rows
from cx_tui.screens.log.undoing import Undoing
from cx_tui.screens.log.undone import many
from cx_tui.screens.page import Page
from cx_tui.screens.reading_grid import ReadingGrid
from widgets.duties import has_duties
from widgets.function_keys import LOOK
from widgets.grid import Grid
from widgets.key_line import KeyLine
from widgets.line import Line, Part

if TYPE_CHECKING:
    from cx_tui.domain.news import News

SETTLED = 0.1
"""Seconds on one row after which its changes are read."""

REMEMBERED = 100


@has_duties
class LogScreen(Page):
    """The operations, the newest first."""

    TITLE = "the log"
    CSS_PATH = "log.tcss"
    AUTO_FOCUS = "#log"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "title", id="log.search", tooltip="List only titles that have this text."),
        Binding("w", "who", "who", id="log.who", tooltip="Show what one person did, or came from one place."),
        Binding("t", "what", "what", id="log.what", tooltip="Show one kind of operation only."),
        Binding("d", "when", "when", id="log.when", tooltip="Show some days only."),
        Binding("z", "undo", "undo", id="log.undo", tooltip="Undo this whole operation."),
        Binding("m", "messages", "messages", id="log.messages",
                tooltip="Show the messages to this customer's contacts, and how far each has come."),
        Binding(f"r,{LOOK}", "refresh", "refresh", id="log.refresh", tooltip="Read the log again."),
        Binding("escape", "step_back", "back", id="log.back",
                tooltip="Leave the box, then show all, then leave the log."),
    ]  # fmt: skip

    more = 0
    """How many operations have come since the log was read."""

    def __init__(self, customer_id: int | None = None, name: str = "", *, only: Act | None = None) -> None:
        super().__init__()
        self.filters = Filters(act=only)
        self.customer_id = customer_id
        self.name_of_customer = name
        self._changes: dict[int, list[Change]] = {}
        self._shown: Filters | None = None
        self.narrowing = LogNarrowing(self)
        self.duties = (self.narrowing, Undoing(self))

    def compose(self) -> ComposeResult:
        """The header, the filters, the list, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        with Horizontal(id="bar"):
            yield Line(glyphs=glyphs, id="slash")
            yield Input(placeholder="title", compact=True, id="text")
            yield Line(glyphs=glyphs, id="w")
            yield Input(placeholder="who or where", compact=True, id="who")
            yield Line(glyphs=glyphs, id="chips")
        yield ReadingGrid(operation_columns(self.app.size.width), glyphs=glyphs, id="log")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read the log."""
        self.query_one("#slash", Line).show(Part("/", "dim"))
        self.query_one("#w", Line).show(Part("w", "dim"))
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.notice("Reading the log …")
        self.show_lines()
        self.find()

    # What is shown

    @work(exclusive=True, group="find")
    async def find(self, *, wait: float = 0.0, keep: bool = False) -> None:
        """Show what the filters ask for; a newer question makes this one void."""
        if wait:
            await self.cx.pause(wait)
        try:
            log = (await self.cx.services()).log
        except CxError as error:
            self.explain(error)
            self.show_lines()
            return
        filters = self.filters
        rows = LogRows(log.listing(filters.query(self.customer_id, datetime.now(UTC))), operation_rows)
        await self.grid.show(rows, keep=keep)
        if self.grid.rows.source is rows:
            self.wrong, self.read_at, self._shown, self.more = "", datetime.now(UTC), filters, 0
            if not self.grid.rows.total:
                self.grid.notice(nothing_here(self.filters, self.name_of_customer), "dim")
            self.show_detail()
        self.show_lines()

    def follow(self, news: "News") -> None:
        """Others have done something: say how much; what one reads stays where it is."""
        if self.customer_id is None or news.may_concern(self.customer_id):
            self.more += len(news.operations)
            self.show_lines()

    def link_changed(self) -> None:
        """The database does not answer any more, or does again."""
        self.show_lines()

    def awaits(self, key: str) -> bool:
        """Keys act on the rows that the filters ask for."""
        other = self._shown is not None and self._shown != self.filters and not self.wrong
        return super().awaits(key) or (other and self.focused is self.grid)

    def ask(self, filters: Filters, *, wait: float = 0.0) -> None:
        """Show other operations."""
        if filters != self.filters:
            self.filters = filters
            self.show_lines()
            self.find(wait=wait)

    def show_lines(self) -> None:
        """Say whose log it is, how much there is, and what narrows it."""
        whose = self.name_of_customer or (f"customer #{self.customer_id}" if self.customer_id else "")
        total = f"{self.grid.rows.total:,} found" if self.filters else many(self.grid.rows.total, "operation")
        total = total if self.read_at else ""
        self.show_head(
            Part("Log", "strong"), Part(total, "accent" if self.filters else ""),
            Part(in_short(self.more), "warn"), of=whose,
        )  # fmt: skip
        self.query_one("#chips", Line).show(*self.filters.chips(ascii=self.cx.ascii))

    def show_detail(self) -> None:
        """Say more of the operation under the cursor; what it changed when that was read."""
        operation = self.operation_here()
        changes = self._changes.get(operation.id) if operation else None
        lines = detail(operation, changes, self.name_of_customer, arrow=self.arrow)
        self.query_one("#detail", Line).show_lines(lines)
        if operation and changes is None and (operation.records == 1 or self.customer_id):
            self.read_changes(operation.id)

    @work(exclusive=True, group="detail")
    async def read_changes(self, operation_id: int) -> None:
        """Read what an operation did to one record, when the cursor stays there."""
        await self.cx.pause(SETTLED)
        try:
            log = (await self.cx.services()).log
            found = await log.changes(operation_id, 2, customer_id=self.customer_id)
        except CxError as error:
            self.explain(error)
            self.show_lines()
            return
        if len(self._changes) >= REMEMBERED:
            self._changes.clear()
        self._changes[operation_id] = found
        self.show_detail()

    def operation_here(self) -> Operation | None:
        """The operation under the cursor."""
        row = self.grid.cursor.row
        return row.operation if isinstance(row, OperationRow) else None

    def undone(self) -> None:
        """The undo is an operation itself, and the undone one says so."""
        self.find(keep=True)

    def command(self) -> str:
        """These operations, as a command."""
        now = datetime.now(UTC)
        query = self.filters.query(self.customer_id, now)
        until = query.until if query.until and query.until < now else None
        more = (
            *option("title", query.text), *option("who", query.who),
            *option("act", query.act.value if query.act else ""),
            *option("from", query.since.isoformat(timespec="minutes") if query.since else ""),
            *option("to", until.isoformat(timespec="minutes") if until else ""),
        )  # fmt: skip
        return words_of("log", self.customer_id, *more)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Narrow the log while the operator types."""
        self.narrowing.typed(event.input)

    @on(Input.Submitted)
    def typing_done(self) -> None:
        """Go to the rows, without waiting for a pause in typing."""
        self.grid.focus()
        self.find()

    # Keys

    def action_refresh(self) -> None:
        """Read the log again."""
        self.find(keep=True)

    def action_messages(self) -> None:
        """Show what was sent to this customer; without one, the outbox."""
        from cx_tui.screens.outbox import FoundScreen, OutboxScreen

        one = self.customer_id
        self.app.push_screen(FoundScreen("", one, self.name_of_customer) if one else OutboxScreen())

    @on(Grid.Chosen)
    def action_difference(self) -> None:
        """Show what the operation under the cursor changed."""
        if operation := self.operation_here():
            self.app.push_screen(DifferenceScreen(operation, self.customer_id, self.name_of_customer))
