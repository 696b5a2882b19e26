"""The keys that can be pressed now: which they are, how they are written, and the line that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.dom import DOMNode
from textual.keys import format_key
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from widgets.grid.glyphs import UNICODE, Glyphs
from widgets.line import Line, Part
from widgets.text import visible

BETWEEN = "  "
# Keys whose usual sign not every terminal draws are written as words.
WORDS = {
    "escape": "esc",
    "enter": "enter",
    "backspace": "backspace",
    "delete": "del",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "at": "@",
    **{name: name for name in ("up", "down", "left", "right", "home", "end", "tab", "space", "insert")},
}


@runtime_checkable
class Refusing(Protocol):
    """A program that knows of some keys that they will be refused."""

    def refuses(self, binding_id: str | None) -> bool:
        """Whether what the key does is refused."""


class ActiveKeys(NamedTuple):
    """One act that can be done now, with all its keys."""

    node: DOMNode
    binding: Binding
    keys: tuple[str, ...]
    enabled: bool


def key_name(key: str) -> str:
    """A key as it is written for people: `^p`, `/`, `space`, `shift+tab`."""
    *modifiers, name = key.split("+")
    shown = WORDS.get(name) or (name if len(name) == 1 else format_key(name))
    if "ctrl" in modifiers:
        modifiers.remove("ctrl")
        shown = f"^{shown}"
    return "+".join([*modifiers, shown])


def active_keys(screen: Screen[Any]) -> list[ActiveKeys]:
    """What can be done on a screen now: the focused widget's acts first, each owner's as it declares them."""
    acts: dict[tuple[DOMNode, str], list[ActiveBinding]] = {}
    for active in screen.active_bindings.values():
        if not _is_typed(active, screen.focused):
            acts.setdefault((active.node, active.binding.action), []).append(active)
    owners = list(dict.fromkeys(node for node, _ in acts))

    def place(act: tuple[DOMNode, str]) -> tuple[int, int]:
        node, action = act
        return owners.index(node), _declared(type(node)).get(action, len(acts))

    return [_one_act(acts[act]) for act in sorted(acts, key=place)]


def _is_typed(active: ActiveBinding, focused: Widget | None) -> bool:
    """Whether an input takes the key as text.  Textual knows that of most keys, but not of `+` and `/`."""
    if focused is None or active.node is focused or active.binding.priority:
        return False
    name = key_name(active.binding.key)
    return len(name) == 1 and focused.check_consume_key(active.binding.key, name)


def _one_act(bindings: Sequence[ActiveBinding]) -> ActiveKeys:
    """The bindings of one act together."""
    first = bindings[0]
    keys = [active.binding.key_display or key_name(active.binding.key) for active in bindings]
    return ActiveKeys(first.node, first.binding, tuple(dict.fromkeys(keys)), first.enabled)


@lru_cache(256)
def _declared(owner: type) -> dict[str, int]:
    """The place of each action among its class's bindings, its own first, whatever keys they have."""
    places: dict[str, int] = {}
    for base in owner.__mro__:
        for binding in Binding.make_bindings(vars(base).get("BINDINGS", ())):
            places.setdefault(binding.action, len(places))
    return places


class KeyLine(Line):
    """The acts that can be done now with their keys, as many as fit; the act named `last` ends the line."""

    DEFAULT_CSS = """
    KeyLine {
        padding: 0 1;
        color: $text-muted;
        background: $panel;
    }
    """

    def __init__(
        self,
        *,
        last: str = "help",
        glyphs: Glyphs = UNICODE,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(glyphs=glyphs, name=name, id=id, classes=classes)
        self._last = last
        self._acts: list[ActiveKeys] = []

    def on_mount(self) -> None:
        """Follow the focus, the operator's own keys, and screens that open and close."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self._look_again())
        self.watch(self.screen, "stack_updates", self._look_again, init=False)
        self._look_again()

    def on_unmount(self) -> None:
        """Follow no longer."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_resize(self) -> None:
        """Show what fits now."""
        self._show_acts()

    async def action_press(self, place: int) -> None:
        """Do what the act at this place does (a click)."""
        if place < len(self._acts):
            act = self._acts[place]
            await self.app.run_action(act.binding.action, act.node)

    def _look_again(self) -> None:
        """Ask the screen what can be done."""
        if not self.is_attached:
            return
        acts = active_keys(self.screen)
        last = [act for act in acts if _is_named(act, self._last)][:1]
        self._acts = [act for act in acts if act.binding.show and not _is_named(act, self._last)] + last
        self._show_acts()

    def _show_acts(self) -> None:
        """Show as many acts as fit, and the last."""
        pairs = [self._pair(place, act) for place, act in enumerate(self._acts)]
        ends_with_last = bool(self._acts) and _is_named(self._acts[-1], self._last)
        self.show(*_fitting(pairs, self.size.width, ends_with_last))

    def _pair(self, place: int, act: ActiveKeys) -> tuple[Part, Part]:
        """A key and what it does; what cannot be done just now is dim."""
        action = f"press({place})" if act.enabled else ""
        description = f" {_within_a_line(visible(act.binding.description))}"
        if not act.enabled or self._is_refused(act):
            return Part(act.keys[0], "dim"), Part(description, "dim")
        return Part(act.keys[0], "accent", action), Part(description, "", action)

    def _is_refused(self, act: ActiveKeys) -> bool:
        """Whether the program would only say why it does not do it."""
        return isinstance(self.app, Refusing) and self.app.refuses(act.binding.id)


def _is_named(act: ActiveKeys, name: str) -> bool:
    """Whether an act is the one of that name, whoever owns it."""
    return act.binding.action.rpartition(".")[2] == name


def _within_a_line(description: str) -> str:
    """A description that does not begin a sentence; an abbreviation keeps its letters."""
    return description[:1].lower() + description[1:] if description[1:2].islower() else description


def _fitting(pairs: Sequence[tuple[Part, Part]], width: int, ends_with_last: bool) -> list[Part]:
    """The first pairs that fit beside the last one, two spaces between them."""
    *others, last = pairs if ends_with_last else [*pairs, ()]
    room = width - sum(cell_len(part.text) for part in last)
    parts: list[Part] = []
    for pair in others:
        taken = sum(cell_len(part.text) for part in pair) + len(BETWEEN)
        if taken > room + (0 if last else len(BETWEEN)):
            break
        room -= taken
        parts += [*pair, Part(BETWEEN)]
    return [*parts, *last]


class Demo(App[None]):
    """Two inputs, so that the focus can move."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", tooltip="Show all keys."),
        Binding("f2", "bell", "New", id="demo.new"),
        Binding("ctrl+p", "command_palette", "Commands"),
        Binding("f3", "bell('mark')", "Mark range"),
        Binding("f4,f5", "bell('sms')", "SMS to everyone marked"),
    ]

    def compose(self) -> ComposeResult:
        """The line at the foot."""
        yield Input("first")
        yield Input("second")
        yield KeyLine()

    def action_help(self) -> None:
        """A click or f1."""
        self.notify("Help")


if __name__ == "__main__":
    Demo().run()
