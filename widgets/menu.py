"""A small menu to choose one of a few from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Click, Key
from textual.screen import ModalScreen

from widgets.line import Line, Part
from widgets.picker import LineList


@dataclass(frozen=True)
class Item:
    """A choice: what it means, how it reads, and a note such as a count at the right."""

    value: str
    label: str
    note: str = ""


class Menu(ModalScreen[str | None]):
    """Choose one: enter takes it, a letter goes to the next item that begins with it, esc takes none."""

    DEFAULT_CSS = """
    Menu {
        align: center middle;
        background: transparent;
        & > Vertical {
            width: 40; max-width: 100%; height: auto; max-height: 90%;
            background: $panel; padding: 1 2;
            & > #title { margin: 0 0 1 0; }
            & > #items { height: auto; max-height: 20; }
        }
        &:ansi > Vertical { border: solid $foreground; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, id="menu.back", tooltip="Leave without choosing."),
    ]

    list = getters.query_one("#items", LineList)

    def __init__(self, title: str, items: Sequence[Item], chosen: str = "") -> None:
        super().__init__()
        self._title = title
        self._items = [*items]
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """The title and the items."""
        with Vertical():
            yield Line(id="title")
            yield LineList(id="items")

    def on_mount(self) -> None:
        """Begin at what is chosen now."""
        self.query_one("#title", Line).show(Part(self._title, "strong"))
        values = [item.value for item in self._items]
        self._show(values.index(self._chosen) if self._chosen in values else 0)
        self.list.focus()

    def set_notes(self, notes: Mapping[str, str]) -> None:
        """Counts that came later."""
        self._items = [replace(item, note=notes.get(item.value, item.note)) for item in self._items]
        self._show(self.list.place)

    def _show(self, place: int) -> None:
        sign = {True: "•", False: " "}
        self.list.show_lines(
            [
                [
                    (Part(sign[item.value == self._chosen], "accent"), 2),
                    (Part(item.label), 22),
                    (Part(item.note, "dim"), -11),
                ]
                for item in self._items
            ],
            place,
        )

    @on(LineList.Chosen)
    def _choose(self, event: LineList.Chosen) -> None:
        self.dismiss(self._items[event.place].value)

    def on_key(self, event: Key) -> None:
        """A letter goes to the next item that begins with it."""
        if event.character and event.character.isalnum():
            places = [*range(self.list.place + 1, len(self._items)), *range(self.list.place + 1)]
            for place in places:
                if self._items[place].label.casefold().startswith(event.character.casefold()):
                    self.list.go(place)
                    event.stop()
                    return

    def on_click(self, event: Click) -> None:
        """A click beside the menu leaves it."""
        if event.widget is self:
            self.action_leave()

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
