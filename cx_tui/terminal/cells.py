"""Cells: one grapheme in one style.  Equal cells are one object, as equal styles are."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len, split_graphemes

from .style import PLAIN, Style, ground

# Terminals agree on the width of these: Latin, Greek, Cyrillic, dashes, arrows, lines, blocks, Braille ...
NARROW = (
    ("\x20", "\x7e"), ("\xa1", "\xac"), ("\xae", "\u02ff"), ("\u0370", "\u0482"), ("\u048a", "\u052f"),
    ("\u2010", "\u2027"), ("\u2190", "\u21ff"), ("\u2500", "\u25fc"), ("\u2800", "\u28ff"),
)  # fmt: skip
# ... and of these: kana, Chinese, Hangul, full-width forms.
WIDE = (
    ("\u3041", "\u3096"), ("\u30a1", "\u30ff"), ("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"),
    ("\uac00", "\ud7a3"), ("\uff01", "\uff60"),
)  # fmt: skip
AGREED = (("", ""), *NARROW, *WIDE)
_ALL_NARROW = re.compile(f"[{''.join(f'{first}-{last}' for first, last in NARROW)}]*")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")

KEPT = 2000
"""Graphemes that one style remembers: hostile text could go on inventing them."""


class Cell:
    """One grapheme in one style; the right half of a wide one is a cell of its own, without text."""

    __slots__ = ("style", "sure", "text", "width")

    def __init__(self, text: str, style: Style) -> None:
        self.text = text
        self.style = style
        self.width = cell_len(text)
        self.sure = len(text) < 2 and any(first <= text <= last for first, last in AGREED)
        """Whether all terminals agree on its width."""

    def __repr__(self) -> str:
        return f"Cell({self.text!r}, {self.style})"


class Alphabet(dict[str, Cell]):
    """The cells of one style, by grapheme."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style

    def __missing__(self, text: str) -> Cell:
        look = ground(self._style) if text == " " else self._style
        cell = Cell(text, look) if look is self._style else alphabet(look)[text]
        if len(self) >= KEPT:
            self.clear()
        self[text] = cell
        return cell


@lru_cache(4096)
def alphabet(style: Style) -> Alphabet:
    """The cells of a style."""
    return Alphabet(style)


BLANK = alphabet(PLAIN)[" "]
LOST = Cell(" ", PLAIN)
"""A cell of the terminal of which nothing is known: equal to none that can be asked for."""


def add(cells: list[Cell], style: Style, text: str) -> None:
    """Append a text to a row; control characters are left out."""
    letters = alphabet(style)
    if not (text.isascii() and text.isprintable()) and not _ALL_NARROW.fullmatch(text):
        _add_graphemes(cells, letters, _CONTROLS.sub("", text))
    else:
        cells += map(letters.__getitem__, text)


def _add_graphemes(cells: list[Cell], letters: Alphabet, text: str) -> None:
    spans, _ = split_graphemes(text)
    for start, end, width in spans:
        if width:
            cells.append(letters[text[start:end]])
        if width == 2:
            cells.append(letters[""])


def blank_of(cell: Cell) -> Cell:
    """What is left of a wide cell when its other half is overwritten."""
    return alphabet(cell.style)[" "]
