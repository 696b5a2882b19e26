"""One message: to whom, what became of it in full, and what it says."""

from typing import ClassVar, cast

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from cx_tui.domain.outbox import OPEN, Job, Message, State
from cx_tui.screens.outbox.message_source import answer_of
from cx_tui.screens.outbox.source import TONES
from cx_tui.screens.program import Program
from cx_tui.screens.stakes import counted
from cx_tui.screens.times import exact
from widgets.line import Line, LineText, Part
from widgets.text import visible

LABEL = 10


class MessageScreen(ModalScreen[None]):
    """A message to read."""

    CSS_PATH = "outbox.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Close", id="message.close", tooltip="Back to the list."),
        Binding("down,j", "read(1)", "Down", id="message.down", tooltip="Read on."),
        Binding("up,k", "read(-1)", "Up", id="message.up", tooltip="Read back."),
    ]

    paper = getters.query_one(VerticalScroll)

    def __init__(self, job: Job, message: Message, customer: str) -> None:
        super().__init__()
        self._job = job
        self._one = message
        self._customer = customer

    def compose(self) -> ComposeResult:
        """To whom, how it stands, the answer, the text."""
        glyphs, one = cast(Program, self.app).glyphs, self._one
        with Vertical():
            yield Line(glyphs=glyphs, id="title")
            yield Line(glyphs=glyphs, id="facts")
            bad = "-bad" if one.state is State.FAILED else None
            yield Static(visible(answer_of(one)) or "no answer yet", markup=False, id="answer", classes=bad)
            with VerticalScroll(can_focus=False):
                yield Static(_lines(self._text()), markup=False, id="text")
            yield Line(glyphs=glyphs, id="foot")

    def on_mount(self) -> None:
        """Show it."""
        one = self._one
        self.query_one("#title", Line).show(Part(f"{self._job.way.label} to {one.name}", "strong"))
        self.query_one("#foot", Line).show(right=[Part("esc closes", "dim")])
        tried = f"tried {counted(one.attempts, 'time')}" if one.attempts else "not tried yet"
        when = f"due {exact(one.due_at)}" if one.state in OPEN else ""
        when = f"sent {exact(one.sent_at)}" if one.sent_at else when
        standing = [Part(one.state.label, TONES.get(one.state, "")), Part(f"   {tried}   {when}", "dim")]
        facts = {"Address": [Part(one.address)], "Customer": [Part(self._customer)], "State": standing}
        if one.reference:
            facts["Reference"] = [Part(one.reference, "dim")]
        lines = [LineText([Part(name.ljust(LABEL), "dim"), *parts]) for name, parts in facts.items()]
        box = self.query_one("#facts", Line)
        box.set_class(len(lines) > len(("Address", "Customer", "State")), "-four")
        box.show_lines(lines)

    def _text(self) -> str:
        subject = self._job.subject if self._one.subject is None else self._one.subject
        body = self._job.body if self._one.body is None else self._one.body
        return f"{subject}\n\n{body}" if subject else body

    def action_read(self, by: int) -> None:
        """Read on, or back."""
        self.paper.scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)


def _lines(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))
