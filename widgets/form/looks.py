"""How a page and its editors look.

The styles belong to the page, so that a form of many fields has them once: Textual works out every style of
every widget again whenever one is added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, get_args

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Look = Literal[
    "label", "here", "dim", "bad", "accent",
    "text", "focus", "fixed", "sign", "sign-focus", "cursor", "chosen", "selection", "chip",
    "comment", "table", "key", "string", "number", "wrong",
]  # fmt: skip
LookOf = Callable[[Look], Style]
Piece = tuple[str, Look]
"""A text and its look."""

LOOKS = {f"page--{name}" for name in get_args(Look)}

CSS = """
    & > .page--here { text-style: bold; }
    & > .page--dim, & > .page--fixed { color: $text-muted; }
    & > .page--bad { color: $text-error; }
    & > .page--accent { color: $text-accent; }
    & > .page--text { background: $foreground 10%; }
    & > .page--focus { background: $foreground 18%; }
    & > .page--sign { background: $foreground 10%; color: $text-muted; }
    & > .page--sign-focus { background: $foreground 18%; color: $text-muted; }
    & > .page--chip { background: $foreground 22%; }
    & > .page--cursor {
        background: $input-cursor-background;
        color: $input-cursor-foreground;
        text-style: $input-cursor-text-style;
    }
    & > .page--chosen {
        background: $block-cursor-background;
        color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }
    & > .page--selection { background: $input-selection-background; color: $input-selection-foreground; }
    & > .page--comment { color: $text-muted; }
    & > .page--table { color: $text-accent; }
    & > .page--key { color: $text-primary; }
    & > .page--string { color: $text-success; }
    & > .page--number { color: $text-secondary; }
    & > .page--wrong { background: $error 30%; }
    &:ansi {
        & > .page--dim, & > .page--fixed { text-style: dim; }
        & > .page--text, & > .page--focus, & > .page--sign, & > .page--sign-focus {
            background: transparent;
            text-style: underline;
        }
        & > .page--cursor, & > .page--chosen, & > .page--selection, & > .page--chip {
            background: $background;
            color: $foreground;
            text-style: reverse;
        }
        & > .page--wrong { background: transparent; text-style: underline; }
    }
"""


def drawn(look: LookOf, pieces: Sequence[Piece], width: int, rest: Look) -> Strip:
    """Pieces one after another, and the rest of the line in another look."""
    segments = [Segment(text, look(name)) for text, name in pieces]
    return Strip(segments).adjust_cell_length(width, look(rest))


def part_of(segments: Sequence[Segment], first: int, width: int, sign: Segment) -> Strip:
    """The cells of a long line from `first` on, with a sign at each end that is cut."""
    whole = Strip(segments)
    shown = whole.crop(first, first + width)
    edge = Strip([sign])
    if first > 0:
        shown = Strip.join([edge, shown.crop(1)])
    if whole.cell_length > first + width:
        shown = Strip.join([shown.crop(0, width - 1).adjust_cell_length(width - 1), edge])
    return shown.adjust_cell_length(width, sign.style)
