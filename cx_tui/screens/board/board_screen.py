"""The board of all delayed changes: when each is due, what it changes, and how it stands."""

from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.history import OPEN, SETTLED, DelayedState
from cx_tui.errors import CxError
from cx_tui.screens.as_command import words_of
from cx_tui.screens.board.acts import DelayedActs
from cx_tui.screens.board.details import DelayedDetails
from cx_tui.screens.board.source import DelayedRow, board_columns, board_rows
from cx_tui.screens.following import Follower
from cx_tui.screens.header import Header
from cx_tui.screens.page import Page
from cx_tui.screens.present import spaced
from cx_tui.screens.read_only import Needs, offered
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.times import away, exact
from cx_tui.terminal.in_order import OPENS
from widgets.duties import has_duties
from widgets.function_keys import LOOK
from widgets.grid import Grid, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part

NEEDS: Needs = dict.fromkeys(
    ("run_now", "cancel_change", "keep_change", "move_change"), ("change", "customer")
)
MOST = 500
"""So many changes are read of each sort."""


@has_duties
class BoardScreen(Page, Follower):
    """Delayed changes, the next first; of one customer or of all."""

    TITLE = "the delayed changes"
    CSS_PATH = "board.tcss"
    AUTO_FOCUS = "#board"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "run_now", "run now", id="board.run", tooltip="Make this change now."),
        Binding("c", "cancel_change", "cancel", id="board.cancel", tooltip="Don't make this change."),
        Binding("s", "keep_change", "keep", id="board.keep",
                tooltip="Confirm a change that would be turned back: it stays."),
        Binding("e", "move_change", "moment", id="board.move",
                tooltip="Choose another moment: give it more time, or less."),
        Binding("a", "approvals", "requests", id="board.approvals",
                tooltip="Show what waits for a second person."),
        Binding("t", "settled", "done too", id="board.settled",
                tooltip="Show or hide done and cancelled changes."),
        Binding(f"r,{LOOK}", "refresh", "refresh", id="board.refresh", tooltip="Read the board again."),
        Binding("escape", "leave", "back", id="board.back", tooltip="Back to the customers."),
    ]  # fmt: skip

    def __init__(self, customer_id: int | None = None, name: str = "") -> None:
        super().__init__()
        self.customer_id = customer_id
        self.name_of_customer = name
        self.with_settled = False
        self._busy = False
        self._requests = 0
        self._counts: dict[DelayedState, int] = {}
        self.duties = (DelayedActs(self),)

    def compose(self) -> ComposeResult:
        """The header, the list, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield ReadingGrid(board_columns(self.app.size.width), glyphs=glyphs, id="board")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read the board, and go on reading it."""
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.notice("Reading the delayed changes …")
        self.show_lines()
        self.keep_up()

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Read the board again, unless that is being done; again if other changes are wanted by then."""
        if self._busy:
            return
        self._busy = True
        try:
            wanted = None
            while wanted != self.with_settled:
                wanted = self.with_settled
                await self.show_board()
        finally:
            self._busy = False

    async def show_board(self) -> None:
        """Read the board; only what differs is drawn again."""
        settled = self.with_settled
        try:
            delayed = (await self.cx.services()).delayed
            found = await delayed.board(OPEN, self.customer_id)
            if settled:
                found += await delayed.board(SETTLED, self.customer_id, latest=True)
        except CxError as error:
            self.explain(error)
            self.show_lines()
            return
        if settled != self.with_settled:
            return
        source, rows = self.grid.rows.source, board_rows(found, self.arrow)
        if isinstance(source, RowsAtHand) and source.renew(rows):
            await self.grid.changes.fetch()
        else:
            await self.grid.show(RowsAtHand(rows))
        self.wrong, self.read_at = "", datetime.now(UTC)
        self.grid.notice("" if found else self._nothing_here(), "dim")
        self._counts = {state: sum(one.state is state for one, _ in found) for state in DelayedState}
        self._requests = await self._number_of_requests()
        self.show_lines()
        self.show_detail()

    async def _number_of_requests(self) -> int:
        try:
            return await (await self.cx.services()).approvals.number()
        except CxError:
            return 0  # the board itself says it

    def show_lines(self) -> None:
        """Say how many there are of each state."""
        whose = self.name_of_customer or (f"customer #{self.customer_id}" if self.customer_id else "")
        tones = {DelayedState.HELD: "bad"}
        parts = [Part("Delayed changes", "strong"), Part(whose)]
        for state, number in self._counts.items():
            if number:
                parts.append(Part(f"{state.label} {number:,}", tones.get(state, "")))
        if sum(self._counts.get(state, 0) for state in OPEN) >= MOST:
            parts.append(Part(f"the first {MOST:,}", "dim"))
        if self._requests:
            wait = "request waits" if self._requests == 1 else "requests wait"
            parts.append(Part(f"{self._requests:,} {wait} for a second person (a)", "warn"))
        self.show_head(*parts)

    def show_detail(self) -> None:
        """Say more of the change under the cursor: what it does, and how it stands."""
        row, detail = self.row_here(), self.query_one("#detail", Line)
        if row is None or row.change is None:
            detail.show_lines([])
            return
        one = row.change
        first = [Part(row.name, "strong"), Part(row.cell("change").text)]
        when = f"due {away(one.due_at, datetime.now(UTC))}, {exact(one.due_at)}"
        second = [Part(when, "dim"), Part(f"ordered by {one.who or 'nobody known'}", "dim")]
        if one.said:
            held = one.state is DelayedState.HELD
            second = [Part(f"{one.state.label}: {one.said}", "bad" if held else "dim")]
        detail.show_lines([LineText(spaced(first)), LineText(spaced(second))])

    def row_here(self) -> DelayedRow | None:
        """The row under the cursor."""
        row = self.grid.cursor.row
        return row if isinstance(row, DelayedRow) and row.change else None

    def command(self) -> str:
        """These changes, as a command."""
        return words_of("delayed", self.customer_id, "--all" if self.with_settled else "")

    def action_refresh(self) -> None:
        """Read the board again."""
        self.keep_up()

    def action_settled(self) -> None:
        """Show what is done and cancelled too, or no longer."""
        self.with_settled = not self.with_settled
        self.keep_up()

    @on(Grid.Chosen)
    def action_details(self) -> None:
        """Show the change under the cursor, and the values now."""
        if (row := self.row_here()) and row.change:
            self.app.push_screen(DelayedDetails(row.change, row.name))

    @work(group="act", name=OPENS)
    async def action_approvals(self) -> None:
        """Show what waits for a second person."""
        from cx_tui.screens.approvals.approvals_screen import ApprovalsScreen

        await self.app.push_screen_wait(ApprovalsScreen())
        self.keep_up()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of what the login may not do are not offered."""
        return offered(self, NEEDS, action)

    def action_leave(self) -> None:
        """Back to the customers."""
        self.dismiss(None)

    def _nothing_here(self) -> str:
        nothing = "No change was ever delayed." if self.with_settled else "No change waits for its time."
        return f'{nothing}\n\nIn the form of a customer, "Delay and Save" makes one.'
