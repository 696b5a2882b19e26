"""Why can this customer not call: every gate, its value, what to do; or of many who is stopped by what."""

from collections.abc import Sequence
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.errors import CxError
from cx_tui.screens.admission.opening import open_where
from cx_tui.screens.admission.trace import COLUMNS, GateRow, gate_rows
from cx_tui.screens.as_command import words_of
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.services.admission.admission import Standing
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Grid, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, Part

MOST = 2_000
"""So many customers are looked at together."""

STANDINGS = (
    Column("name", "Customer", width=26, frozen=True),
    Column("gates", "Stopped by", width=26, help="The gates that refuse every call."),
    Column("sentence", "First of all", width=100, help="What the first of them says."),
)


class WhyScreen(Screen[None]):
    """The gates of a customer, or how several customers stand."""

    CSS_PATH = "admission.tcss"
    TITLE = "why no calls"
    AUTO_FOCUS = "#gates"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "simulate", "simulate a call", id="why.simulate",
                tooltip="Try a call of this customer, through every gate."),
        Binding(f"r,{LOOK}", "refresh", "refresh", id="why.refresh", tooltip="Look again."),
        Binding("escape", "leave", "back", id="why.leave", tooltip="Back to where you came from."),
    ]  # fmt: skip

    grid = getters.query_one("#gates", ReadingGrid)

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__()
        self._ids = list(ids)[:MOST]
        self._more = len(ids) - len(self._ids)
        self._standings: dict[int, Standing] = {}

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    @property
    def _of_one(self) -> bool:
        return len(self._ids) == 1

    def command(self) -> str:
        """The same as a command."""
        return words_of("why", None, *(f"#{one}" for one in self._ids))

    def compose(self) -> ComposeResult:
        """The header, the gates or the customers, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield ReadingGrid(COLUMNS if self._of_one else STANDINGS, glyphs=glyphs, id="gates")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Look."""
        self.watch(self.grid, "looked_at", self._say_more, init=False)
        self.query_one(Header).say(Part("Why no calls", "strong"))
        self.grid.notice("Looking …", "dim")
        self.action_refresh()

    def awaits(self, key: str) -> bool:
        """Keys act on the gates: they wait for them, but for the key that leaves."""
        reading = (one for one in self.workers if one.group == "read" and one.node is self)
        return key != "escape" and any(not one.is_finished for one in reading)

    @work(exclusive=True, group="read")
    async def action_refresh(self) -> None:
        """Look again."""
        try:
            found = await (await self.cx.services()).admission.why(self._ids)
        except CxError as error:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
            return
        self._standings = {one.customer.id: one for one in found}
        if not found:
            self.grid.notice("It no longer exists.", "dim")
            return
        rows: list[Row] = []
        rows += gate_rows(found[0].steps, ascii=self.cx.ascii) if self._of_one else map(_standing_row, found)
        await self.grid.show(RowsAtHand(rows), keep=True)
        self._say(found)

    def _say(self, found: Sequence[Standing]) -> None:
        stopped = sum(not one.can_call for one in found)
        if self._of_one:
            name = found[0].customer.name
            name = "It" if self.query_one(Header).knows(name) else name
            said = Part(f"{name} can't call" if stopped else f"{name} can call", "bad" if stopped else "good")
            parts = [said, Part("" if stopped else "no gate that needs no call refuses", "dim")]
        else:
            parts = [Part(f"{stopped:,} of {len(found):,} customers can't call", "strong")]
            parts.append(Part(f"the first {MOST:,} of those marked" if self._more > 0 else "", "warn"))
        self.query_one(Header).say(*parts)
        self._say_more()

    def _say_more(self) -> None:
        """The whole sentence of the row under the cursor, and whether enter leads somewhere."""
        row = self.grid.cursor.row
        text = row.cell("sentence").text if row else ""
        opens = "enter opens what is to be changed" if isinstance(row, GateRow) and row.where else ""
        self.query_one("#detail", Line).show(Part(text), right=[Part(opens, "dim")])

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Open what the gate looks at, or the gates of the customer."""
        if isinstance(event.row, GateRow):
            if event.row.where:
                self._open(event.row)
        else:
            self.app.push_screen(WhyScreen([event.row.key]))

    @work(group="act", name=OPENS)
    async def _open(self, row: GateRow) -> None:
        if row.where:
            await open_where(self, row.where, self._ids[0])
            self.action_refresh()

    def action_simulate(self) -> None:
        """Try a call of this customer."""
        from cx_tui.screens.admission.simulate import SimulateScreen

        row = self.grid.cursor.row
        customer_id = self._ids[0] if self._of_one else row.key if row else self._ids[0]
        standing = self._standings.get(customer_id)
        self.app.push_screen(SimulateScreen(standing.customer if standing else None))

    def action_leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)


def _standing_row(one: Standing) -> Row:
    stopped = one.stopped_by
    tone = "bad" if stopped else "good"
    gates = ", ".join(step.gate for step in stopped) or "nothing"
    return Row(
        one.customer.id,
        {
            "name": one.customer.name,
            "gates": Cell(gates, tone),
            "sentence": Cell(stopped[0].sentence if stopped else "", ""),
        },
    )
