"""Asking for a short text, which may be judged while it is typed."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from widgets.line import Line, Part


class AskText(ModalScreen[str | None]):
    """A text is typed; enter takes it, esc takes none.  `wrong` says what is wrong with it."""

    DEFAULT_CSS = """
    AskText {
        align: center middle;
        & > Vertical { width: 64; max-width: 96%; height: auto; background: $panel; padding: 1 2; }
        & Line { height: 1; }
        & Input { margin: 1 0; background: $surface; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="ask.back", tooltip="Leave without it."),
    ]

    def __init__(
        self, title: str, value: str = "", *, hint: str = "", wrong: Callable[[str], str] = lambda text: ""
    ) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._hint = hint
        self._wrong = wrong

    def compose(self) -> ComposeResult:
        """The question, the box, what is wrong."""
        with Vertical():
            yield Line(id="title")
            yield Input(self._value, compact=True, id="asked")
            yield Line(id="hint")
            yield Line(id="said")

    def on_mount(self) -> None:
        """Ask."""
        self.query_one("#title", Line).show(Part(self._title, "strong"))
        self.query_one("#hint", Line).show(Part(self._hint, "dim"))
        self.typing()

    @on(Input.Changed)
    def typing(self) -> None:
        """What was wrong is being mended."""
        self.query_one("#said", Line).show(right=[Part("enter takes it   esc leaves", "dim")])

    @on(Input.Submitted)
    def typed(self, event: Input.Submitted) -> None:
        """Take it, or say what is wrong with it."""
        text = event.value.strip()
        if said := self._wrong(text) if text else "type something, or press esc":
            self.query_one("#said", Line).show(Part(said, "bad"))
            return
        self.dismiss(text)

    def action_leave(self) -> None:
        """None."""
        self.dismiss(None)
