"""The box for a path: tab completes, and up and down move through the list beneath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.message import Message
from textual.widgets import Input

from widgets.text import visible

from .folder import cleaned


def _key(keys: str, action: str, title: str, name: str, tooltip: str, *, show: bool = False) -> Binding:
    return Binding(keys, action, title, show=show, id=f"path.{name}", tooltip=tooltip)


class PathBox(Input):
    """One line with a path."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("enter", "submit", "take", "take", "Take this file, or open this folder.", show=True),
        _key("tab", "complete", "complete", "complete", "Write on as far as there is no choice.", show=True),
        _key("up", "move(-1)", "Up", "up", "Go to the line above."),
        _key("down", "move(1)", "Down", "down", "Go to the line below."),
        _key("pageup", "page(-1)", "Page up", "page_up", "One page up."),
        _key("pagedown", "page(1)", "Page down", "page_down", "One page down."),
    ]

    @dataclass
    class Moved(Message):
        """The operator moves in the list."""

        by: int
        page: bool = False

    class Completing(Message):
        """The operator wants the text to go on."""

    def action_move(self, by: int) -> None:
        """Move in the list."""
        self.post_message(self.Moved(by))

    def action_page(self, by: int) -> None:
        """Move in the list by a page."""
        self.post_message(self.Moved(by, page=True))

    def action_complete(self) -> None:
        """Write on."""
        self.post_message(self.Completing())

    def on_paste(self, event: Paste) -> None:
        """A pasted path may stand in quotes, as shells and file managers write it; it is one line."""
        event.prevent_default()
        event.stop()
        lines = event.text.splitlines()
        pasted = visible(cleaned(lines[0])) if lines else ""
        whole = pasted.startswith(("/", "~"))
        if whole:
            self.value = pasted
            self.cursor_position = len(pasted)
        else:
            self.insert_text_at_cursor(pasted)
