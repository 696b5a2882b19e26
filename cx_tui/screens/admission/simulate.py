"""Simulate: a call as one describes it, and what every gate says to it."""

import shlex
from datetime import UTC, datetime
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.domain import fields as field
from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.engine import Decision
from cx_tui.domain.admission.facts import Customer, Direction
from cx_tui.domain.admission.networks import network_of_address, network_text
from cx_tui.domain.calls.call import Call as Finished
from cx_tui.domain.fields import Field
from cx_tui.errors import CxError
from cx_tui.screens.admission.opening import open_where
from cx_tui.screens.admission.trace import COLUMNS, GateRow, gate_rows
from cx_tui.screens.form_fields import form_field
from cx_tui.screens.header import Header
from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.times import local
from cx_tui.terminal.in_order import OPENS
from widgets.form import Form
from widgets.function_keys import DO, TAB_AFTER
from widgets.grid import Grid, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part


class Asked:
    """The fields of the question."""

    dialled: str = field.text("Dialled number", tab="Call", max_length=60, help="As the customer dials it.")
    cli: str = field.text("CLI", tab="Call", max_length=60, help="The caller's number as it is received.")
    source: str = field.address("Source address", tab="Call", help="The address that the call comes from.")
    user: str = field.text("SIP user", tab="Call", max_length=64, help="Or the user who makes it.")
    paid: str = field.text("P-Asserted-ID", tab="Call", max_length=60, help="If the caller sends one.")
    direction: Direction = field.choice(
        "Direction", Direction, tab="Call", default=Direction.TERMINATION,
        help="A call of the customer, or one that comes in to a DID.",
    )  # fmt: skip
    moment: datetime | None = field.zoned_moment("Moment", tab="Call", help="Empty is now.")


def asked_fields() -> dict[str, Field]:
    """The fields of the question by name."""
    return {
        name: Field(**{**vars(each.metadata["field"]), "name": name})
        for name, each in vars(Asked).items()
        if not name.startswith("_")
    }


