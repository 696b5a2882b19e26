"""Text that came from elsewhere, made safe to show and cut to an exact number of terminal cells."""

from __future__ import annotations

import re
from typing import Literal

from rich.cells import cell_len, set_cell_size

Align = Literal["left", "right"]

# What a terminal obeys or hides instead of showing: C0, DEL, C1, soft hyphen, zero-width and bidi characters,
# line separators, fillers that look empty, variation selectors, surrogates (they cannot be encoded), tags.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """The same text with every control, bidi and zero-width character written out."""
    if (text.isascii() and text.isprintable()) or not _HIDDEN.search(text):
        return text
    return _HIDDEN.sub(_written_out, text)


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
    """`text` (as `visible` gives it) in exactly `width` terminal cells: padded, or cut with a sign."""
    length = len(text) if text.isascii() else cell_len(text)
    if length == width:
        return text
    if length < width:
        padding = " " * (width - length)
        return padding + text if align == "right" else text + padding
    return _cut(text, width, ellipsis)


def _cut(text: str, width: int, ellipsis: str) -> str:
    """The beginning of `text` and the cut sign, together `width` cells."""
    if width <= 0:
        return ""
    kept = text[: width - 1] if text.isascii() else set_cell_size(text, width - 1)
    return kept + ellipsis
