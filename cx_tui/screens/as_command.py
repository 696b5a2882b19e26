"""What a screen shows, as a command that prints the same."""

from typing import Any

from textual.screen import Screen


def command_of(screen: Screen[Any]) -> str | None:
    """The command of a screen: its own, or that of the list that it holds and that has the focus."""
    node: Any = screen.focused
    while node is not None:
        said = getattr(node, "command", None)
        if callable(said):
            return str(said())
        node = node.parent
    said = getattr(screen, "command", None)
    return str(said()) if callable(said) else None