class SimulateScreen(Screen[None]):
    """A question above, the trace beneath."""

    CSS_PATH = "admission.tcss"
    TITLE = "simulate a call"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"{DO},ctrl+s", "simulate", "simulate", id="simulate.run",
                tooltip="Send this call through every gate; it is kept in the list of calls as simulated."),
        Binding(TAB_AFTER, "other", "question/trace", id="simulate.other", priority=True,
                tooltip="Go from the question to the trace, and back."),
        Binding("ctrl+n", "number", "follow number", id="simulate.number",
                tooltip="Follow the dialled number through every rule, route, rate and carrier."),
        Binding("escape", "leave", "back", id="simulate.leave", tooltip="Back to where you came from."),
    ]  # fmt: skip

    form = getters.query_one("#question", Form)
    grid = getters.query_one("#gates", ReadingGrid)

    def __init__(self, customer: Customer | None = None, *, like: Finished | None = None) -> None:
        """A question about a customer's call; `like` a finished one, as it would go now."""
        super().__init__()
        self._customer = customer
        self._like = like
        self._fields = asked_fields()
        self._decision: Decision | None = None
        self._asked = False
        """Whether the operator sent it: only that is kept."""

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def command(self) -> str:
        """The question, as a command."""
        said = self.form.values
        words = ["cx-tui", "simulate"]
        for name in ("source", "user", "dialled", "cli", "paid"):
            words += [f"--{name}", said[name]] if said.get(name) else []
        words += ["--at", said["moment"]] if said.get("moment") else []
        return shlex.join(words)

    def compose(self) -> ComposeResult:
        """The question, the answer, the trace."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        form = Form([form_field(each) for each in self._fields.values()], ascii=self.cx.ascii, id="question")
        form.show(self._begin())
        yield form
        yield Line(glyphs=glyphs, id="answer")
        yield ReadingGrid(COLUMNS, glyphs=glyphs, id="gates")
        yield KeyLine(glyphs=glyphs, id="keys")

    def _begin(self) -> dict[str, str]:
        """What the question begins with: where this customer's calls come from."""
        texts = {name: each.write(each.empty()) for name, each in self._fields.items()}
        if self._like:
            return texts | _as_it_came(self._like)
        if self._customer and self._customer.addresses:
            network = network_of_address(self._customer.addresses[0])
            texts["source"] = network_text(network).partition("/")[0]
        elif self._customer and self._customer.sip_users:
            texts["user"] = self._customer.sip_users[0].username
        return texts

    def on_mount(self) -> None:
        """Begin with the number."""
        of = self._customer.name if self._customer and not self._like else ""
        like = f"as it would go now; it came {local(self._like.invited_at)}" if self._like else ""
        self.query_one(Header).say(Part("Simulate a call", "strong"), Part(like), of=of)
        self.grid.notice("f10 sends the call through every gate; it is kept as a simulated call.", "dim")
        self.form.go("dialled")
        if self._like:
            self._simulate()

    def action_simulate(self) -> None:
        """Send the call through the gates, and keep it among the calls."""
        self._asked = True
        self._simulate()

    @work(exclusive=True, group="ask")
    async def _simulate(self) -> None:
        if self.form.check_all():
            self.form.first_error()
            return
        values = {name: each.parse(self.form.values.get(name, "")) for name, each in self._fields.items()}
        if not values["dialled"]:
            self.notify("Type the dialled number.", severity="warning")
            self.form.go("dialled")
            return
        call = Call(**{**values, "moment": values["moment"] or datetime.now(UTC)})
        try:
            self._decision = await (await self.cx.services()).admission.simulate(call)
        except CxError as error:
            self.notify(f"It can't be simulated: {error}.", severity="error")
            return
        await self.grid.show(RowsAtHand(gate_rows(self._decision.trace, ascii=self.cx.ascii)), keep=False)
        self._say(self._decision)
        if self._asked:
            self._keep(call, self._decision)

    @work(group="keep")
    async def _keep(self, call: Call, decision: Decision) -> None:
        """Keep it beside the real calls, where this session may write."""
        if self.cx.settings.database.read_only:
            return
        try:
            await (await self.cx.services()).keep_simulated(call, decision)
        except CxError as error:
            self.notify(f"It is not kept in the list of calls: {error}.", severity="warning")

    def awaits(self, key: str) -> bool:
        """Keys behind f10 act on the trace: they wait for it, but for the key that leaves."""
        asking = (one for one in self.workers if one.group == "ask" and one.node is self)
        return key != "escape" and any(not one.is_finished for one in asking)

    def _say(self, decision: Decision) -> None:
        """The answer in two lines: whether it passes, and what was made of the numbers."""
        said = decision.as_dict()
        code = f" ({decision.code})" if decision.code else ""
        first = [
            Part(f"{decision.sentence}{code}", "good" if decision.admitted else "bad"),
            Part(f"   {_as_it_went(self._like)}" if self._like else "", "dim"),
        ]
        numbers = f"{decision.dialled} → {decision.number}" if decision.number != decision.dialled else ""
        second = [
            Part(said["customer"], "strong"),
            Part(said["auth"], "dim"),
            Part(numbers.replace("→", "->") if self.cx.ascii else numbers),
            Part(f"shown as {decision.cli}" if decision.cli and decision.admitted else ""),
            Part(", ".join(f"{one['name']} {one['rate']}/min" for one in said["carriers"]), "accent"),
            Part(f"{decision.seconds:,} s at most" if decision.seconds else "", "dim"),
        ]
        self.query_one("#answer", Line).show_lines([LineText(first), LineText(spaced(second))])

    def action_other(self) -> None:
        """Go from the question to the trace, and back."""
        if self.grid.has_focus:
            self.form.go("dialled")
        else:
            self.grid.focus()

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Open what the gate looks at."""
        if isinstance(event.row, GateRow) and event.row.where:
            self._open(event.row)

    @work(group="act", name=OPENS)
    async def _open(self, row: GateRow) -> None:
        customer = self._decision.customer if self._decision else None
        if row.where and customer:
            await open_where(self, row.where, customer.id)
            self._simulate()

    @work(group="act", name=OPENS)
    async def action_number(self) -> None:
        """Follow the number through every step."""
        from cx_tui.screens.admission.number import NumberScreen

        customer = (self._decision.customer if self._decision else None) or self._customer
        if customer is None:
            self.notify("Simulate the call first; that shows whose number it is.", severity="warning")
            return
        dialled = self.form.values.get("dialled", "")
        await self.app.push_screen_wait(NumberScreen(customer.id, customer.name, dialled))

    def action_leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)


def _as_it_went(call: Finished) -> str:
    """What became of a finished call, to be held against what would become of it now."""
    if call.gate:
        return f"Then the gate {call.gate} refused it."
    code = f" ({call.sip_code})" if call.sip_code else ""
    by = f" by {call.carrier}" if call.carrier else ""
    return f"Then it was {'answered' if call.connected else 'passed, and not answered'}{by}{code}."


def _as_it_came(call: Finished) -> dict[str, str]:
    """The question that a finished call was."""
    kind, _, user = call.auth.partition(" ")
    return {
        "dialled": call.dialled,
        "cli": call.cli_in or call.cli,
        "source": call.src_ip,
        "user": user if kind == "user" else "",
        "paid": call.paid,
        "direction": call.direction,
    }
