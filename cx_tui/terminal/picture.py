"""A screen as a text that can be shown again at the next start, before anything is loaded."""

import os
from typing import Any

from textual._compositor import CompositorUpdate
from textual.app import App
from textual.screen import Screen

from .abilities import erases_in_color
from .last_screen import as_text
from .shadow import Shadow


def picture_of(app: App[Any], screen: Screen[Any]) -> str:
    """What `last_screen.show` reads; nothing when the screen was not drawn at this size yet."""
    drawn = screen._compositor.render_update(full=True, screen_stack=[screen])
    if screen.size != app.size or not isinstance(drawn, CompositorUpdate):
        return ""
    frame = drawn.render_segments(app.console)
    shadow = Shadow(erases_in_color=erases_in_color(os.environ))
    shadow.resize(*app.size)
    shadow.draw(frame)
    return as_text(shadow.changes(), frame)
