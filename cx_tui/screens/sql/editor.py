"""The box for a question in SQL: coloured, completed by tab."""

import re
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

TOKEN = re.compile(
    r"(?P<comment>--.*)|(?P<string>'(?:[^']|'')*'?)|(?P<number>(?<!\w)\d+(?:\.\d+)?(?!\w))"
    r"|(?P<view>\bv_\w+)"
    r"|(?P<word>\b(?:select|from|where|group|order|by|having|limit|offset|join|left|right|inner|outer|on|and|or"
    r"|not|in|is|null|like|between|distinct|count|sum|avg|min|max|case|when|then|else|end|with|union|all"
    r"|recursive|desc|asc|as|over|partition|exists|cast|coalesce)\b)",
    re.IGNORECASE,
)
LOOKS = {
    "comment": Style(dim=True), "string": Style(color="green"), "number": Style(color="cyan"),
    "view": Style(color="magenta"), "word": Style(bold=True),
}  # fmt: skip
LONGEST = 2_000
"""A longer line stays without colours."""


class SqlEditor(TextArea):
    """Tab takes what is offered first, and the next one when pressed again; enter is a new line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete", show=False, priority=True, id="sql.complete",
                tooltip="Take the first of what is offered; again takes the next."),
    ]  # fmt: skip

    class Offered(Message):
        """Something else is offered now."""

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(text, compact=True, highlight_cursor_line=False, show_line_numbers=False, id=id)
        self.cursor_blink = False
        self._taken: tuple[str, int, list[str]] | None = None

    def get_line(self, line_index: int) -> Text:
        """One line in its colours."""
        text = super().get_line(line_index)
        if len(text) <= LONGEST:
            for found in TOKEN.finditer(text.plain):
                text.stylize(LOOKS[str(found.lastgroup)], *found.span())
        return text

    def before_cursor(self) -> str:
        """The text up to the cursor."""
        return self.get_text_range((0, 0), self.cursor_location)

    def offered(self) -> tuple[list[str], int]:
        """What could be written, and which of it was taken; -1 is none."""
        from cx_tui.services.sql_words import offers

        before = self.before_cursor()
        if self._taken and before == self._taken[0]:
            return self._taken[2], self._taken[1]
        return offers(before), -1

    def action_complete(self) -> None:
        """Take what is offered; where nothing is, go two columns on."""
        found, place = self.offered()
        if not found:
            self.insert("  ")
            return
        place = (place + 1) % len(found)
        word = re.search(r"\w*$", self.before_cursor())
        if self._taken and place:
            length = len(self._taken[2][place - 1])
        elif self._taken and self._taken[0] == self.before_cursor():
            length = len(self._taken[2][-1])
        else:
            length = len(word[0]) if word else 0
        row, column = self.cursor_location
        self.replace(found[place], (row, column - length), (row, column))
        self._taken = (self.before_cursor(), place, found)
        self.post_message(self.Offered())
