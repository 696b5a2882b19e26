"""Keys as they are bound now, to be named in sentences."""

from typing import Any

from textual.screen import Screen


def key_of(screen: Screen[Any], id: str) -> str:
    """The key that does something on a screen, by the id of its binding; nothing when none does."""
    bindings = (active.binding for active in screen.active_bindings.values())
    return next((screen.app.get_key_display(each) for each in bindings if each.id == id), "")
