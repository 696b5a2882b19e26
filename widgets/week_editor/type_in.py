"""Typing the hours of a week in one line, beside the week that they make."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget
from textual.widgets import Input

from .bits import bits_of
from .hours import Hours
from .selection import Selection

DIGITS = "0123456789"

Parse = Callable[[str], int | None]
Write = Callable[[int | None], str]


class TypedHours:
    """Hours that are typed: what can be read is drawn at once, what can't is said in words."""

    def __init__(
        self,
        editor: Widget,
        hours: Hours,
        selection: Selection,
        parse: Parse,
        write: Write,
        example: str,
        draw: Callable[[], None],
    ) -> None:
        self._editor = editor
        self._hours = hours
        self._selection = selection
        self._parse = parse
        self._write = write
        self._draw = draw
        self.is_on = False
        """Whether hours are being typed."""
        self.error = ""
        """Why they can't be read, once that was said."""
        self.input = Input(placeholder=example, compact=True, select_on_focus=False)
        self.input.display = False

    def begin(self, text: str | None = None) -> None:
        """Type the hours, beginning with those there are, or with a text in their place."""
        self._selection.anchor, self.is_on = None, True
        self.input.value = self._write(self._hours.value)
        self.input.cursor_position = len(self.input.value)
        self.input.display = True
        self.input.focus()
        self._draw()
        if text is not None:
            self.input.value = text
            self.input.cursor_position = len(text)

    def follow(self) -> None:
        """Draw the hours as far as they can be read; say what is wrong only after it was said once."""
        if self.is_on:
            said = bool(self.error)
            bits = self._read()
            self._hours.tried = self._hours.tried if bits is None else bits
            self.error = self.error if said else ""
            self._draw()

    def take(self) -> bool:
        """Take what is typed; False if it can't be read, and then it is said why and nothing is lost."""
        if not self.is_on:
            return True
        bits = self._read()
        if bits is None:
            self._draw()
            return False
        self.leave()
        self._hours.change(bits)
        return True

    def leave(self) -> None:
        """Go back to the week, as it was."""
        had_focus = self.input.has_focus
        self.is_on, self._hours.tried, self.error = False, None, ""
        self.input.display = False
        if had_focus:
            self._editor.focus()
        self._draw()

    def _read(self) -> int | None:
        """The bits that are typed; if they can't be read, remember why."""
        try:
            bits, self.error = bits_of(self._parse(self.input.value)), ""
        except ValueError as error:
            bits, self.error = None, str(error)
        return bits
