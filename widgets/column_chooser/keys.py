"""The keys of the panel, and those of them it says itself."""

from __future__ import annotations

from textual.binding import Binding
from textual.widget import Widget


def _key(keys: str, name: str, action: str, title: str, tooltip: str) -> Binding:
    """A binding that no footer shows: the panel itself says the most used ones."""
    return Binding(keys, action, title, show=False, id=f"columns.{name}", tooltip=tooltip)


KEYS = (
    _key("up,k", "up", "go(-1)", "Up", "Go to the column above."),
    _key("down,j", "down", "go(1)", "Down", "Go to the column below."),
    _key("home", "first", "first", "First", "Go to the first column."),
    _key("end", "last", "last", "Last", "Go to the last column."),
    _key("pageup", "page_up", "page(-1)", "Page up", "Go one page up."),
    _key("pagedown", "page_down", "page(1)", "Page down", "Go one page down."),
    _key(
        "space,enter", "show", "show_or_hide", "Show or hide", "Show or hide this column and go to the next."
    ),
    _key("J", "lower", "shift(1)", "Move down", "Move this column down: in the grid, to the right."),
    _key("K", "raise", "shift(-1)", "Move up", "Move this column up: in the grid, to the left."),
    _key("less_than_sign", "narrower", "widen(-1)", "Narrower", "Make this column narrower."),
    _key("greater_than_sign", "wider", "widen(1)", "Wider", "Make this column wider."),
    _key(
        "exclamation_mark",
        "freeze",
        "freeze",
        "Freeze",
        "Keep the columns up to this one in view, or release them.",
    ),
    _key("r", "reset", "reset", "Usual columns", "Show the usual columns in their usual order and width."),
    _key("slash", "find", "find", "Find", "List only the columns whose title or help has some text."),
    _key("escape", "back", "back", "Back", "Clear the filter, leave it, or close this panel."),
    _key("c", "close", "close", "Close", "Close this panel."),
)

# What the panel says of its keys in its last lines: the bindings' names and a word.
SHORT = (
    (("show",), "show"),
    (("lower", "raise"), "move"),
    (("narrower", "wider"), "width"),
    (("freeze",), "freeze"),
    (("reset",), "reset"),
    (("close",), "close"),
)


def keys_said(panel: Widget) -> str:
    """The most used keys as they are bound now; none while keys go elsewhere."""
    if not panel.has_focus:
        return ""
    bound = reversed(panel.screen.active_bindings.values())
    keys = {active.binding.id: panel.app.get_key_display(active.binding) for active in bound}
    parts = ([*(keys.get(f"columns.{name}", "") for name in names), word] for names, word in SHORT)
    return "  ".join("\N{NO-BREAK SPACE}".join(part) for part in parts if all(part))
