"""The help page: every key that works here, in groups, with a sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from widgets.key_line import key_name
from widgets.line import Line, Part
from widgets.picker import LineList


@dataclass(frozen=True)
class KeyGroup:
    """The keys of one part of the screen: keys, short name, sentence."""

    title: str
    keys: tuple[tuple[str, str, str], ...]


def groups_of(screen: Screen[Any]) -> list[KeyGroup]:
    """The keys that work on a screen now, by who owns them, as they are bound now."""
    groups: dict[str, dict[str, list[Any]]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.system or not binding.tooltip:
            continue
        owner = "Everywhere" if active.node is screen.app else active.node.__class__.__name__
        title = "This page" if active.node is screen else owner
        entry = groups.setdefault(title, {}).setdefault(
            binding.action, [[], binding.description, binding.tooltip]
        )
        entry[0].append(key_name(binding.key))
    return [
        KeyGroup(title, tuple((" ".join(keys), name, sentence) for keys, name, sentence in actions.values()))
        for title, actions in sorted(groups.items(), key=lambda item: ("This page", item[0]).index(item[0]) if item[0] == "This page" else 1)
    ]


class HelpPage(ModalScreen[None]):
    """A page of keys; typing after / narrows it."""

    DEFAULT_CSS = """
    HelpPage {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 100%; height: 90%; background: $panel; padding: 1 2;
            & > #introduction { height: auto; margin: 0 0 1 0; }
            & > #keys { height: 1fr; }
            & > #narrow { display: none; padding: 0; background: $surface; }
            & > #narrow.-shown { display: block; }
        }
        &:ansi > Vertical { border: solid $foreground; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "narrow", "Find", show=False, id="help.find", tooltip="Find a key."),
        Binding("escape,q,question_mark", "leave", "Close", show=False, id="help.close",
                tooltip="Close this page."),
    ]  # fmt: skip

    keys = getters.query_one("#keys", LineList)

    def __init__(self, title: str, groups: Sequence[KeyGroup], introduction: Sequence[str] = ()) -> None:
        super().__init__()
        self._title = title
        self._groups = groups
        self._introduction = introduction

    def compose(self) -> ComposeResult:
        """The introduction, the keys, a box to find one."""
        with Vertical():
            yield Line(id="title")
            yield LineList(cursor=False, id="keys")
            yield Input(placeholder="find a key", compact=True, id="narrow")

    def on_mount(self) -> None:
        """Show all keys."""
        self.query_one("#title", Line).show(Part(self._title, "strong"), right=[Part("esc closes", "dim")])
        self._show("")
        self.keys.focus()

    def _show(self, wanted: str) -> None:
        lines: list[list[tuple[Part, int]]] = [[(Part(""), 0)]]
        if not wanted:
            lines += [[(Part(text), 0)] for text in self._introduction]
        for group in self._groups:
            found = [entry for entry in group.keys if wanted.casefold() in " ".join(entry).casefold()]
            if found:
                lines += [[(Part(""), 0)], [(Part(group.title, "strong"), 0)]]
            lines += [[(Part(keys, "accent"), 18), (Part(sentence), 0)] for keys, _, sentence in found]
        self.keys.show_lines(lines)

    @on(Input.Changed, "#narrow")
    def _narrowed(self, event: Input.Changed) -> None:
        self._show(event.value.strip())

    @on(Input.Submitted, "#narrow")
    def _found(self) -> None:
        self.keys.focus()

    def action_narrow(self) -> None:
        """Show the box to find a key."""
        self.query_one("#narrow", Input).add_class("-shown").focus()

    def action_leave(self) -> None:
        """Back to the page."""
        box = self.query_one("#narrow", Input)
        if box.value:
            box.value = ""
            self.keys.focus()
        else:
            self.dismiss(None)
