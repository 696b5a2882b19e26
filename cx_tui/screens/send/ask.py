"""Asking for one line: a name, an address, a path; what is wrong with it is said while it is typed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, cast

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cx_tui.screens.program import Program
from cx_tui.screens.send.kinds import Paths, Wide
from widgets.form import Form, FormField
from widgets.line import Line, Part

FIELD = "asked"
Check = Callable[[str], str | None]
Offers = Callable[[str], Awaitable[Sequence[str]]]


class Ask(ModalScreen[str | None]):
    """A line is typed; enter takes it when nothing is wrong with it, esc takes none."""

    CSS_PATH = "send.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take", id="ask.take", priority=True, tooltip="Take what is typed."),
        Binding("escape", "leave", "Back", id="ask.back", tooltip="Back; nothing is done."),
    ]

    form = getters.query_one("#form", Form)

    def __init__(
        self,
        title: str,
        label: str,
        text: str = "",
        *,
        check: Check,
        does: str,
        help: str = "",
        offers: Offers | None = None,
    ) -> None:
        super().__init__()
        self._title, self._does, self._text, self._check = title, does, text, check
        editor = Paths(offers, suggest=True) if offers else Wide()
        self._field = FormField(FIELD, label, "", editor, help, check=lambda text: check(text.strip()))

    def compose(self) -> ComposeResult:
        """The question, the box, the keys."""
        cx = cast(Program, self.app)
        with Vertical(classes="dialog"):
            yield Line(glyphs=cx.glyphs, classes="title")
            form = Form([self._field], ascii=cx.ascii, id="form")
            form.show({FIELD: self._text})
            yield form
            yield Line(glyphs=cx.glyphs, classes="actions")

    def on_mount(self) -> None:
        """Ask."""
        self.query_one(".title", Line).show(Part(self._title, "strong"))
        keys = [Part("enter", "accent"), Part(f" {self._does}   "), Part("esc", "accent"), Part(" back")]
        self.query_one(".actions", Line).show(right=keys)
        self.form.go(FIELD)

    def action_take(self) -> None:
        """Take it, or say what is wrong with it."""
        text = self.form.values[FIELD].strip()
        if wrong := self._check(text):
            self.form.show_errors({FIELD: wrong})
        else:
            self.dismiss(text)

    def action_leave(self) -> None:
        """Nothing."""
        self.dismiss(None)
