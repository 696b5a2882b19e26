"""What the terminal shows and what it should show; the difference is what has to be sent."""

from __future__ import annotations

from collections.abc import Iterable

from .cells import BLANK, LOST, Cell, blank_of
from .frame import Piece, Reader
from .pen import UNKNOWN, Pen
from .scroll import find_scroll
from .style import PLAIN, Style

Row = list[Cell]

FEW = 6
"""Changed lines in which it is not worth while to look for a scrolled list."""


class Shadow:
    """The screen of a terminal, cell by cell."""

    def __init__(self, *, erases_in_color: bool) -> None:
        self.width = self.height = 0
        self._erases_in_color = erases_in_color
        self._reader = Reader()
        self._want: list[Row] = []
        self._have: list[Row] = []
        self._cursor = (0, 0)
        self._shown_cursor = (UNKNOWN, UNKNOWN)
        self._style: Style | None = None

    def resize(self, width: int, height: int) -> None:
        """Take on the size of the terminal; what was drawn stays until it is drawn anew."""
        if (width, height) != (self.width, self.height):
            kept = [(row + [BLANK] * width)[:width] for row in self._want[:height]]
            self._want = kept + [[BLANK] * width for _ in range(height - len(kept))]
            self.width, self.height = width, height
            self.forget()

    def forget(self) -> None:
        """Know nothing of what the terminal shows: everything is sent again."""
        self._have = [[LOST] * self.width for _ in range(self.height)]
        self._shown_cursor = (UNKNOWN, UNKNOWN)
        self._style = None

    def draw(self, frame: str) -> None:
        """Put a frame into what should be shown."""
        pieces = self._reader.read(frame)
        self.put(pieces, pieces[-1][:2])

    def put(self, pieces: Iterable[Piece], cursor: tuple[int, int]) -> None:
        """Put pieces into what should be shown, and the cursor where it belongs."""
        self._cursor = cursor
        for y, x, cells in pieces:
            if cells and y < self.height and x < self.width:
                self._put(self._want[y], x, list(cells[: self.width - x]))

    def _put(self, row: Row, x: int, cells: Row) -> None:
        """Overwrite cells; half a wide one that is left over is blank, as on the terminal."""
        end = x + len(cells)
        if not row[x].width and x:
            row[x - 1] = blank_of(row[x])
        if end < self.width and not row[end].width:
            row[end] = blank_of(row[end])
        if end == self.width and cells[-1].width == 2:
            cells[-1] = blank_of(cells[-1])
        row[x:end] = cells

    def changes(self) -> str:
        """What makes the terminal show what it should; it is taken as sent."""
        want, have = self._want, self._have
        changed = self._changed()
        if not self.height or not (changed or self._shown_cursor != self._cursor):
            return ""
        pen = Pen(self._style, self._erases_in_color)
        if len(changed) > FEW and have[0][0] is not LOST and (scroll := find_scroll(want, have, changed)):
            pen.wear(PLAIN)
            pen.say(scroll.sequence())
            have[scroll.top : scroll.bottom + 1] = scroll.moved(have)
            changed = self._changed()
        pen.paint((y, want[y], have[y]) for y in changed)
        for y in changed:
            have[y] = want[y].copy()
        y, x = self._cursor
        pen.move(min(y, self.height - 1), min(x, self.width - 1))
        self._shown_cursor, self._style = self._cursor, pen.style
        return "".join(pen.said)

    def _changed(self) -> list[int]:
        return [y for y, (new, old) in enumerate(zip(self._want, self._have, strict=True)) if new != old]
