"""Over which widget the mouse is: what a terminal tells names none, only Textual's own tests do."""

from __future__ import annotations

from textual.errors import NoWidget
from textual.events import MouseEvent
from textual.widget import Widget


def is_over(widget: Widget, event: MouseEvent) -> bool:
    """Whether the mouse is over this widget itself, not over one that is in it or before it."""
    try:
        found, _ = widget.screen.get_widget_at(event.screen_x, event.screen_y)
    except NoWidget:
        return False
    return found is widget
