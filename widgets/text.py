"""Text that came from elsewhere, made safe to show and cut to an exact number of terminal cells."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from rich.cells import cell_len, set_cell_size

Align = Literal["left", "right"]

# What a terminal obeys or hides instead of showing: C0, DEL, C1, soft hyphen, zero-width and bidi characters,
# line separators, fillers that look empty, variation selectors, surrogates (they cannot be encoded), tags.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


STACKED = 8
"""So many accents may a letter have."""
_STACK = re.compile(
    f"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{STACKED + 1},}}"
)


def visible(text: str) -> str:
    """The same text with every control, bidi and zero-width character written out."""
    if text.isascii() and text.isprintable():
        return text
    if _HIDDEN.search(text):
        text = _HIDDEN.sub(_written_out, text)
    if not text.isprintable():
        # What Unicode has given nobody yet, or everybody his own, and signs that begin where another ends.
        text = "".join(char if _is_shown(char) else f"<U+{ord(char):04X}>" for char in text)
    return _STACK.sub(_stacked, text) if _STACK.search(text) else text


def _is_shown(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _stacked(found: re.Match[str]) -> str:
    """Of very many accents on one letter the first, and that there were more."""
    return f"{found[0][:STACKED]}<+{len(found[0]) - STACKED}>"


def _written_out(found: re.Match[str]) -> str:
    """How one hidden character is written."""
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if code in (0xFE0E, 0xFE0F):
        # They only choose between two drawings of a symbol, and terminals disagree on the width of one.
        return ""
    return f"<U+{code:04X}>"


def fit(text: str, width: int, align: Align = "left", ellipsis: str = "…") -> str:
    """`text` (as `visible` gives it) in exactly `width` terminal cells: padded, or cut with a sign.

    At the right stand numbers: they are cut at their beginning, so that no decimals and no currency are lost
    and the amount is not taken for another one.
    """
    length = len(text) if text.isascii() else cell_len(text)
    if length == width:
        return text
    if length < width:
        padding = " " * (width - length)
        return padding + text if align == "right" else text + padding
    return _cut_before(text, width, ellipsis) if align == "right" else _cut(text, width, ellipsis)


def _cut_before(text: str, width: int, ellipsis: str) -> str:
    """The cut sign and the end of `text`, together `width` cells."""
    if width <= 0:
        return ""
    kept = text[len(text) - width + 1 :]
    while kept and cell_len(kept) > width - 1:
        kept = kept[1:]
    return ellipsis + " " * (width - 1 - cell_len(kept)) + kept


def _cut(text: str, width: int, ellipsis: str) -> str:
    """The beginning of `text` and the cut sign, together `width` cells."""
    if width <= 0:
        return ""
    kept = text[: width - 1] if text.isascii() else set_cell_size(text, width - 1)
    return kept + ellipsis
