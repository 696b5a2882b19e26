"""Something that is only told: sentences on a sheet, which is closed again."""

from collections.abc import Sequence
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from cx_tui.screens.program import Program
from widgets.line import Line, Part
from widgets.text import visible


class Telling(ModalScreen[None]):
    """The sheet."""

    CSS_PATH = "telling.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "Close", id="telling.close", tooltip="Close this."),
        Binding("up,k", "scroll_words(-1)", "Up", id="telling.up", tooltip="Read further up."),
        Binding("down,j", "scroll_words(1)", "Down", id="telling.down", tooltip="Read further down."),
    ]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self.title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The title and the sentences."""
        glyphs = cast(Program, self.app).glyphs
        with Vertical():
            yield Line(glyphs=glyphs, id="title")
            with VerticalScroll(id="words", can_focus=False):
                for line in self._lines:
                    yield Static(visible(line) or " ", markup=False)

    def on_mount(self) -> None:
        """Show it."""
        said = Part(self.title or "", "strong")
        self.query_one("#title", Line).show(said, right=[Part("esc closes", "dim")])

    def action_scroll_words(self, by: int) -> None:
        """Read on."""
        self.query_one("#words", VerticalScroll).scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Close it."""
        self.dismiss(None)
