"""Calls by carrier, SIP code, ending or gate: how many, ASR, ACD, the spread of PDD, the peak of CPS."""

from datetime import datetime
from typing import ClassVar, cast

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.kinds import CallSeconds
from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.calls.reading import calls_of
from cx_tui.screens.header import Header
from cx_tui.screens.present import LOW_ASR, limited, one_of
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, Part

KINDS = {"carrier": "carrier", "sip_code": "SIP code", "release": "who ended it", "gate": "our own gate"}
ALL = "all calls"
LENGTH, TENTHS = CallSeconds(), CallSeconds(tenths=True)

COLUMNS = (
    Column("value", "", 28, frozen=True),
    Column("attempts", "Attempts", 10, "right", help="Calls that were made in this time."),
    Column("share", "Share", 7, "right", help="Its share of all of them, in percent."),
    Column("asr", "ASR", 6, "right", help="Calls connected, in percent."),
    Column("acd", "ACD", 7, "right", help="Talk time divided by answered calls."),
    Column("pdd50", "PDD 50", 7, "right", help="Half of the calls rang within this many seconds."),
    Column("pdd90", "90", 7, "right", help="Nine out of ten calls rang within this many seconds."),
    Column("pdd99", "99", 7, "right", help="99 out of a hundred calls rang within this many seconds."),
    Column("cps", "Peak CPS", 9, "right", help="The most calls begun in one second."),
)  # fmt: skip


class BreakdownScreen(Screen[None]):
    """The groups; `t` groups by something else."""

    CSS_PATH = "calls.tcss"
    TITLE = "calls in groups"
    AUTO_FOCUS = "#groups"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "by(1)", "by carrier/code/…", id="breakdown.by",
                tooltip="Group by carrier, SIP code, who ended the call, or the gate that refused it."),
        Binding("T", "by(-1)", "back", show=False, id="breakdown.back_by", tooltip="The previous grouping."),
        Binding(f"r,{LOOK}", "look", "refresh", id="breakdown.look", tooltip="Read the calls again."),
        Binding("escape", "leave", "back", id="breakdown.leave", tooltip="Back to the plots."),
    ]  # fmt: skip

    grid = getters.query_one("#groups", ReadingGrid)

    def __init__(self, customer_id: int | None, first: datetime, of: str) -> None:
        super().__init__()
        self._query = CallQuery(customer_id, first)
        self._first, self._of = first, of
        self._by = "carrier"

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def command(self) -> str:
        """The same as a command."""
        first = self._query.first
        begins = option("from", first.isoformat() if first else "")
        return words_of("calls groups", self._query.customer_id, "--by", self._by, *begins)

    def compose(self) -> ComposeResult:
        """What is grouped, the groups, what a column means, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield Line(glyphs=glyphs, id="kinds")
        yield ReadingGrid(COLUMNS, glyphs=glyphs, id="groups")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read the calls."""
        self.watch(self.grid, "looked_at", self._say_more, init=False)
        self.action_look()

    @work(exclusive=True, group="read")
    async def action_look(self) -> None:
        """Group the calls, in a process of its own."""
        from cx_tui.services.calls.breakdown import break_down

        self._say()
        self.grid.notice("Reading the calls …", "dim")
        try:
            found = await break_down(await calls_of(self.cx), self._query, self._by)
        except CxError as error:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
            return
        if not found:
            self.grid.notice("There were no such calls.\n\nesc goes back to the plots", "dim")
            return
        total = found[0].attempts
        rows = []
        for place, one in enumerate(found):
            asr, acd = one.asr, one.acd
            tone = "strong" if not place else ""
            low = asr is not None and asr < LOW_ASR and place
            cells = {
                "value": Cell(one.value or ALL, tone),
                "attempts": Cell(f"{one.attempts:,}", tone),
                "share": Cell(f"{100 * one.attempts / total:.1f}", tone),
                "asr": limited(f"{asr:.1f}", True)
                if low
                else Cell("" if asr is None else f"{asr:.1f}", tone),
                "acd": Cell("" if acd is None else LENGTH.show(acd), tone),
                "cps": Cell(f"{one.cps:,}", tone),
            }
            for name, seconds in zip(("pdd50", "pdd90", "pdd99"), one.pdd, strict=True):
                cells[name] = Cell(TENTHS.show(seconds), tone)
            rows.append(Row(place, cells))
        await self.grid.show(RowsAtHand(rows), keep=False)
        self._say_more()

    def _say(self) -> None:
        kinds = [one_of(said, chosen=by == self._by) for by, said in KINDS.items()]
        self.query_one(Header).say(
            Part("Calls in groups", "strong"),
            Part(f"since {self._first:%Y-%m-%d %H:%M} UTC", "dim"),
            of=self._of,
        )
        self.query_one("#kinds", Line).show(Part("by ", "dim"), *kinds)

    def _say_more(self) -> None:
        """What the column under the cursor means."""
        column = self.grid.cursor.column
        self.query_one("#detail", Line).show(Part(column.help if column else "", "dim"))

    def action_by(self, by: int) -> None:
        """Group by something else."""
        kinds = list(KINDS)
        self._by = kinds[(kinds.index(self._by) + by) % len(kinds)]
        self.action_look()

    def action_leave(self) -> None:
        """Back to the plots."""
        self.dismiss(None)
