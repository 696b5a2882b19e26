"""Two operators changed the same fields: how they were, theirs, mine; the operator chooses each."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen

from cx_tui.domain.fields import Field
from widgets.line import Line, LineText, Part
from widgets.picker import LineList

LABEL, GAP = 20, 2
HEADS = ("before", "theirs", "mine")


class Fields(LineList):
    """The fields; tells where the cursor goes."""

    class Moved(Message):
        """The cursor is at another field."""

    def go(self, place: int) -> None:
        """Go to a field."""
        super().go(place)
        self.post_message(self.Moved())


class ConflictScreen(ModalScreen[frozenset[str] | None]):
    """Dismissed with the fields in which mine is to be written; None goes back to the form."""

    CSS_PATH = "form.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,left,right", "other", "theirs or mine", id="conflict.other",
                tooltip="Choose the other value of this field."),
        Binding("m", "all('mine')", "all mine", id="conflict.mine", tooltip="Choose mine in all fields."),
        Binding("t", "all('theirs')", "all theirs", id="conflict.theirs",
                tooltip="Choose theirs in all fields."),
        Binding("enter", "agree", "save so", id="conflict.save", priority=True,
                tooltip="Save what is chosen."),
        Binding("escape", "step_back", "back", id="conflict.back",
                tooltip="Back to the form; nothing is written."),
    ]  # fmt: skip

    def __init__(
        self,
        said: str,
        names: Sequence[str],
        fields: Mapping[str, Field],
        base: Mapping[str, str],
        theirs: Any,
        mine: Mapping[str, Any],
    ) -> None:
        super().__init__()
        self._said = said
        self._names = list(names)
        self._texts = {
            name: (base[name], fields[name].write(getattr(theirs, name)), fields[name].write(mine[name]))
            for name in names
        }
        self._labels = {name: fields[name].label for name in names}
        self._mine: set[str] = set()

    def compose(self) -> ComposeResult:
        """The title, the fields, what the keys do."""
        with Vertical(classes="dialog"):
            yield Line(classes="title")
            yield Line(classes="said")
            yield Line(classes="columns")
            yield Fields(id="fields")
            yield Line(classes="whole")
            yield Line(classes="actions")

    def on_mount(self) -> None:
        """Show the fields; theirs is chosen at first, as it is written already."""
        title = "You both changed the same fields: which values should be saved?"
        self.query_one(".title", Line).show(Part(title, "strong"))
        self.query_one(".said", Line).show(Part(self._said, "dim"))
        does = {"space": "other", "m": "all mine", "t": "all theirs", "enter": "save so", "esc": "back"}
        keys = [
            part for key, what in does.items() for part in (Part(f"   {key}", "accent"), Part(f" {what}"))
        ]
        self.query_one(".actions", Line).show(right=keys)
        self.set_focus(self.query_one("#fields", LineList))

    def on_resize(self) -> None:
        """Lay the values out in the room there is."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        fields = self.query_one("#fields", LineList)
        width = max(8, (fields.size.width - LABEL - 2 * GAP) // 3)
        heads = "".join(head.ljust(width) for head in ("before", "  theirs", "  mine")).rstrip()
        self.query_one(".columns", Line).show(Part(" " * LABEL + heads, "dim"))
        fields.show_lines([self._line(name, width) for name in self._names])
        self._show_whole()

    def _line(self, name: str, width: int) -> list[tuple[Part, int]]:
        before, theirs, mine = self._in_one_line(name)
        chosen = name in self._mine
        gap = (Part(""), GAP)
        return [
            (Part(f" {self._labels[name]}", "strong"), LABEL - GAP), gap,
            (Part(before, "dim"), width - GAP), gap,
            (Part(f"{'  ' if chosen else '> '}{theirs}", "dim" if chosen else "good"), width - GAP), gap,
            (Part(f"{'> ' if chosen else '  '}{mine}", "good" if chosen else "dim"), 0),
        ]  # fmt: skip

    def _in_one_line(self, name: str) -> list[str]:
        return [" / ".join(text.splitlines()) or "empty" for text in self._texts[name]]

    @on(Fields.Moved)
    def _show_whole(self) -> None:
        """Show more of the values of the field under the cursor."""
        values = self._in_one_line(self._names[self.query_one("#fields", LineList).place])
        heads = [Part(head.ljust(LABEL), "dim") for head in HEADS]
        self.query_one(".whole", Line).show_lines(
            [LineText((head, Part(value))) for head, value in zip(heads, values, strict=True)]
        )

    def action_other(self) -> None:
        """Choose the other value of the field under the cursor."""
        self._mine ^= {self._names[self.query_one("#fields", LineList).place]}
        self._show()

    def action_all(self, whose: str) -> None:
        """Choose mine or theirs in all fields."""
        self._mine = set(self._names) if whose == "mine" else set()
        self._show()

    @on(LineList.Chosen)
    def clicked(self) -> None:
        """A click on a field chooses its other value."""
        self.action_other()

    def action_agree(self) -> None:
        """Save what is chosen."""
        self.dismiss(frozenset(self._mine))

    def action_step_back(self) -> None:
        """Back to the form."""
        self.dismiss(None)
