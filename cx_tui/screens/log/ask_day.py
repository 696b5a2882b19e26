"""Asking for a day."""

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from cx_tui.domain.kinds import BadValue, Day
from widgets.line import Line, Part

EARLIEST, LATEST = date(1970, 1, 2), date(9999, 12, 30)


class AskDay(ModalScreen[date | None]):
    """A day is typed; enter takes it, esc takes none."""

    CSS_PATH = "ask_day.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="day.back", tooltip="Leave without a day."),
    ]

    def compose(self) -> ComposeResult:
        """The question, the box, what is wrong."""
        with Vertical():
            yield Line(id="title")
            yield Input(placeholder=Day.example, compact=True, id="day")
            yield Line(id="said")

    def on_mount(self) -> None:
        """Ask."""
        self.query_one("#title", Line).show(Part("Show the operations of this day", "strong"))
        self.typing()

    @on(Input.Changed)
    def typing(self) -> None:
        """What was wrong is being mended."""
        self.query_one("#said", Line).show(right=[Part("enter shows it   esc leaves", "dim")])

    @on(Input.Submitted)
    def typed(self, event: Input.Submitted) -> None:
        """Take the day, or say what is wrong with it."""
        try:
            day = Day().parse(event.value)
        except BadValue as error:
            self.query_one("#said", Line).show(Part(str(error), "bad"))
            return
        self.dismiss(max(EARLIEST, min(day, LATEST)))

    def action_leave(self) -> None:
        """No day."""
        self.dismiss(None)
