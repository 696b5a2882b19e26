"""The grammar of what Textual writes: frames, which are drawn here, and everything else, which is not.

A frame is `CUP chunk CUP chunk ... CUP`: the cursor's address, a stretch of one line, and at the end where
the cursor belongs.  A chunk is text with colours (SGR) and links (OSC 8).  Anything else in a chunk has come
with data, from the outside, and is left out: a customer's name must not be able to command the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .cells import Cell, add
from .style import PLAIN, linked, styled

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"

_CUP = re.compile(r"\x1b\[(\d{1,5});(\d{1,5})H")
_PIECES = re.compile(
    r"([^\x1b]+)"  # text
    r"|\x1b\[([\d;]*m)"  # colours
    r"|\x1b\]8(;[^\x00-\x1f\x7f-\x9f;]*;[^\x00-\x1f\x7f-\x9f]*)(?:\x1b\\|\x07)"  # a link
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"  # and what is left out: other control sequences,
    r"|\x1b[PX^_\]][^\x1b\x07]*(?:\x1b\\|\x07)?"  # control strings,
    r"|\x1b[ -/]*[0-~]?"  # escapes
)

# Modes but those that clear the screen or switch to another, keyboard protocols, questions, the cursor's
# shape, titles, mouse pointer, colours of the palette, the bell, the clipboard (for tmux and screen too).
_HARMLESS = re.compile(
    r"(?:\x1b\[\?(?!(?:3|5|6|47|69|1047|1049)[hl])\d+(?:[hl]|\$p)|\x1b\[[<>=?]\d*(?:;\d+)*u|\x1b\[[>=]?\d*[cn]"
    r"|\x1b\[1[468]t|\x1b\[\d* q|\x1b\](?:0|1|2|4|1[0-2]|22|52);[^\x1b\x07]*(?:\x07|\x1b\\)|\x07"
    r"|\x1bP(?:tmux;\x1b)?\x1b\]52;[^\x1b]*(?:\x1b\x1b\\)?\x1b\\(?:\x1bP[^\x1b]*\x1b\\)*)+"
)

KEPT = 1024
"""Chunks remembered: most of a frame's were in the last one too, at another place."""


def is_frame(data: str) -> bool:
    """Whether this draws on the screen in the way that is understood here."""
    return _CUP.match(data) is not None


def is_harmless(data: str) -> bool:
    """Whether this leaves the screen, the colours and the cursor's place as they are."""
    return _HARMLESS.fullmatch(data) is not None


Piece = tuple[int, int, Sequence[Cell]]
"""A line, a column and the cells from there on."""


class Reader:
    """Reads frames."""

    def __init__(self) -> None:
        self._known: dict[str, Sequence[Cell]] = {}

    def read(self, frame: str) -> list[Piece]:
        """The line, the column and the cells of each chunk; the last one is where the cursor belongs."""
        parts = iter(_CUP.split(frame)[1:])
        return [
            (int(row) - 1, int(column) - 1, self._cells(chunk))
            for row, column, chunk in zip(*[parts] * 3, strict=True)
        ]

    def _cells(self, chunk: str) -> Sequence[Cell]:
        cells = self._known.get(chunk)
        if cells is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            cells = self._known[chunk] = parse(chunk.rstrip("\n"))
        return cells


def parse(chunk: str) -> Sequence[Cell]:
    """The cells of a chunk."""
    cells: list[Cell] = []
    pen = PLAIN
    for text, codes, link in _PIECES.findall(chunk):
        if text:
            add(cells, pen, text)
        elif codes:
            pen = styled(pen, codes[:-1])
        elif link:
            pen = linked(pen, link[1:])
    return cells
