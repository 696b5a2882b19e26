"""The page of requests: what waits for a second person, who asked and why; it is approved or refused here."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.approvals import Request, RequestState
from cx_tui.domain.differences import in_words
from cx_tui.errors import CxError
from cx_tui.screens.as_command import words_of
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.following import Follower
from cx_tui.screens.header import Header
from cx_tui.screens.page import Page, sentence
from cx_tui.screens.present import spaced
from cx_tui.screens.read_only import may_write
from cx_tui.screens.reading_grid import reading_keys
from cx_tui.screens.times import away, exact, local
from cx_tui.services.approvals.approvals import Approvals
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Grid, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part

TONES = {RequestState.WAITING: "warn", RequestState.DONE: "good", RequestState.REFUSED: "bad"}


@dataclass(frozen=True, slots=True)
class RequestRow(Row):
    """A grid's row that knows its request."""

    request: Request | None = None


def request_columns(width: int) -> tuple[Column, ...]:
    """The columns; what is asked for gets the room that the others leave."""
    wide = width >= 110
    return (
        Column("number", "No", 5 if wide else 4, "right"),
        Column("state", "State", 9),
        Column("who", "Asked by", 12 if wide else 10),
        Column("title", "What", 26 if wide else 14),
        Column("change", "Change", max(16, min(60, width - (100 if wide else 66)))),
        Column("expires", "Expires", 14, "right"),
        Column("at", "Asked", 16),
    )


def request_rows(found: Sequence[Request], arrow: str) -> list[RequestRow]:
    """Requests as rows."""
    now = datetime.now(UTC)
    return [_row(one, now, arrow) for one in found]


def _row(one: Request, now: datetime, arrow: str) -> RequestRow:
    waits = one.state is RequestState.WAITING
    tone = "" if waits else "dim"
    change = in_words(one.record, one.base, one.wanted, arrow=arrow) or one.act.label
    many = f" ({len(one.ids):,})" if len(one.ids) > 1 else ""
    cells = {
        "number": Cell(f"{one.id}", tone),
        "state": Cell(one.state.label, TONES.get(one.state, "dim")),
        "who": Cell(one.who, tone),
        "title": Cell(f"{one.title}{many}" if one.record == "calls" else one.title, tone),
        "change": Cell(change, tone),
        "at": Cell(local(one.at), "dim"),
        "expires": Cell(away(one.expires_at, now) if waits else "", tone),
    }
    return RequestRow(one.id, cells, request=one)


class RequestGrid(Grid, inherit_bindings=False):
    """The requests, of which one is approved."""

    BINDING_GROUP_TITLE = "The list"

    BINDINGS: ClassVar[list[BindingType]] = reading_keys("approve")


