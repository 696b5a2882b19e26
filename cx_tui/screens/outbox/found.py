"""Messages of all jobs: those to an address, or those of one customer, with how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.outbox import Job, Message, State
from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.header import Header
from cx_tui.screens.outbox.message import MessageScreen
from cx_tui.screens.outbox.message_source import answer_of, moment_of
from cx_tui.screens.outbox.source import TONES, title_of
from cx_tui.screens.page import Page
from cx_tui.screens.present import spaced
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.stakes import counted, short
from cx_tui.screens.times import exact, local
from cx_tui.services.sending.outbox import MOST_FOUND
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Grid, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part


@dataclass(frozen=True, slots=True)
class FoundRow(Row):
    """A grid's row that knows its message and the job of that."""

    message: Message | None = None
    job: Job | None = None
    customer: str = ""


class FoundScreen(Page):
    """The newest messages whose address or name has a text in it, or those to one customer's contacts."""

    TITLE = "the messages"
    CSS_PATH = "outbox.tcss"
    AUTO_FOCUS = "#messages"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"r,{LOOK}", "refresh", "refresh", id="found.refresh", tooltip="Read them again."),
        Binding("escape", "leave", "back", id="found.back", tooltip="Back to where you were."),
    ]

    def __init__(self, text: str = "", customer_id: int | None = None, name: str = "") -> None:
        super().__init__()
        self._text = text
        self._customer = customer_id
        self._title = "Messages" if customer_id else f'Messages to "{short(text)}"'
        self._of = name

    def compose(self) -> ComposeResult:
        """The header, the messages, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield ReadingGrid(columns(self.app.size.width), glyphs=glyphs, id="messages")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read them."""
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.notice("Reading the messages …")
        self.show_head(Part(self._title, "strong"), of=self._of)
        self.read()

    def command(self) -> str:
        """These messages, as a command."""
        return words_of("outbox", self._customer, *option("to", self._text))

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read them as they are now."""
        try:
            session = await self.cx.services()
            found = await session.outbox.found(self._text, self._customer)
            names = await session.log.names(sorted({one.customer_id for one, _ in found}))
        except CxError as error:
            self.explain(error)
            return
        self.wrong, self.read_at = "", datetime.now(UTC)
        now = self.read_at
        await self.grid.show(RowsAtHand([_row(one, job, names, now) for one, job in found]))
        self.grid.notice("" if found else "Nothing was sent there yet.\n\nesc goes back", "dim")
        number = f"the newest {MOST_FOUND}" if len(found) == MOST_FOUND else counted(len(found), "message")
        self.show_head(Part(self._title, "strong"), Part(number if found else "", "dim"), of=self._of)
        self.show_detail()

    def show_detail(self) -> None:
        """Say more of the message under the cursor."""
        row, detail = self.grid.cursor.row, self.query_one("#detail", Line)
        if not isinstance(row, FoundRow) or row.message is None or row.job is None:
            detail.show_lines([])
            return
        one = row.message
        by = f"{row.job.way.label} ordered {exact(row.job.at)} by {row.job.who or 'nobody known'}"
        first = [Part(one.name, "strong"), Part(one.address), Part(row.customer, "dim"), Part(by, "dim")]
        said = Part(answer_of(one) or "no answer yet", "bad" if one.state is State.FAILED else "dim")
        detail.show_lines([LineText(spaced(first)), LineText([said])])

    @on(Grid.Chosen)
    def open_message(self) -> None:
        """Show the message under the cursor."""
        row = self.grid.cursor.row
        if isinstance(row, FoundRow) and row.message and row.job:
            self.app.push_screen(MessageScreen(row.job, row.message, row.customer))

    def action_refresh(self) -> None:
        """Read them again."""
        self.read()

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss(None)


def columns(width: int) -> Sequence[Column]:
    """The columns; the subject gets the room that the others leave."""
    wide = width >= 110
    return (
        Column("at", "When", 16, help="When it was sent or is tried next; before that, when it was ordered."),
        Column("state", "State", 9),
        Column("address", "Address", 30 if wide else 22),
        Column("subject", "Subject", max(18, min(60, width - 90 if wide else width - 58))),
        Column("name", "To", 22 if wide else 16),
        Column("answer", "Answer", 40, help="What the server said."),
    )


def _row(one: Message, job: Job, names: dict[int, str], now: datetime) -> FoundRow:
    customer = names.get(one.customer_id, f"#{one.customer_id}")
    cells = {
        "at": Cell(moment_of(one, now) or local(job.at)),
        "state": Cell(one.state.label, TONES.get(one.state, "")),
        "address": Cell(one.address),
        "subject": Cell(one.subject or title_of(job)),
        "name": Cell(one.name, "dim"),
        "answer": Cell(answer_of(one), "bad" if one.state is State.FAILED else "dim"),
    }
    return FoundRow(one.id, cells, message=one, job=job, customer=customer)
