"""Several lines of text, drawn so that nothing in it is obeyed by the terminal."""

from __future__ import annotations

from rich.text import Text
from textual.actions import SkipAction
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from widgets.text import visible

from .editor import Setting


class Notes(TextArea):
    """Textual's text area; up in its first line and down in its last leave it."""

    DEFAULT_CSS = """
    Notes { padding: 0; background: $foreground 10%; scrollbar-size: 0 1; }
    Notes:focus { background: $foreground 18%; }
    """

    def __init__(self, setting: Setting, *, soft_wrap: bool = True, show_line_numbers: bool = False) -> None:
        super().__init__(
            setting.text,
            compact=True,
            read_only=setting.fixed,
            highlight_cursor_line=False,
            soft_wrap=soft_wrap,
            show_line_numbers=show_line_numbers,
        )
        self.cursor_blink = False
        self.setting = setting

    def write(self, text: str) -> None:
        """Show another text."""
        self.load_text(text)

    # Every change is told at once, so that whoever looks next sees it.

    def edit(self, edit: Edit) -> EditResult:
        before, result = self.text, super().edit(edit)
        self._tell(before)
        return result

    def undo(self) -> None:
        before = self.text
        super().undo()
        self._tell(before)

    def redo(self) -> None:
        before = self.text
        super().redo()
        self._tell(before)

    def _tell(self, before: str) -> None:
        """Tell the text if it is another than before: a text that was only shown is never told."""
        if self.text != before:
            self.setting.tell(self.text)

    def action_cursor_up(self, select: bool = False) -> None:
        """Go up, out of the first line to the field above."""
        if not select and self.cursor_at_first_line:
            raise SkipAction
        super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go down, out of the last line to the field below."""
        if not select and self.cursor_at_last_line:
            raise SkipAction
        super().action_cursor_down(select)

    def get_line(self, line_index: int) -> Text:
        """One line with a sign for each character that a terminal would obey or hide."""
        return Text(shown(self.document.get_line(line_index)), end="", no_wrap=True)


def shown(line: str) -> str:
    """A line of the same length in which everything can be seen."""
    return line if visible(line) == line else "".join(map(_sign, line))


def _sign(char: str) -> str:
    """One character as one that can be seen."""
    sign = char if char == "\t" else visible(char)
    return sign if len(sign) == 1 else "\N{REPLACEMENT CHARACTER}"
