"""The number tracer: one number, and what every rule, route, rate and carrier of a customer does with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from cx_tui.domain.admission.call import Where
from cx_tui.errors import CxError
from cx_tui.screens.admission.opening import open_where
from cx_tui.screens.admission.trace import GateRow
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import AFTER, TAB_AFTER
from widgets.grid import Cell, Column, Grid, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, Part

if TYPE_CHECKING:
    from cx_tui.domain.admission.number_trace import NumberStep
    from cx_tui.services.admission.admission import NumberTrace

COLUMNS = (
    Column("step", "Step", width=18, help="The steps, in the order in which a number meets them."),
    Column("number", "Number", width=20, help="The number behind this step."),
    Column("sentence", "What happens", width=120, help="What the step does with the number, or why not."),
)


class NumberScreen(Screen[None]):
    """A number above, its steps beneath; they follow while it is typed."""

    CSS_PATH = "admission.tcss"
    TITLE = "follow a number"
    AUTO_FOCUS = "#number"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(AFTER, "entry", "other address", id="number.entry",
                tooltip="Have the number come from the customer's next address or SIP user."),
        Binding(TAB_AFTER, "other", "number/steps", id="number.other",
                tooltip="Go from the number to the steps, and back."),
        Binding("escape", "leave", "back", id="number.leave", tooltip="Back to where you came from."),
    ]  # fmt: skip

    grid = getters.query_one("#gates", ReadingGrid)

    def __init__(self, customer_id: int, of: str, dialled: str = "") -> None:
        super().__init__()
        self._customer_id = customer_id
        self._of = of
        self._dialled = dialled
        self._entry = 0
        self._place = 0
        """Which of the customer's addresses and SIP users it is."""

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def command(self) -> str:
        """The same as a command."""
        number = self.query_one(Input).value.strip()
        entry = option("entry", self._place + 1 if self._place else "")
        return words_of("follow", self._customer_id, number, *entry)

    def compose(self) -> ComposeResult:
        """The header, the number, its steps, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield Input(self._dialled, placeholder="the number as it is dialled", compact=True, id="number")
        yield ReadingGrid(COLUMNS, glyphs=glyphs, id="gates")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Follow the number, or say what to do."""
        self.watch(self.grid, "looked_at", self._say_more, init=False)
        self.grid.notice("Type a number; its steps are shown here.", "dim")
        self._say("")
        if self._dialled:
            self.follow()

    @on(Input.Changed)
    def typing(self) -> None:
        """The steps follow what is typed."""
        self.follow(wait=self.cx.settings.search.wait)

    @on(Input.Submitted)
    def typed(self) -> None:
        """Go to the steps."""
        self.grid.focus()

    @work(exclusive=True, group="read")
    async def follow(self, *, wait: float = 0.0) -> None:
        """Show the steps of the number."""
        if wait:
            await self.cx.pause(wait)
        number = self.query_one(Input).value.strip()
        if not number:
            return
        try:
            admission = (await self.cx.services()).admission
            found = await admission.follow_number(self._customer_id, number, self._entry)
        except CxError as error:
            self.grid.notice(f"{error}", "bad")
            return
        await self.grid.show(RowsAtHand(_rows(found.steps)), keep=True)
        self._place = found.place
        self._say(_by(found))

    def awaits(self, key: str) -> bool:
        """Keys in the steps wait for them."""
        reading = (one for one in self.workers if one.group == "read" and one.node is self)
        return key in ("enter", TAB_AFTER) and any(not one.is_finished for one in reading)

    def _say(self, by: str) -> None:
        self.query_one(Header).say(Part("Follow a number", "strong"), Part(by, "dim"), of=self._of)
        self._say_more()

    def _say_more(self) -> None:
        """The whole sentence of the step under the cursor, and whether enter leads somewhere."""
        row = self.grid.cursor.row
        text = row.cell("sentence").text if row else ""
        opens = "enter opens what is to be changed" if isinstance(row, GateRow) and row.where else ""
        self.query_one("#detail", Line).show(Part(text), right=[Part(opens, "dim")])

    def action_entry(self) -> None:
        """Let the number come by the next address or user."""
        self._entry += 1
        self.follow()

    def action_other(self) -> None:
        """Go from the number to the steps, and back."""
        (self.query_one(Input) if self.grid.has_focus else self.grid).focus()

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Open what the step looks at."""
        if isinstance(event.row, GateRow) and event.row.where:
            self._open(event.row.where)

    @work(group="act", name=OPENS)
    async def _open(self, where: Where) -> None:
        await open_where(self, where, self._customer_id)
        self.follow()

    def action_leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)


def _rows(steps: "Sequence[NumberStep]") -> list[GateRow]:
    rows = []
    for place, one in enumerate(steps, 1):
        tone = "" if one.did else "dim"
        cells = {
            "step": Cell(one.step, tone),
            "number": Cell(one.number, "accent" if one.did else "dim"),
            "sentence": Cell(one.sentence, tone),
        }
        rows.append(GateRow(place, cells, where=one.where))
    return rows


def _by(found: "NumberTrace") -> str:
    """By which of how many entries it comes."""
    if not found.entries:
        return "the customer has no address or SIP user"
    number = f", {found.place + 1} of {found.entries}" if found.entries > 1 else ""
    return f"by {found.entry}{number}"
