"""A set of words: those there are as chips, and one that is being typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.events import Key, Paste
from textual.strip import Strip

from widgets.text import visible

from .drawn import Drawn
from .editor import Setting
from .keys import key
from .looks import Look, Piece, part_of

BETWEEN = re.compile(r"[\s,;]+")


class Chips(Drawn):
    """A space, a comma or enter ends a word.  The word being typed already belongs to the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "chip_end", "end_word", "End word", "End this word; after the last one, go on."),
        key("left", "chip_left", "step(-1)", "Word before", "Go to the word before."),
        key("right", "chip_right", "step(1)", "Next word", "Go to the next word, or take the one offered."),
        key("backspace", "chip_back", "back", "Remove before", "Remove a letter, or the word before."),
        key("delete", "chip_delete", "remove", "Remove word", "Remove this word."),
    ]

    def __init__(self, setting: Setting, suggestions: Callable[[], Sequence[str]]) -> None:
        super().__init__(setting)
        self._suggestions = suggestions
        self.write(setting.text)

    def write(self, text: str) -> None:
        """Show other words."""
        self._words = [word for word in BETWEEN.split(text) if word]
        self._typing = ""
        self._at = len(self._words)
        super().write(text)

    def _tell(self) -> None:
        """Tell the words, among them the one being typed."""
        words = [*self._words, self._typing] if self._typing else self._words
        self.text = ", ".join(dict.fromkeys(words))
        self.refresh()
        self.setting.tell(self.text)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """The chips and the word being typed: the end of the line, or the part with the cursor."""
        here = self._at if self.has_focus else -1
        usual: Look = "fixed" if self.setting.fixed else "chip"
        pieces: list[Piece] = []
        for place, word in enumerate(self._words):
            pieces += [(f" {visible(word)} ", "chosen" if place == here else usual), (" ", self.rest)]
        end = _width(pieces[: 2 * here + 1])
        pieces.append((visible(self._typing), self.rest))
        if here == len(self._words):
            rest = visible(self._offered[len(self._typing) :])
            pieces += [(rest[:1] or " ", "cursor"), (rest[1:], "sign-focus")]
            end = _width(pieces[:-1])
        look, width = self.setting.look, self.size.width
        first = max(0, end - width + (end < _width(pieces)))
        segments = [Segment(text, look(name)) for text, name in pieces]
        return part_of(segments, first, width, Segment(self.setting.signs.ellipsis, look(self.rest)))

    @property
    def _offered(self) -> str:
        """The first suggestion that goes on as the word does; or else the word."""
        typing = self._typing
        if not typing:
            return ""
        found = (word for word in self._suggestions() if word.startswith(typing) and word not in self._words)
        return next(found, typing)

    # What an operator does

    def on_key(self, event: Key) -> None:
        """A letter goes on with the word; a space or a comma ends it."""
        if not event.is_printable or not event.character:
            return
        event.stop()
        event.prevent_default()
        self._type(event.character)

    def on_paste(self, event: Paste) -> None:
        """All words that are pasted."""
        event.stop()
        self._type(event.text)

    def on_blur(self) -> None:
        """A word that is left is a chip."""
        self._end()

    def _type(self, text: str) -> None:
        """Go on with the word; what ends one makes it a chip."""
        if self.setting.fixed:
            self.app.bell()
            return
        *ended, self._typing = BETWEEN.split(self._typing + text)
        self._words += [word for word in ended if word]
        self._at = len(self._words)
        self._tell()

    def _end(self) -> None:
        """Make the word that is typed a chip; a word that is there already stays one."""
        words = [*self._words, self._typing] if self._typing else self._words
        self._words, self._typing = list(dict.fromkeys(words)), ""
        self._at = len(self._words)
        self.refresh()

    def action_end_word(self) -> None:
        """End the word; if there is none, go on to the next field."""
        if not self._typing:
            raise SkipAction
        self._end()

    def action_step(self, by: int) -> None:
        """Go over the chips; to the right at the end takes what is offered."""
        if by > 0 and self._typing and self._at == len(self._words):
            self._typing = self._offered
            self._end()
            self._tell()
            return
        if self._typing:
            self._end()
        self._at = max(0, min(self._at + by, len(self._words)))
        self.refresh()

    def action_back(self) -> None:
        """Remove the last letter, or else the word before."""
        if self._typing and self._at == len(self._words) and not self.setting.fixed:
            self._typing = self._typing[:-1]
            self._tell()
        elif self._at > 0:
            self._remove(self._at - 1)

    def action_remove(self) -> None:
        """Remove the word under the cursor."""
        if self._at < len(self._words):
            self._remove(self._at)

    def _remove(self, place: int) -> None:
        """Remove a word."""
        if self.setting.fixed:
            self.app.bell()
            return
        del self._words[place]
        self._at = min(place, len(self._words))
        self._tell()


def _width(pieces: Sequence[Piece]) -> int:
    """The cells that pieces take."""
    return sum(cell_len(text) for text, _ in pieces)
