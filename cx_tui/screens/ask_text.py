"""Asking for one line of text, such as a reason or a period; what is wrong with it is said."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from widgets.line import Line, Part
from widgets.text import visible

Wrong = Callable[[str], str]
"""What is wrong with a text, as a sentence; empty when nothing is."""


def _nothing(text: str) -> str:
    return ""


class AskText(ModalScreen[str | None]):
    """A text is typed; enter takes it, esc takes none."""

    CSS_PATH = "ask_text.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="ask_text.back", tooltip="Leave without it; nothing is done."),
    ]

    def __init__(
        self,
        title: str,
        does: str,
        *,
        text: str = "",
        example: str = "",
        explains: str = "",
        wrong: Wrong = _nothing,
    ) -> None:
        super().__init__()
        self.title = title
        self._does, self._text, self._example, self._explains = does, text, example, explains
        self._wrong = wrong

    def compose(self) -> ComposeResult:
        """The question, what it means, the box, what is wrong."""
        with Vertical():
            yield Line(id="title")
            if self._explains:
                yield Static(visible(self._explains), markup=False, classes="line")
            yield Input(self._text, placeholder=self._example, compact=True, id="text")
            yield Line(id="said")

    def on_mount(self) -> None:
        """Ask."""
        self.query_one("#title", Line).show(Part(self.title or "", "strong"))
        self.query_one("#text", Input).cursor_blink = False
        self.typing()

    @on(Input.Changed)
    def typing(self) -> None:
        """What was wrong is being mended."""
        self.query_one("#said", Line).show(right=[Part(f"enter {self._does}   esc leaves", "dim")])

    @on(Input.Submitted)
    def typed(self, event: Input.Submitted) -> None:
        """Take the text, or say what is wrong with it."""
        text = event.value.strip()
        if why := self._wrong(text):
            self.query_one("#said", Line).show(Part(why[:1].upper() + why[1:], "bad"))
            return
        self.dismiss(text)

    def action_leave(self) -> None:
        """None."""
        self.dismiss(None)


def required(text: str) -> str:
    """What is wrong with a text that has to be there."""
    return "" if text else "write it; it can't be understood later without it"
