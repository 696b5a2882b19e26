"""The signs a grid draws with: one set for Unicode terminals, one in plain ASCII."""

from __future__ import annotations

from typing import NamedTuple


class Glyphs(NamedTuple):
    """Every sign is one terminal cell wide."""

    mark: str
    cursor: str
    gone: str
    up: str
    down: str
    placeholder: str
    ellipsis: str
    freeze: str
    more_left: str
    more_right: str
    changed: str
    flag: str


# Signs whose width does not depend on the terminal's locale, where there is a choice (not U+25B2 or U+25CF).
UNICODE = Glyphs("✓", "▸", "×", "▴", "▾", "·", "…", "│", "‹", "›", "∆", "!")
ASCII = Glyphs("*", ">", "x", "^", "v", ".", "~", "|", "<", ">", "*", "!")
