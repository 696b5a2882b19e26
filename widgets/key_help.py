"""The help page: every key that works here, by who owns it, with a sentence each."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import getters, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from widgets.function_keys import HELP
from widgets.key_line import KeyLine, active_keys
from widgets.line import Line, Part
from widgets.picker import LineList
from widgets.text import visible

# The keys stand in a column of at most this many cells; the sentences begin this far after it.
KEYS_WIDTH = 22
GAP = 2
INDENT = 2

Entry = tuple[str, str, str]
"""Keys, short name, sentence."""
Lines = list[list[tuple[Part, int]]]


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one part of the screen."""

    title: str
    keys: tuple[Entry, ...]


def groups_of(screen: Screen[Any]) -> list[KeyGroup]:
    """The keys that work on a screen now, as they are bound: the focused widget's first, the app's last.

    A binding without a sentence (a tooltip) is not listed.
    """
    groups: dict[str, list[Entry]] = {}
    for node, binding, keys, _enabled in active_keys(screen):
        if binding.tooltip and not binding.system:
            entry = (" ".join(keys), binding.description, binding.tooltip)
            groups.setdefault(_owner(node, screen), []).append(entry)
    return [KeyGroup(title, tuple(entries)) for title, entries in groups.items()]


def _owner(node: DOMNode, screen: Screen[Any]) -> str:
    """Who has a key, in words."""
    if node is screen.app:
        return "Everywhere"
    if node is screen:
        return "This page"
    return node.BINDING_GROUP_TITLE or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__).capitalize()


class HelpPage(ModalScreen[None]):
    """A full page of keys; what is typed after / narrows it."""

    DEFAULT_CSS = """
    HelpPage {
        background: $background;
        & > #title { padding: 0 1; margin-bottom: 1; }
        & > #keys { height: 1fr; padding: 0 1; }
        & > #narrow { display: none; height: 1; padding: 0 1; background: $surface; }
        & > #narrow.-shown { display: block; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "narrow", "Find", id="help.find", tooltip="Find a key."),
        Binding("escape,q,question_mark", "leave", "Close", id="help.close", tooltip="Close this page."),
    ]

    keys = getters.query_one("#keys", LineList)
    narrow = getters.query_one("#narrow", Input)

    def __init__(self, title: str, groups: Sequence[KeyGroup], introduction: Sequence[str] = ()) -> None:
        super().__init__()
        self._title = title
        self._groups = groups
        self._introduction = introduction

    def compose(self) -> ComposeResult:
        """The title, the keys, a box to find one."""
        yield Line(id="title")
        yield LineList(cursor=False, id="keys")
        yield Input(placeholder="find a key", compact=True, id="narrow")
        yield KeyLine(last="leave")

    def on_mount(self) -> None:
        """Show all keys."""
        self.query_one("#title", Line).show(Part(self._title, "strong"))
        self.set_focus(self.keys)

    def on_resize(self) -> None:
        """Break the sentences where the page ends."""
        self._show()

    def action_narrow(self) -> None:
        """Show the box to find a key."""
        self.narrow.add_class("-shown").focus()

    def action_leave(self) -> None:
        """Take back what was typed; with nothing typed, back to the page below."""
        if not self.narrow.has_class("-shown"):
            self.dismiss(None)
            return
        self.narrow.value = ""
        self.narrow.remove_class("-shown")
        self.keys.focus()

    @on(Input.Changed, "#narrow")
    def _typed(self) -> None:
        """Show what it means so far."""
        self._show()
        self.keys.scroll_home(animate=False)

    @on(Input.Submitted, "#narrow")
    def _to_keys(self) -> None:
        """Move through what was found."""
        self.keys.focus()

    def _show(self) -> None:
        """Show the keys that have what was typed in their name, their sentence or themselves."""
        wanted, width = self.narrow.value.strip().casefold(), max(20, self.app.size.width - 3)
        lines: Lines = []
        if not wanted:
            lines = [[(Part(line), 0)] for text in self._introduction for line in _wrapped(text, width)]
        for group in self._groups:
            found = [entry for entry in group.keys if wanted in " ".join(entry).casefold()]
            if found:
                blank: Lines = [[(Part(""), 0)]] if lines else []
                lines += [*blank, [(Part(group.title, "strong"), 0)], *_entries(found, self._column(), width)]
        self.keys.show_lines(lines or [[(Part("No key does that.", "dim"), 0)]])

    def _column(self) -> int:
        """How wide the column of keys is: the same while it is narrowed."""
        widths = [cell_len(visible(keys)) for group in self._groups for keys, _, _ in group.keys]
        return min(KEYS_WIDTH, max(widths, default=0))


def _entries(entries: Sequence[Entry], column: int, width: int) -> Lines:
    """A line for each key, more where the sentence is long."""
    lines: Lines = []
    for keys, name, sentence in entries:
        first, *others = _wrapped(sentence or name, width - INDENT - column - GAP)
        lines.append([(Part(""), INDENT), (Part(keys, "accent"), column), (Part(""), GAP), (Part(first), 0)])
        lines += [[(Part(""), INDENT + column + GAP), (Part(other), 0)] for other in others]
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    """A text in lines; at least one."""
    return textwrap.wrap(visible(text), max(8, width)) or [""]


class Demo(App[None]):
    """? opens the page."""

    TITLE = "the demonstration"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            f"question_mark,{HELP}",
            "help",
            "Help",
            id="demo.help",
            tooltip="Show what every key does here.",
        ),
        Binding("ctrl+r", "bell", "Again", tooltip="Ask the database again.  " * 6),
    ]

    def compose(self) -> ComposeResult:
        """A list with keys of its own."""
        yield LineList(id="list")
        yield KeyLine()

    def action_help(self) -> None:
        """Open the page."""
        introduction = ("Everything can be done by key.", "Keys can be changed in the settings file.")
        self.push_screen(HelpPage(f"Keys of {self.title}", groups_of(self.screen), introduction))


if __name__ == "__main__":
    Demo().run()
