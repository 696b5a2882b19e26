"""What every editor has to offer, and what it is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from textual.widget import Widget

from .looks import Look, LookOf
from .signs import UNICODE, Signs

Tell = Callable[[str], None]
Hints = tuple[tuple[str, str], ...]
Span = Literal["box", "wide", "full"]


class Made(NamedTuple):
    """An editor on the screen: its widget, and what gives it another text (which it tells nobody)."""

    widget: Widget
    write: Callable[[str], None]


@dataclass(frozen=True)
class Setting:
    """What an editor's widget is made with: the text at first, whom to tell each new one, how it looks."""

    text: str
    tell: Tell
    look: LookOf
    label: str = ""
    fixed: bool = False
    signs: Signs = UNICODE

    def rest(self, focused: bool) -> Look:
        """The look of what is neither at the cursor nor special."""
        return "fixed" if self.fixed else "focus" if focused else "text"


class Editor(ABC):
    """A way to edit a text.

    `span` is the room it takes: a box beside the label, all that is right of the label, or the whole
    width beneath it.
    """

    span: ClassVar[Span] = "box"

    @property
    def hints(self) -> Hints:
        """The bindings that the help line names, each with a word."""
        return ()

    @property
    def cells(self) -> int:
        """How wide its box is; 0 is as wide as the others."""
        return 0

    def lines_at(self, width: int) -> int:
        """How high it is at this width."""
        return 1

    @abstractmethod
    def build(self, setting: Setting) -> Made:
        """Make its widget."""
