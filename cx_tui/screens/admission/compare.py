"""A call that was made, simulated twice: as its customer was then, and as it is now; what differs."""

from collections.abc import Sequence
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.domain.admission.call import Step, Where
from cx_tui.domain.calls.call import Call as Finished
from cx_tui.errors import CxError
from cx_tui.screens.admission.opening import open_where
from cx_tui.screens.admission.trace import ASCII_SIGNS, SIGNS, GateRow
from cx_tui.screens.as_command import call_command
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.times import local
from cx_tui.services.admission.admission import ThenAndNow
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Grid, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part

GATE, EDGES, LEAST = 14, 8, 24


def columns(width: int) -> tuple[Column, ...]:
    """The gate, and what it says then and now, side by side on a screen of such a width."""
    half = max(LEAST, (width - GATE - EDGES) // 2)
    return (
        Column("gate", "Gate", width=GATE, frozen=True, help="In the order in which a call meets them."),
        Column("then", "As it was", width=half, help="What the gate says with the records of then."),
        Column("now", "As of now", width=half, help="What the gate says with the records of now."),
    )


class CompareScreen(Screen[None]):
    """The two traces side by side."""

    CSS_PATH = "admission.tcss"
    TITLE = "then and now"
    AUTO_FOCUS = "#gates"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "all", "all gates", id="compare.all", tooltip="Show all gates, or those that differ."),
        Binding("S", "simulate", "simulate", id="compare.simulate",
                tooltip="Change the call, and send it through every gate."),
        Binding(f"r,{LOOK}", "look", "look again", show=False, id="compare.look",
                tooltip="Simulate both again."),
        Binding("escape", "leave", "back", id="compare.leave", tooltip="Back to the call."),
    ]  # fmt: skip

    grid = getters.query_one("#gates", ReadingGrid)

    def __init__(self, call: Finished) -> None:
        super().__init__()
        self._call = call
        self._found: ThenAndNow | None = None
        self._all = False

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def command(self) -> str:
        """The same as a command."""
        return call_command("compare", self._call, *(["--all"] if self._all else []))

    def compose(self) -> ComposeResult:
        """Which call it is, both answers, the gates, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield Line(glyphs=glyphs, id="answer")
        yield ReadingGrid(columns(self.app.size.width), glyphs=glyphs, id="gates")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Simulate both."""
        self.watch(self.grid, "looked_at", self._say_more, init=False)
        arrow = "->" if self.cx.ascii else "→"
        call = self._call
        numbers = f"{call.cli_in or call.cli or 'no number'} {arrow} {call.dialled}"
        title = [Part(numbers, "strong"), Part(local(call.invited_at), "dim")]
        self.query_one(Header).say(*title)
        self.grid.notice("Simulating …", "dim")
        self.action_look()

    def awaits(self, key: str) -> bool:
        """Keys act on the gates: they wait for them, but for the key that leaves."""
        reading = (one for one in self.workers if one.group == "read" and one.node is self)
        return key != "escape" and any(not one.is_finished for one in reading)

    @work(exclusive=True, group="read")
    async def action_look(self) -> None:
        """Simulate the call twice."""
        try:
            self._found = await (await self.cx.services()).admission.then_and_now(self._call)
        except CxError as error:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
            return
        await self._show()

    async def _show(self) -> None:
        found = self._found
        if found is None:
            return
        rows = _rows(found.then.trace, found.now.trace, all_of_them=self._all, ascii=self.cx.ascii)
        answers = [
            LineText([Part("As it was  ", "dim"), _answer(found.then.sentence, found.then.code)]),
            LineText([Part("As of now  ", "dim"), _answer(found.now.sentence, found.now.code)]),
        ]
        self.query_one("#answer", Line).show_lines(answers)
        if rows:
            await self.grid.show(RowsAtHand(rows), keep=True)
        else:
            self.grid.notice("Every gate says the same then and now; f shows them.", "dim")
        self._say_more()

    def _say_more(self) -> None:
        """The whole sentence of the cell under the cursor."""
        row, column = self.grid.cursor.row, self.grid.cursor.column
        text = row.cell(column.key).text if row and column else ""
        opens = "enter opens what is to be changed" if isinstance(row, GateRow) and row.where else ""
        self.query_one("#detail", Line).show(Part(text), right=[Part(opens, "dim")])

    async def action_all(self) -> None:
        """Show all gates, or those that differ."""
        self._all = not self._all
        await self._show()

    @work(group="act", name=OPENS)
    async def action_simulate(self) -> None:
        """Change the call, and send it through the gates."""
        from cx_tui.screens.admission.simulate import SimulateScreen

        await self.app.push_screen_wait(SimulateScreen(like=self._call))

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Open what the gate looks at."""
        if isinstance(event.row, GateRow) and event.row.where:
            self._open(event.row.where)

    @work(group="act", name=OPENS)
    async def _open(self, where: Where) -> None:
        await open_where(self, where, self._call.customer_id or 0)
        self.action_look()

    def action_leave(self) -> None:
        """Back to the call."""
        self.dismiss(None)


def _answer(sentence: str, code: int) -> Part:
    return Part(f"{sentence} ({code})" if code else sentence, "bad" if code else "good")


def _rows(then: Sequence[Step], now: Sequence[Step], *, all_of_them: bool, ascii: bool) -> list[GateRow]:
    signs = ASCII_SIGNS if ascii else SIGNS
    rows = []
    for place, (before, after) in enumerate(zip(then, now, strict=True), 1):
        same = (before.state, before.value, before.sentence) == (after.state, after.value, after.sentence)
        if same and not all_of_them:
            continue
        cells = {"gate": Cell(after.gate, "dim" if same else "")}
        for name, step in (("then", before), ("now", after)):
            sign, tone = signs[step.state]
            said = f"{sign} {step.value}: {step.sentence}" if step.sentence else f"{sign} {step.state}"
            cells[name] = Cell(said, "dim" if same else tone)
        rows.append(GateRow(place, cells, where=after.where or before.where))
    return rows
