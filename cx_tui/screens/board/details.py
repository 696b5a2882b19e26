"""One delayed change: what it was made from, what is wanted, and what the value is now, side by side."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from cx_tui.domain.differences import differences, shown
from cx_tui.domain.history import DelayedChange, DelayedState, texts
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.who import in_words
from cx_tui.errors import CxError, NotFound
from cx_tui.screens.page import sentence
from cx_tui.screens.program import Program
from cx_tui.screens.times import exact, local
from widgets.line import Line, Part
from widgets.picker import LineList
from widgets.text import visible

LABEL, SPACE = 20, 2
Lines = list[list[tuple[Part, int]]]


class Values(LineList):
    """As high as there are fields."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All lines, as far as there is room for them."""
        return self.virtual_size.height

    def show_lines(self, lines: Sequence[Sequence[tuple[Part, int]]], place: int | None = None) -> None:
        """Show these lines, and take the room that they need."""
        super().show_lines(lines, place)
        if self.virtual_size.height != self.size.height:
            self.refresh(layout=True)


class DelayedDetails(ModalScreen[None]):
    """Field by field: when it was ordered, what is wanted, what it is now."""

    CSS_PATH = "details.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Close", id="details.close", tooltip="Back to the board."),
    ]

    values = getters.query_one("#values", Values)

    def __init__(self, change: DelayedChange, name: str) -> None:
        super().__init__()
        self._change = change
        self._customer = name
        self._now: Mapping[str, str] | None = None

    def compose(self) -> ComposeResult:
        """The title, how it stands, the values, when and by whom it was ordered."""
        glyphs = cast(Program, self.app).glyphs
        with Vertical():
            yield Line(glyphs=glyphs, id="title")
            yield Static(markup=False, id="standing")
            yield Values(cursor=False, id="values")
            yield Line(glyphs=glyphs, id="ordered")
            yield Line(glyphs=glyphs, id="due")
            yield Line(glyphs=glyphs, id="foot")

    def on_mount(self) -> None:
        """Show what is known, and read what is not."""
        one = self._change
        by = f"by {in_words(one.who, one.origin)}"
        self.query_one("#title", Line).show(Part(f"A delayed change of {self._customer}", "strong"))
        self.query_one("#ordered", Line).show(Part(f"ordered {local(one.created_at)} {by}", "dim"))
        self.query_one("#due", Line).show(
            Part(f"due {local(one.due_at)}, that is {exact(one.due_at)}", "dim")
        )
        self.query_one("#foot", Line).show(right=[Part("esc closes", "dim")])
        said = f": {one.said}" if one.said else ""
        self._say(f"{one.state.label}{said}.", "warn" if one.state is DelayedState.HELD else "dim")
        self.set_focus(self.values)
        self.read_now()

    def on_resize(self) -> None:
        """Share the width among the columns."""
        self._draw()

    @work(exclusive=True)
    async def read_now(self) -> None:
        """Read the values as they are now."""
        try:
            customer = await (await cast(Program, self.app).services()).records.get(self._change.customer_id)
        except NotFound:
            self._say("The customer has been deleted in the meantime.", "bad")
        except CxError as error:
            self._say(sentence(error), "bad")
        else:
            self._now = texts(Customer, {name: getattr(customer, name) for name in self._change.wanted})
        self._draw()

    def _say(self, text: str, tone: str) -> None:
        standing = self.query_one("#standing", Static)
        standing.set_classes(f"-{tone}")
        standing.update(visible(text))

    def _draw(self) -> None:
        one = self._change
        width = max(8, (self.values.size.width - LABEL - 4 * SPACE) // 3)
        lines: Lines = [_line("", [("Before", "dim"), ("Wanted", "dim"), ("Now", "dim")], width)]
        for each in differences("customer", one.base, one.wanted):
            before, after, now = each.before or "", each.after or "", (self._now or {}).get(each.name)
            cells = [(shown("customer", each.name, text), "") for text in (before, after)]
            lines.append(_line(each.label, [*cells, _now(each.name, before, after, now)], width))
        self.values.show_lines(lines)

    def action_leave(self) -> None:
        """Back to the board."""
        self.dismiss(None)


def _now(name: str, before: str, after: str, now: str | None) -> tuple[str, str]:
    """The value now, with a word when it is not the one that the change was made from."""
    if now is None:
        return "", ""
    text = shown("customer", name, now)
    if now == after:
        return f"{text} (as wanted)", "good"
    return (text, "") if now == before else (f"! {text} (changed)", "warn")


def _line(label: str, cells: list[tuple[str, str]], width: int) -> list[tuple[Part, int]]:
    line = [(Part(label, "dim"), LABEL), (Part(""), SPACE)]
    for text, tone in cells:
        line += [(Part(" ".join(text.split()), tone), width), (Part(""), SPACE)]
    return line
