"""What became of an undo, in words."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from widgets.line import Line, Part
from widgets.picker import LineList
from widgets.text import visible

if TYPE_CHECKING:
    from cx_tui.services.history.undo import Undone


def many(number: int, one: str, more: str = "") -> str:
    """A number with its word: "1 record", "12 records"."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {more or one + 's'}"


def result_in_words(undone: "Undone") -> str:
    """How many records are as they were."""
    are = "is" if undone.records == 1 else "are"
    return f"{many(undone.records, 'record')} {are} as before."


class UndoneScreen(ModalScreen[None]):
    """How many records are as they were, and why others are not, to scroll through."""

    CSS_PATH = "undone.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "Close", id="undone.close", tooltip="Back to the log."),
    ]

    def __init__(self, undone: "Undone") -> None:
        super().__init__()
        self._undone = undone

    def compose(self) -> ComposeResult:
        """The result, the reasons, the key."""
        undone = self._undone
        stayed = f"{many(undone.refused, 'value')} stayed, because somebody changed something since."
        with Vertical():
            yield Static(visible(result_in_words(undone)), markup=False, id="title")
            yield Static(stayed, markup=False, id="stayed")
            yield LineList(cursor=False, id="why")
            yield Line(id="foot")

    def on_mount(self) -> None:
        """Show the reasons."""
        undone = self._undone
        lines = [[(Part(reason), 0)] for reason in undone.why]
        if undone.refused > len(lines):
            lines.append([(Part(f"and {undone.refused - len(lines):,} more", "dim"), 0)])
        why = self.query_one("#why", LineList)
        why.show_lines(lines)
        self.set_focus(why)
        self.query_one("#foot", Line).show(right=[Part("esc closes", "dim")])

    def action_leave(self) -> None:
        """Back to the log."""
        self.dismiss(None)
