"""The keys of a form and of its editors."""

from __future__ import annotations

from textual.binding import Binding

from widgets.function_keys import TAB_AFTER, TAB_BEFORE


def key(keys: str, name: str, action: str, title: str, tooltip: str) -> Binding:
    """A binding that no footer shows: the form's help line says those that matter."""
    return Binding(keys, action, title, show=False, id=f"form.{name}", tooltip=tooltip)


FORM = (
    key("up", "up", "move(-1)", "Up", "Go to the field above."),
    key("down", "down", "move(1)", "Down", "Go to the field below."),
    key("enter", "next", "move(1)", "Next", "Go to the next field."),
    key("pageup", "page_up", "page(-1)", "Page up", "Go one page of fields up."),
    key("pagedown", "page_down", "page(1)", "Page down", "Go one page of fields down."),
    key(f"{TAB_BEFORE},ctrl+pageup", "tab_before", "turn(-1)", "Tab before", "Go to the previous tab."),
    key(f"{TAB_AFTER},ctrl+pagedown", "tab_after", "turn(1)", "Next tab", "Go to the next tab."),
)
