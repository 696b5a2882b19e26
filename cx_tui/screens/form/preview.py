"""What will be written, field by field, before it is."""

from collections.abc import Sequence
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cx_tui.screens.program import Program
from widgets.line import Line, Part
from widgets.picker import LineList

LABEL, OLD = 22, 26


class Preview(ModalScreen[bool]):
    """The fields that change, with their old and new values; enter goes on with them, esc does not."""

    CSS_PATH = "form.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "agree", "save", id="preview.save", priority=True,
                tooltip="Write these changes."),
        Binding("escape,n", "step_back", "back", id="preview.back", tooltip="Back to the form."),
    ]  # fmt: skip

    def __init__(
        self, title: str, lines: Sequence[tuple[str, str, str]], *, asks: bool = True, does: str = "save"
    ) -> None:
        super().__init__()
        self._does = does
        self._about = title
        self._fields = lines
        self._asks = asks

    def compose(self) -> ComposeResult:
        """The title, the fields, what the keys do."""
        with Vertical(classes="dialog"):
            yield Line(classes="title")
            yield LineList(cursor=False, id="fields")
            yield Line(classes="actions")

    def on_mount(self) -> None:
        """Show the fields."""
        count = len(self._fields)
        fields = "1 field" if count == 1 else f"{count} fields"
        verb = "will be written" if count else "differ: there is nothing to save"
        self.query_one(".title", Line).show(Part(f"{self._about}: {fields} {verb}", "strong"))
        listed = self.query_one("#fields", LineList)
        arrow = "->" if cast(Program, self.app).ascii else "→"
        listed.show_lines([_line(label, old, new, arrow) for label, old, new in self._fields])
        self.set_focus(listed)
        keys = [Part("enter", "accent"), Part(f" {self._does}   "), Part("esc", "accent"), Part(" back")]
        self.query_one(".actions", Line).show(right=keys if self._asks and count else keys[2:])

    def action_agree(self) -> None:
        """Write these changes."""
        self.dismiss(self._asks and bool(self._fields))

    def action_step_back(self) -> None:
        """Back to the form."""
        self.dismiss(False)


def _line(label: str, old: str, new: str, arrow: str) -> list[tuple[Part, int]]:
    shown = [(Part(label, "dim"), LABEL)]
    if old:
        shown += [
            (Part(_short(old), "bad"), min(OLD, max(4, len(_short(old))))),
            (Part(f"  {arrow} ", "dim"), 0),
        ]
    return [*shown, (Part(_short(new) or "empty", "good" if new else "dim"), 0)]


def _short(text: str) -> str:
    one = " / ".join(text.splitlines())
    return one if len(one) <= OLD * 3 else one[: OLD * 3] + "…"
