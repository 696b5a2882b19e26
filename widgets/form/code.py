"""TOML to write, coloured, with the line of its mistake marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.widgets.text_area import Edit, EditResult

from .editor import Setting
from .keys import key
from .notes import Notes
from .toml import tokens

Mistake = Callable[[str], tuple[int, int] | None]
"""The line and column of the first mistake of a text, each counted from 1."""

# A longer line stays without colours: each is looked at again at every key.
LONGEST = 2_000


class CodeArea(Notes):
    """Leaving it, or a key, puts the cursor on the mistake and marks the line until the text is changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+g", "mistake", "to_mistake", "Mistake", "Go to the line and column of the mistake."),
    ]

    def __init__(self, setting: Setting, mistake: Mistake) -> None:
        super().__init__(setting, soft_wrap=False, show_line_numbers=True)
        self._mistake = mistake
        self._wrong_line = -1

    def edit(self, edit: Edit) -> EditResult:
        self._wrong_line = -1
        return super().edit(edit)

    def write(self, text: str) -> None:
        """Show another text."""
        self._wrong_line = -1
        super().write(text)

    def action_to_mistake(self) -> None:
        """Go to the mistake, if there is one."""
        found = self._mistake(self.text)
        if found is None:
            raise SkipAction
        line, column = found
        self._wrong_line = line - 1
        self.notify_style_update()  # lines that were drawn are kept until then
        self.move_cursor((line - 1, column - 1), center=True)

    def on_blur(self) -> None:
        """Come back to where it is wrong."""
        if self._mistake(self.text):
            self.action_to_mistake()

    def get_line(self, line_index: int) -> Text:
        """One line in its colours."""
        text = super().get_line(line_index)
        if len(text) <= LONGEST:
            for token, start, end in tokens(text.plain):
                text.stylize(Style(color=self.setting.look(token).color), start, end)
        if line_index == self._wrong_line:
            text.stylize(self.setting.look("wrong"))
        return text
