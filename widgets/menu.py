"""A small menu to choose one of a few from: beside the place it belongs to, or in the middle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from textual import getters, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Click, Key
from textual.geometry import Offset, Size
from textual.markup import escape
from textual.screen import ModalScreen

from widgets.grid.glyphs import ASCII, UNICODE, Glyphs
from widgets.line import Line, Part
from widgets.mouse import is_over
from widgets.picker import LineList
from widgets.text import fit, visible

# The cells of the border, of a space within it at each side, of the sign before the current choice.
BORDER, SPACE, MARK = 2, 1, 2
# The least space between the longest label and the longest note.
GAP = 2
# These move, whatever the items are called; a `key` of an item comes first even so.
MOVES = {"j", "k"}


@dataclass(frozen=True, slots=True)
class Item:
    """A choice: its value, how it reads, a note such as a count at the right, a key that takes it at once."""

    value: str
    label: str
    note: str = ""
    key: str = ""


class Choices(LineList):
    """The lines of a menu, as large as what they say."""

    widest = 0

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the widest line."""
        return self.widest

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as there are lines."""
        return self.virtual_size.height


class Menu(ModalScreen[str | None]):
    """Choose one: enter or an item's key takes it, a letter goes to the next item it begins, esc takes none.

    `at` is the cell of the screen the menu opens at, as far as it fits there.
    """

    DEFAULT_CSS = """
    Menu {
        background: transparent;
        align: center middle;

        &.-beside { align: left top; }
        & > Choices {
            width: auto;
            max-width: 100%;
            height: auto;
            max-height: 90%;
            constrain: inside;
            background: $panel;
            scrollbar-background: $panel;
            border: round $foreground 40%;
            border-title-color: $foreground;
            border-title-style: bold;
        }
        &:ansi > Choices { border: round $foreground; }
        &.-ascii > Choices { border: ascii $foreground; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, id="menu.back", tooltip="Leave without choosing."),
    ]

    choices = getters.query_one(Choices)

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        chosen: str = "",
        *,
        at: tuple[int, int] | None = None,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(classes="-ascii" if glyphs is ASCII else None)
        self._title = visible(title)
        self._items = list(items)
        self._chosen = chosen
        self._at = at
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The items in their frame."""
        choices = Choices()
        if self._at is not None:
            self.add_class("-beside")
            choices.offset = Offset(*self._at)
        yield choices

    def on_mount(self) -> None:
        """Begin at what is chosen now."""
        values = [item.value for item in self._items]
        place = values.index(self._chosen) if self._chosen in values else 0
        self._show(place)
        self.set_focus(self.choices)
        # Who can read what it asks can also answer.
        self.choices.border_title = escape(self._title)
        # Where it is then: a key may have moved it already.
        self.call_after_refresh(lambda: self.choices.go(self.choices.place))

    def on_resize(self) -> None:
        """Cut the labels to the room there is."""
        self._show(self.choices.place)

    def set_notes(self, notes: Mapping[str, str]) -> None:
        """Notes that came later, by value."""
        self._items = [replace(item, note=notes.get(item.value, item.note)) for item in self._items]
        if self.is_mounted:
            self._show(self.choices.place)

    def _show(self, place: int) -> None:
        """Lay the items out in columns and show them."""
        keys = max((cell_len(visible(item.key)) + 1 for item in self._items if item.key), default=0)
        notes = max((cell_len(visible(item.note)) + GAP for item in self._items if item.note), default=0)
        labels = max((cell_len(visible(item.label)) for item in self._items), default=0)
        labels = max(labels, cell_len(self._title) + 2 - MARK - keys - notes)
        # One cell is for a scroll bar.
        room = self.app.size.width - BORDER - 2 * SPACE - MARK - keys - notes - 1
        labels = max(1, min(labels, room))
        self.choices.show_lines([self._line(item, keys, labels, notes) for item in self._items], place)
        widest = MARK + keys + labels + notes + 2 * SPACE
        if widest != self.choices.widest:
            self.choices.widest = widest
            self.choices.refresh(layout=True)

    def _line(self, item: Item, keys: int, labels: int, notes: int) -> list[tuple[Part, int]]:
        """One item: a sign if it is the current choice, its key, its label, its note."""
        ellipsis = self._glyphs.ellipsis
        sign = self._glyphs.mark if item.value == self._chosen else ""
        columns = [
            ("", "", SPACE),
            (sign, "accent", MARK),
            (item.key, "accent", keys),
            (fit(visible(item.label), labels, ellipsis=ellipsis), "", labels),
            (item.note, "dim", -notes),
            ("", "", SPACE),
        ]
        return [(Part(text, tone), width) for text, tone, width in columns if width]

    @on(LineList.Chosen)
    def _take(self, event: LineList.Chosen) -> None:
        """Answer with the item under the cursor."""
        self.dismiss(self._items[event.place].value)

    def on_key(self, event: Key) -> None:
        """A key of an item takes it; a letter goes to the next item that begins with it."""
        letter = event.character
        if not letter or not letter.isprintable() or letter == " ":
            return
        taken = [item for item in self._items if item.key == letter]
        following = [] if letter in MOVES else self._beginning_with(letter)
        if taken or following:
            event.stop()
            event.prevent_default()
        if taken:
            self.dismiss(taken[0].value)
        elif following:
            self.choices.go(following[0])

    def _beginning_with(self, letter: str) -> list[int]:
        """The places of the items that begin with a letter, those after the cursor first."""
        here = self.choices.place + 1
        places = [*range(here, len(self._items)), *range(here)]
        letter = letter.casefold()
        return [
            place
            for place in places[: len(self._items)]
            if self._items[place].label.casefold().startswith(letter)
        ]

    def on_click(self, event: Click) -> None:
        """A click beside the menu leaves it."""
        if is_over(self, event):
            self.action_leave()

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


class Demo(App[None]):
    """m opens a menu beside the word, c one in the middle that is too long; counts come after a second."""

    BINDINGS: ClassVar[list[BindingType]] = [("m", "beside", "Menu"), ("c", "centred", "Centred")]

    def compose(self) -> ComposeResult:
        """Where a menu belongs."""
        yield Line(id="chips")
        yield Line(id="said")

    def on_mount(self) -> None:
        """Say what to press."""
        self.query_one("#chips", Line).show("press m or c", "   status ", Part("Active", "accent"))

    def action_beside(self) -> None:
        """A menu with keys and counts."""
        names = ("All", "Active", "Pending Approval", "Blocked", "Credit < 0 [b]", "Dialing")
        items = [Item(name, name, key=str(place)) for place, name in enumerate(names)]
        menu = Menu("Show customers with the status", items, "Active", at=(22, 1))
        self.push_screen(menu, self._said)
        counts = {name: f"{place * 271_828 % 99_999:,}" for place, name in enumerate(names)}
        self.set_timer(1, lambda: menu.set_notes(counts))

    def action_centred(self) -> None:
        """A menu longer than the screen."""
        items = [
            Item(str(number), f"Rate plan {number} \x1b[31m", f"{number * 37:,}") for number in range(60)
        ]
        self.push_screen(Menu("Rate plan", items, "40"), self._said)

    def _said(self, value: str | None) -> None:
        """Show the answer."""
        self.query_one("#said", Line).show(repr(value))


if __name__ == "__main__":
    Demo().run()
