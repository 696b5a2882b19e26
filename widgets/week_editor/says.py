"""The lines below the week as pieces: what is at the cursor, the sentence, the usual weeks and the keys."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len

from widgets.text import fit, visible

from .bits import A_DAY, FULL, Block, Place
from .keys import PRESET_KEYS, SHORT
from .paint import Piece
from .presets import PRESETS
from .words import at_place, block_name, in_block, length

BETWEEN = "  "


def at_cursor(
    bits: int, cursor: Place, selection: Block | None, now: int | None, said: str, width: int
) -> list[Piece]:
    """What the cursor is at, or what is selected, unless something else is said; how much is allowed."""
    what = in_block(bits, selection) if selection else at_place(bits, cursor)
    if not selection and now == cursor.day * A_DAY + cursor.step:
        what += ", now"
    left = [
        Piece(block_name(selection or Block.between(cursor, cursor)), "here"),
        Piece(f"{BETWEEN}{said or what}", "accent" if said else "text"),
    ]
    total = "the whole week" if bits == FULL else f"{length(bits.bit_count())} a week"
    room = width - _width(left) - len(total)
    return [*left, Piece(" " * room), Piece(total, "dim")] if room >= len(BETWEEN) else left


def wrapped(text: str, look: str, width: int, lines: int, ellipsis: str) -> list[list[Piece]]:
    """A text in so many lines, whether it needs them or not."""
    width = max(1, width)
    parts = textwrap.wrap(visible(text), width, max_lines=lines, placeholder=ellipsis)
    parts = [fit(part, min(cell_len(part), width), ellipsis=ellipsis) for part in parts]
    return [[Piece(part, look)] for part in parts] + [[]] * (lines - len(parts))


def hints(keys: Mapping[str | None, str], width: int) -> Iterator[list[Piece]]:
    """The usual weeks, then the keys if there are any, in lines of this width; a click on one does it."""
    shown = [_hint(keys, (PRESET_KEYS[n],), one.name, f"preset({n})") for n, one in enumerate(PRESETS)]
    if keys:
        shown += [_hint(keys, *short) for short in SHORT]
    line: list[Piece] = []
    for hint in shown:
        longer = [*line, Piece(BETWEEN), *hint] if line else hint
        if line and _width(longer) > width:
            yield line
            longer = hint
        line = longer
    yield line


def _hint(keys: Mapping[str | None, str], names: tuple[str, ...], word: str, action: str) -> list[Piece]:
    """A word, and before it its keys as they are bound now."""
    bound = " ".join(keys[key] for key in (f"week.{name}" for name in names) if key in keys)
    return [Piece(f"{bound} ", "accent", action)] * bool(bound) + [Piece(word, "dim", action)]


def _width(pieces: Sequence[Piece]) -> int:
    """How many cells these take."""
    return sum(cell_len(piece.text) for piece in pieces)
