"""Changing the value, telling it, and taking changes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual.message import Message

from .bits import bits_of, value_of
from .moves import WeekMoves

if TYPE_CHECKING:
    from .editor import WeekEditor

KEPT = 100


@dataclass
class Changed(Message, namespace="week_editor"):
    """The operator changed the hours; these are set now."""

    editor: WeekEditor
    value: int | None

    @property
    def control(self) -> WeekEditor:
        """The editor that tells it."""
        return self.editor


class WeekChanges(WeekMoves):
    """A view whose value the operator changes."""

    _past: tuple[int | None, ...] = ()

    def watch_value(self) -> None:
        """Draw it; what the owner sets is not the operator's to take back."""
        self._past = ()
        self._said = ""
        self._show()

    def action_undo(self) -> None:
        """Take the last change back."""
        if self._past:
            *past, value = self._past
            self._set(value, tuple(past))
        else:
            self._say("nothing to undo")

    def _change(self, bits: int) -> None:
        """Set these bits, if they are others."""
        if bits != bits_of(self.value):
            self._set(value_of(bits), (*self._past, self.value)[-KEPT:])

    def _set(self, value: int | None, past: tuple[int | None, ...]) -> None:
        """Set a value, with what came before it, and tell it."""
        self.value = value
        self._past = past
        self.post_message(Changed(cast("WeekEditor", self), value))

    def _say(self, text: str) -> None:
        """Say this until the next change or move."""
        self._said = text
        self._show()
