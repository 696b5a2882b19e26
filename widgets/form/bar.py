"""The names of the tabs in one row, with what is wrong and what is changed on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.message import Message

from widgets.grid.glyphs import Glyphs
from widgets.line import GAP, Line, Part, Words
from widgets.text import visible

from .signs import Signs


@dataclass(frozen=True)
class Tab:
    """A tab as it is now."""

    name: str
    errors: int = 0
    changed: bool = False


class TabBar(Line):
    """One row of tabs; where there is no room for all, those that lead to the active one are left out."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line--active"}

    DEFAULT_CSS = """
    TabBar {
        & > .line--active {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: bold;
        }
        &:ansi > .line--active {
            background: $background;
            color: $foreground;
            text-style: bold reverse;
        }
    }
    """

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, signs: Signs, *, glyphs: Glyphs) -> None:
        super().__init__(glyphs=glyphs)
        self._signs = signs
        self._tabs: Sequence[Tab] = ()
        self._active = 0
        self._hint: Words = ()

    def show_tabs(self, tabs: Sequence[Tab], active: int, hint: Words = ()) -> None:
        """Show these tabs, one of them as the one that is open."""
        self._tabs, self._active, self._hint = tabs, active, hint
        self._draw()

    def on_resize(self) -> None:
        """Show as many as there is room for now."""
        self._draw()

    def action_choose(self, place: int) -> None:
        """A click chooses a tab."""
        self.post_message(self.Chosen(place))

    def _draw(self) -> None:
        """Leave tabs out at the left until the active one can be seen beside the keys, and at the right those
        for which there is no room then."""
        tabs = [self._tab(place) for place in range(len(self._tabs))]
        hint = sum(cell_len(str(part.text if isinstance(part, Part) else part)) for part in self._hint)
        room = self.size.width - (hint + GAP if hint else 0) - 2
        first, last = 0, len(tabs)
        while first < self._active and _width(tabs[first : self._active + 1]) > room:
            first += 1
        while last > self._active + 1 and _width(tabs[first:last]) > room:
            last -= 1
        before = [Part(f"{self._signs.left} ", "dim", f"choose({first - 1})")] if first else [Part(" ")]
        after = [Part(self._signs.right, "dim", f"choose({last})")] if last < len(tabs) else []
        shown = (part for tab in tabs[first:last] for part in tab)
        self.show(*before, *shown, *after, right=self._hint)

    def _tab(self, place: int) -> list[Part]:
        """The name of a tab, how many errors it has, whether something on it is changed."""
        tab, action = self._tabs[place], f"choose({place})"
        marks = [(f"!{tab.errors} ", "bad")] if tab.errors else []
        marks += [(f"{self._signs.changed} ", "accent")] if tab.changed else []
        active = place == self._active
        name = f"[{visible(tab.name)}]" if active else f" {visible(tab.name)} "
        pieces = [(name, ""), *marks]
        return [Part(text, "active" if active else tone, action) for text, tone in pieces] + [Part(" ")]


def _width(tabs: Sequence[Sequence[Part]]) -> int:
    """The cells that tabs take."""
    return sum(cell_len(part.text) for tab in tabs for part in tab)
