"""Asking for one line: a text, a day, a moment, an amount.  What it means, or what is wrong with it, is said
while it is typed."""

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cx_tui.domain.kinds import BadValue
from widgets.line import Line, Part
from widgets.text import visible

T = TypeVar("T")


class Ask(ModalScreen[T | None], Generic[T]):
    """A line is typed; enter takes what is read from it, esc takes nothing."""

    CSS_PATH = "ask.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="ask.back", tooltip="Back; nothing is done."),
    ]

    def __init__(
        self,
        title: str,
        read: Callable[[str], T],
        *,
        does: str,
        text: str = "",
        example: str = "",
        explains: str = "",
        means: Callable[[T], str] = lambda value: "",
    ) -> None:
        super().__init__()
        self.title = title
        self._read, self._means = read, means
        self._does, self._text, self._example, self._explains = does, text, example, explains

    def compose(self) -> ComposeResult:
        """The question, what it is about, the box, what is typed means."""
        with Vertical():
            yield Line(id="title")
            if self._explains:
                yield Static(visible(self._explains), markup=False, id="explains")
            yield Input(self._text, placeholder=self._example, compact=True, id="asked")
            yield Static(markup=False, id="said")
            yield Line(id="keys")

    def on_mount(self) -> None:
        """Ask."""
        self.query_one("#title", Line).show(Part(self.title or "", "strong"))
        keys = [Part("enter", "accent"), Part(f" {self._does}   "), Part("esc", "accent"), Part(" back")]
        self.query_one("#keys", Line).show(right=keys)
        self.query_one(Input).cursor_blink = False
        self.set_focus(self.query_one(Input))
        self.typing()

    @on(Input.Changed)
    def typing(self) -> None:
        """Say what it means, or what is wrong with it; nothing as long as nothing is typed."""
        text = self.query_one(Input).value.strip()
        if not text:
            self._say("")
            return
        try:
            self._say(self._means(self._read(text)))
        except BadValue as error:
            self._say(f"! {error}", bad=True)

    @on(Input.Submitted)
    def typed(self, event: Input.Submitted) -> None:
        """Take it, or say what is wrong with it."""
        try:
            self.dismiss(self._read(event.value.strip()))
        except BadValue as error:
            self._say(f"! {error}", bad=True)

    def _say(self, sentence: str, *, bad: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(visible(sentence))
        said.set_class(bad, "-bad")

    def action_leave(self) -> None:
        """Nothing."""
        self.dismiss(None)


def required(text: str) -> str:
    """A text that has to be there."""
    if not text:
        raise BadValue("type something, or press esc")
    return text
