"""The outbox: the jobs, the newest first, and how far the messages of each have come."""

from collections import Counter
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from cx_tui.domain.outbox import Job, State, Way
from cx_tui.errors import CxError
from cx_tui.screens.as_command import words_of
from cx_tui.screens.ask import Ask, required
from cx_tui.screens.following import Follower
from cx_tui.screens.header import Header
from cx_tui.screens.outbox import outbox_sentences
from cx_tui.screens.outbox.acts import ActingPage
from cx_tui.screens.outbox.found import FoundScreen
from cx_tui.screens.outbox.job import JobScreen
from cx_tui.screens.outbox.source import Counts, JobRow, job_columns, job_rows
from cx_tui.screens.present import spaced
from cx_tui.screens.read_only import may_write
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.stakes import counted
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Grid, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part
from widgets.text import visible

MOST = 200
"""So many jobs are read."""


class OutboxScreen(ActingPage, Follower):
    """What was ordered to be sent."""

    TITLE = "the outbox"
    CSS_PATH = "outbox.tcss"
    AUTO_FOCUS = "#jobs"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="outbox.back", tooltip="Back to the customers."),
        Binding("slash", "find", "find", id="outbox.find",
                tooltip="Find the messages to an address or a name, in all jobs."),
        Binding("p", "try_again", "try again", id="outbox.try_again",
                tooltip="Try paused messages again at once."),
        Binding("c", "test_connection", "test servers", id="outbox.test_connection",
                tooltip="Say what works, and what is wrong, with the mail server and the SMS account."),
    ]  # fmt: skip

    def __init__(self, send_key: str = "s") -> None:
        super().__init__()
        self._send_key = send_key
        self._busy = False
        self._paused = ""

    def compose(self) -> ComposeResult:
        """The header, what is paused, the jobs, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield Static(markup=False, id="pauses")
        yield ReadingGrid(job_columns(self.app.size.width), glyphs=glyphs, id="jobs")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read the outbox, and go on reading it."""
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.notice("Reading the outbox …")
        self.show_head(Part("Outbox", "strong"))
        self.keep_up()

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Read the outbox again, unless that is being done."""
        if not self._busy:
            await self.read()

    async def read(self) -> None:
        """Read the outbox; only what differs is drawn again."""
        self._busy = True
        try:
            outbox = (await self.cx.services()).outbox
            found, pauses = await outbox.jobs(MOST), await outbox.pauses()
            stopped = [one.id for one, counts in found if counts.get(State.HELD)]
            held = await outbox.held(stopped) if stopped else {}
        except CxError as error:
            self.explain(error)
            self.show_head(Part("Outbox", "strong"))
            return
        finally:
            self._busy = False
        source = self.grid.rows.source
        if isinstance(source, RowsAtHand) and source.renew(job_rows(found)):
            await self.grid.changes.fetch()
        else:
            await self.grid.show(RowsAtHand(job_rows(found)))
        self.wrong, self.read_at = "", datetime.now(UTC)
        self.grid.notice("" if found else outbox_sentences.NOTHING.format(key=self._send_key), "dim")
        held_lines = outbox_sentences.held_lines([one for one, _ in found], held)
        self.show_pauses(outbox_sentences.pause_lines(pauses, self.read_at) + held_lines)
        total: Counter[State] = Counter()
        for _, counts in found:
            total.update(counts)
        jobs = f"the newest {MOST:,} jobs" if len(found) == MOST else counted(len(found), "job")
        self.show_head(
            Part("Outbox", "strong"), Part(jobs if found else "", "dim"), *outbox_sentences.numbers(total)
        )
        self.show_detail()

    def show_pauses(self, lines: list[str]) -> None:
        """Say why nothing is sent."""
        text = "\n".join(visible(line) for line in lines)
        if text != self._paused:
            self._paused = text
            paused = self.query_one("#pauses", Static)
            paused.set_class(bool(text), "-paused")
            paused.update(text)

    def show_detail(self) -> None:
        """Say more of the job under the cursor."""
        detail, here = self.query_one("#detail", Line), self.here()
        if here is None:
            detail.show_lines([])
            return
        job, counts = here
        lines = (
            outbox_sentences.first_line(job, counts),
            outbox_sentences.second_line(job, counts, datetime.now(UTC)),
        )
        detail.show_lines([LineText(spaced(line)) for line in lines])

    def command(self) -> str:
        """The jobs, as a command."""
        return words_of("outbox")

    def here(self) -> tuple[Job, Counts] | None:
        """The job under the cursor."""
        row = self.grid.cursor.row
        return (row.job, row.counts or {}) if isinstance(row, JobRow) and row.job else None

    @on(Grid.Chosen)
    def open_job(self) -> None:
        """Show the messages of the job under the cursor."""
        if here := self.here():
            self.app.push_screen(JobScreen(*here), lambda _: self.action_refresh())

    @work(group="find", name=OPENS)
    async def action_find(self) -> None:
        """Ask for an address, and show the messages to it."""
        text = await self.app.push_screen_wait(
            Ask("Find messages to which address or name?", required, does="find them",
                explains="A part of an address, a number or a name; in all jobs.")
        )  # fmt: skip
        if text:
            self.app.push_screen(FoundScreen(text))

    @work(group="act")
    async def action_try_again(self) -> None:
        """Try paused messages again at once."""
        if not may_write(self, "nothing can be sent"):
            return
        try:
            outbox = (await self.cx.services()).outbox
            for way in Way:
                await outbox.try_again(way)
        except CxError as error:
            self.explain(error)
            return
        self.notify("Paused messages are being tried again.")
        await self.read()

    @work(group="test", exclusive=True)
    async def action_test_connection(self) -> None:
        """Say what works with the servers, and what is wrong."""
        self.notify("Asking the mail server and the SMS account …")
        for way in Way:
            try:
                self.notify(f"{way.label}: {await (await self.cx.services()).delivery.test_connection(way)}.")
            except CxError as error:
                self.notify(f"{way.label}: {error}.", severity="error", timeout=15)

    def action_leave(self) -> None:
        """Back to the customers."""
        self.dismiss(None)
