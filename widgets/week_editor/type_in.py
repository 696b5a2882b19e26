"""Typing the hours of a week in one line, beside the week that they make."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Input

from .bits import bits_of
from .changes import WeekChanges
from .view import Describe

DIGITS = "0123456789"

Parse = Callable[[str], int | None]
Write = Callable[[int | None], str]


class WeekTypeIn(WeekChanges):
    """A view in which hours can be typed: what can be read is drawn at once, what can't is said in words."""

    def __init__(
        self,
        value: int | None = None,
        *,
        parse: Parse,
        write: Write,
        describe: Describe,
        example: str = "",
        ascii: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            value, describe=describe, ascii=ascii, name=name, id=id, classes=classes, disabled=disabled
        )
        self._parse = parse
        self._write = write
        self._input = Input(placeholder=example, compact=True, select_on_focus=False)
        self._input.display = False

    def compose(self) -> ComposeResult:
        """The line, which is hidden until it is asked for."""
        yield self._input

    @property
    def typing(self) -> bool:
        """Whether hours are being typed."""
        return self._typing

    def take_typed(self) -> bool:
        """Take what is typed; False if it can't be read, and then it is said why and nothing is lost."""
        if not self._typing:
            return True
        bits = self._read()
        if bits is None:
            self._show()
            return False
        self._leave_typing()
        self._change(bits)
        return True

    def action_type(self) -> None:
        """Type the hours, beginning with those there are."""
        self._anchor, self._typing = None, True
        self._input.value = self._write(self.value)
        self._input.cursor_position = len(self._input.value)
        self._input.display = True
        self._input.focus()
        self._show()

    def on_key(self, event: Key) -> None:
        """A digit begins hours that are typed, in place of those there are."""
        if not self._typing and event.character and event.character in DIGITS:
            event.stop()
            event.prevent_default()
            self.action_type()
            self._input.value = event.character
            self._input.cursor_position = 1

    def on_input_changed(self, event: Input.Changed) -> None:
        """Draw the hours as far as they can be read; say what is wrong only after it was said once."""
        event.stop()
        if self._typing:
            said = bool(self._error)
            bits = self._read()
            self._tried = self._tried if bits is None else bits
            self._error = self._error if said else ""
            self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is typed."""
        event.stop()
        self.take_typed()

    def _read(self) -> int | None:
        """The bits that are typed; if they can't be read, remember why."""
        try:
            bits, self._error = bits_of(self._parse(self._input.value)), ""
        except ValueError as error:
            bits, self._error = None, str(error)
        return bits

    def _leave_typing(self) -> None:
        """Go back to the week, as it was."""
        had_focus = self._input.has_focus
        self._typing, self._tried, self._error = False, None, ""
        self._input.display = False
        if had_focus:
            self.focus()
        self._show()
