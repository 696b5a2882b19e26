"""What editors that are no text to type have in common: they hold a text and draw themselves."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from .editor import Setting
from .looks import Look, Piece, drawn


class Drawn(Widget, can_focus=True):
    """An editor that knows its text and draws it line by line."""

    ALLOW_SELECT = False

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.text = setting.text

    def write(self, text: str) -> None:
        """Show another text."""
        self.text = text
        self.refresh()

    def change(self, text: str) -> None:
        """The operator means another text."""
        if self.setting.fixed:
            self.app.bell()
        elif text != self.text:
            self.write(text)
            self.setting.tell(text)

    def drawn(self, *pieces: Piece) -> Strip:
        """Pieces one after another, on the field."""
        return drawn(self.setting.look, pieces, self.size.width, self.rest)

    @property
    def rest(self) -> Look:
        """The look of what is neither at the cursor nor special."""
        return self.setting.rest(self.has_focus)
