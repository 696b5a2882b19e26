"""One job: its messages, what became of each, and sending one again."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.outbox import Job, Message, State
from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.following import Follower
from cx_tui.screens.header import Header
from cx_tui.screens.outbox import outbox_sentences
from cx_tui.screens.outbox.acts import ActingPage
from cx_tui.screens.outbox.message import MessageScreen
from cx_tui.screens.outbox.message_source import MessageRow, MessageRows, answer_of, message_columns
from cx_tui.screens.outbox.source import SHOWN, Counts, title_of
from cx_tui.screens.present import spaced
from cx_tui.screens.read_only import may_write
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.stakes import short
from cx_tui.screens.times import exact
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Grid
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part


class JobScreen(ActingPage, Follower):
    """The messages of a job in their order; all of them or those in one state."""

    TITLE = "the messages"
    CSS_PATH = "outbox.tcss"
    AUTO_FOCUS = "#messages"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "filter", "state", id="outbox.state", tooltip="Show messages in one state only."),
        Binding("a", "again", "again", id="outbox.again", tooltip="Send this message again; asks first."),
        Binding("escape", "leave", "back", id="outbox.job_back",
                tooltip="Show all messages, then back to the outbox."),
    ]  # fmt: skip

    def __init__(self, job: Job, counts: Counts) -> None:
        super().__init__()
        self.job = job
        self.counts = dict(counts)
        self.only: State | None = None
        self._busy = False

    def compose(self) -> ComposeResult:
        """The header, the messages, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield ReadingGrid(message_columns(self.app.size.width), glyphs=glyphs, id="messages")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read the messages, and go on reading them."""
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.notice("Reading the messages …")
        self.show_lines()
        self.keep_up()

    @property
    def states(self) -> Collection[State]:
        """The states that are shown; none is all."""
        return [self.only] if self.only else []

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Read again, unless that is being done."""
        if not self._busy:
            await self.read()

    async def read(self) -> None:
        """Read how far it is; only what differs is drawn again."""
        self._busy, only = True, self.only
        try:
            session = await self.cx.services()
            for _, counts in await session.outbox.jobs(1, self.job.id + 1):
                self.counts = dict(counts)
        except CxError as error:
            self.explain(error)
            self.show_lines()
            return
        finally:
            self._busy = False
        if only is not self.only:
            return  # another state was chosen meanwhile, which is read by itself
        total = self.counts.get(only, 0) if only else sum(self.counts.values())
        source = self.grid.rows.source
        if isinstance(source, MessageRows) and source.total == total and source.states == self.states:
            await self.grid.changes.fetch()
        else:
            rows = MessageRows(session.outbox, session.log, self.job.id, self.states, total)
            await self.grid.show(rows)
        self.wrong, self.read_at = "", datetime.now(UTC)
        if not total:
            self.grid.notice("No message of this is in that state.\n\nesc shows all", "dim")
        self.show_lines()
        self.show_detail()

    def show_lines(self) -> None:
        """Say which job it is, and how far it is."""
        room = max(22, self.app.size.width - 80)
        parts = [Part(short(title_of(self.job), room), "strong"), *outbox_sentences.numbers(self.counts)]
        self.show_head(*parts, Part(f"only {self.only.label.lower()}" if self.only else "", "accent"))

    def show_detail(self) -> None:
        """Say more of the message under the cursor."""
        row, detail = self.grid.cursor.row, self.query_one("#detail", Line)
        if not isinstance(row, MessageRow) or row.message is None:
            detail.show_lines([])
            return
        one = row.message
        sent = f"sent {exact(one.sent_at)}" if one.sent_at else one.state.label.lower()
        first = [Part(one.name, "strong"), Part(one.address), Part(row.customer, "dim"), Part(sent, "dim")]
        said = Part(answer_of(one) or "no answer yet", "bad" if one.state is State.FAILED else "dim")
        reference = Part(f"reference {one.reference}" if one.reference else "", "dim")
        detail.show_lines([LineText(spaced(first)), LineText(spaced([said, reference]))])

    def command(self) -> str:
        """These messages, as a command."""
        state = self.only.value if self.only else ""
        return words_of("outbox", None, *option("job", self.job.id), *option("state", state))

    def here(self) -> tuple[Job, Counts] | None:
        """This job."""
        return self.job, self.counts

    def message_here(self) -> Message | None:
        """The message under the cursor."""
        row = self.grid.cursor.row
        return row.message if isinstance(row, MessageRow) else None

    @on(Grid.Chosen)
    def open_message(self, event: Grid.Chosen) -> None:
        """Show the message under the cursor in full."""
        if isinstance(event.row, MessageRow) and event.row.message:
            self.app.push_screen(MessageScreen(self.job, event.row.message, event.row.customer))

    @work(name=OPENS)
    async def action_filter(self) -> None:
        """Choose the state that is shown."""
        from widgets.menu import Item, Menu

        items = [Item("", "All", f"{sum(self.counts.values()):,}")]
        items += [Item(one.value, one.label, f"{self.counts.get(one, 0):,}") for one in SHOWN]
        now = self.only.value if self.only else ""
        menu = Menu("Show messages that are", items, now, glyphs=self.cx.glyphs)
        chosen = await self.app.push_screen_wait(menu)
        if chosen is not None:
            self.only = next((one for one in SHOWN if one.value == chosen), None)
            await self.read()

    @work(group="act", name=OPENS)
    async def action_again(self) -> None:
        """Ask, and send the message under the cursor again."""
        one = self.message_here()
        if one is None or not may_write(self, "nothing can be sent"):
            return
        if why := why_not(one):
            self.notify(why, severity="warning")
            return
        title = f"Send this message to {short(one.name, 40)} again?"
        if one.state is State.DELAYED:
            title = f"Send this message to {short(one.name, 40)} now?"
        asked = Confirm(title, outbox_sentences.again(self.job, one.state, 1), "Send it", no="Leave it")
        if await self.app.push_screen_wait(asked):
            await self.act(lambda outbox: outbox.send_again([one.id]), outbox_sentences.queued_again)

    @work(group="leave")
    async def action_leave(self) -> None:
        """Show all messages, then back to the outbox."""
        if self.only:
            self.only = None
            await self.read()
        else:
            self.dismiss(None)


def why_not(one: Message) -> str:
    """Why a message can't be sent again, as far as it is known here."""
    if one.state is State.SENT:
        return "It was sent; write a new message to say it again."
    if one.state is State.QUEUED:
        return "It waits to be sent already."
    return "It is being sent at this moment." if one.state is State.SENDING else ""
