"""Asking for a moment in the past, and for a file to be written."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from cx_tui.domain.delay import EXAMPLE, earlier
from cx_tui.domain.kinds import BadValue
from cx_tui.screens.form.delay import LocalClock
from cx_tui.screens.times import exact
from widgets.line import Line, Part

T = TypeVar("T")


class _Ask(ModalScreen[T | None], Generic[T]):
    """One line is typed; what it means is said meanwhile."""

    CSS_PATH = "reports.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="ask.back", tooltip="Leave without an answer."),
    ]

    def __init__(self, question: str, hint: str, value: str, read: Callable[[str], T]) -> None:
        super().__init__()
        self._question, self._hint, self._value, self._read = question, hint, value, read

    def compose(self) -> ComposeResult:
        """The question, the box, what it means."""
        with Vertical():
            yield Line(id="title")
            yield Input(self._value, placeholder=self._hint, compact=True)
            yield Line(id="said")

    def on_mount(self) -> None:
        """Ask."""
        self.query_one("#title", Line).show(Part(self._question, "strong"))
        self.set_focus(self.query_one(Input))
        self.say()

    @on(Input.Changed)
    def say(self) -> None:
        """What it means, or what is wrong."""
        text = self.query_one(Input).value
        means = Part(self._hint, "dim")
        if text.strip():
            try:
                means = Part(self.in_words(self._read(text)), "good")
            except BadValue as error:
                means = Part(f"! {error}", "bad")
        self.query_one("#said", Line).show(means, right=[Part("enter   esc", "dim")])

    def in_words(self, value: T) -> str:
        """The answer as it is understood."""
        return str(value)

    @on(Input.Submitted)
    def answered(self, event: Input.Submitted) -> None:
        """Take the answer when it is one."""
        try:
            self.dismiss(self._read(event.value))
        except BadValue:
            self.say()

    def action_leave(self) -> None:
        """No answer."""
        self.dismiss(None)


class AskMoment(_Ask[datetime]):
    """A moment in the past."""

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__(
            question, f"{EXAMPLE}; 2h is two hours ago", value,
            lambda text: earlier(text, datetime.now(LocalClock())),
        )  # fmt: skip

    def in_words(self, value: datetime) -> str:
        return exact(value)


class AskFile(_Ask[Path]):
    """A file that is not there yet."""

    def __init__(self, question: str, value: str) -> None:
        super().__init__(question, "the name of a new file", value, _new_file)


def _new_file(text: str) -> Path:
    if not text.strip():
        raise BadValue("write the name of a new file")
    path = Path(text.strip()).expanduser()
    if path.exists():
        raise BadValue(f"{path.name} is there already; choose another name")
    if not path.parent.is_dir():
        raise BadValue(f"there is no folder {path.parent}")
    return path