class ApprovalsScreen(Page, Follower):
    """Requests, the newest first."""

    TITLE = "the requests"
    CSS_PATH = "approvals.tcss"
    AUTO_FOCUS = "#requests"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", "approve", show=False, id="approvals.approve",
                tooltip="Approve this request and carry it out; you can't approve your own."),
        Binding("x", "refuse", "refuse", id="approvals.refuse",
                tooltip="Say no to this request, or take your own back."),
        Binding("t", "decided", "decided too", id="approvals.decided",
                tooltip="Show or hide requests that are decided."),
        Binding(f"r,{LOOK}", "refresh", "refresh", id="approvals.refresh",
                tooltip="Read the requests again."),
        Binding("escape", "leave", "back", id="approvals.back", tooltip="Back to where you came from."),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.with_decided = False
        self._busy = False
        self._number = 0

    def command(self) -> str:
        """These requests, as a command."""
        return words_of("approvals list", None, "--all" if self.with_decided else "")

    def compose(self) -> ComposeResult:
        """The header, the list, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield RequestGrid(request_columns(self.app.size.width), glyphs=glyphs, id="requests")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read the requests, and go on reading them."""
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.notice("Reading the requests …")
        self.show_lines()
        self.keep_up()

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Read the requests again, unless that is being done."""
        if self._busy:
            return
        self._busy = True
        try:
            await self.show_requests()
        finally:
            self._busy = False

    async def show_requests(self) -> None:
        """Read them; only what differs is drawn again."""
        decided = self.with_decided
        try:
            found = await (await self.cx.services()).approvals.list(decided=decided)
        except CxError as error:
            self.explain(error)
            return
        if decided != self.with_decided:
            return
        source, rows = self.grid.rows.source, request_rows(found, self.arrow)
        if isinstance(source, RowsAtHand) and source.renew(rows):
            await self.grid.changes.fetch()
        else:
            await self.grid.show(RowsAtHand(rows), keep=True)
        self.wrong, self.read_at = "", datetime.now(UTC)
        self.grid.notice("" if found else _nothing(decided=decided), "dim")
        self._number = sum(one.state is RequestState.WAITING for one in found)
        self.show_lines()
        self.show_detail()

    def show_lines(self) -> None:
        """Say how many wait."""
        waiting = f"{self._number:,} waiting" if self._number else ""
        self.show_head(Part("Requests", "strong"), Part(waiting, "warn"))

    def here(self) -> Request | None:
        """The request under the cursor."""
        row = self.grid.cursor.row
        return row.request if isinstance(row, RequestRow) else None

    def show_detail(self) -> None:
        """Say more of the request under the cursor."""
        one, detail = self.here(), self.query_one("#detail", Line)
        if one is None:
            detail.show_lines([])
            return
        change = in_words(one.record, one.base, one.wanted, arrow=self.arrow)
        first = [Part(one.title, "strong"), Part(change or one.act.label)]
        reason = f'"{one.reason}"' if one.reason else "gave no reason"
        second = [Part(one.who, "strong"), Part(reason)]
        of = filter(None, (one.origin, one.login and f"login {one.login}"))
        third = [Part(f"{one.why}; expires {exact(one.expires_at)}", "dim"), Part(", ".join(of), "dim")]
        if one.decided_at:
            third = [
                Part(f"{one.state.label} by {one.decided_who}, {exact(one.decided_at)}: {one.said}", "dim")
            ]
        detail.show_lines([LineText(spaced(parts)) for parts in (first, second, third)])

    @on(Grid.Chosen)
    def chosen(self) -> None:
        """To take a request is to approve it, which asks first."""
        self.action_approve()

    @work(group="act", name=OPENS)
    async def action_approve(self) -> None:
        """Ask, and do what is asked for."""
        one = self._waiting("nothing can be approved")
        if one is None:
            return
        lines = [*self._what(one), "It is done at once, and the log names you both."]
        if await self.app.push_screen_wait(
            Confirm(f"Approve request {one.id}?", lines, "Approve", no="Not yet")
        ):
            await self._act(lambda approvals: approvals.approve(one.id), "It is approved and done.")

    @work(group="act", name=OPENS)
    async def action_refuse(self) -> None:
        """Ask, and say no."""
        one = self._waiting("nothing can be refused")
        if one is None:
            return
        lines = [*self._what(one), "Nothing is changed then.  The page keeps it as refused."]
        if await self.app.push_screen_wait(
            Confirm(f"Refuse request {one.id}?", lines, "Refuse", no="Not yet")
        ):
            await self._act(lambda approvals: approvals.refuse(one.id), "It is refused.")

    async def _act(self, act: Callable[[Approvals], Awaitable[object]], done: str) -> None:
        try:
            await act((await self.cx.services()).approvals)
        except CxError as error:
            self.notify(sentence(error), severity="error", timeout=10)
        else:
            self.notify(done)
        await self.show_requests()

    def _waiting(self, without: str) -> Request | None:
        one = self.here()
        if one is None or not may_write(self, without):
            return None
        if one.state is not RequestState.WAITING:
            self.notify(f"This request is {one.state.label.lower()} already.", severity="warning")
            return None
        return one

    def _what(self, one: Request) -> list[str | Part]:
        words = in_words(one.record, one.base, one.wanted, arrow=self.arrow) or one.act.label
        why = f"{one.who} asked {local(one.at)}" + (f': "{one.reason}"' if one.reason else "")
        return [Part(f"{one.title}: {words}", "strong"), Part(why, "dim"), Part(one.why, "dim"), ""]

    def action_decided(self) -> None:
        """Show what was decided too, or no longer."""
        self.with_decided = not self.with_decided
        self.keep_up()

    def action_refresh(self) -> None:
        """Read the requests again."""
        self.keep_up()

    def action_leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)


def _nothing(*, decided: bool) -> str:
    nothing = "Nothing was ever asked for." if decided else "Nothing waits for a second person."
    return f"{nothing}\n\n`cx-tui approvals rules` says which acts need one."
