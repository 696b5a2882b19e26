"""A secret: what is typed is masked until the operator asks to see it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from .editor import Setting
from .entry import Entry
from .keys import key


class Secret(Entry):
    """Drawn as a mask; it can be seen only while it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+r", "reveal", "reveal", "Show or hide", "Show this secret, or hide it again."),
    ]

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting, password=True)

    def action_reveal(self) -> None:
        """Show what is typed, or hide it again."""
        self.password = not self.password

    def on_blur(self) -> None:
        """Hide it."""
        super().on_blur()
        self.password = True
