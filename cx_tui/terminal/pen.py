"""Writes cells in as few bytes as they need, knowing where the cursor is and which look it writes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, count, groupby
from operator import attrgetter, is_not

from .cells import Cell
from .style import PLAIN, Style, change

Line = tuple[int, Sequence[Cell], Sequence[Cell]]
"""Its number, what it should show, and what it shows."""
Run = tuple[Line, int, int]
"""Cells of a line with one style: the first, and where they end."""

UNKNOWN = -1
GAP = 4
"""So many unchanged cells are rather written again than jumped over."""

SHORT, WORTH_A_JUMP = 4, 10
"""Blanks from which on erasing is shorter: to the end of the line, and when the cursor must go on behind."""

_style_of = attrgetter("style")
_text_of = attrgetter("text")


class Pen:
    """Collects what is to be sent.  The cursor's column may be unknown while its line is known."""

    def __init__(self, style: Style | None, erases_in_color: bool) -> None:
        self.said: list[str] = []
        self.y = self.x = UNKNOWN
        self._erases_in_color = erases_in_color
        self.style = style or PLAIN
        if style is None:
            self.say("\x1b]8;;\x1b\\\x1b[m")

    def say(self, sequence: str) -> None:
        """Add a sequence as it is."""
        self.said.append(sequence)

    def wear(self, style: Style) -> None:
        """Change the look."""
        if style is not self.style:
            sequence, self.style = change(self.style, style)
            if sequence:
                self.said.append(sequence)

    def move(self, y: int, x: int) -> None:
        """Bring the cursor to a place, the shortest way."""
        if y == self.y and x == self.x:
            return
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
        if y == self.y:
            ways.append(f"\r{_forward(x)}")
            ways.append(f"\x1b[{x + 1}G")
            if UNKNOWN < self.x < x:
                ways.append(_forward(x - self.x))
            elif self.x > x:
                ways.append(f"\x1b[{self.x - x}D")
        elif y == self.y + 1 and self.y != UNKNOWN:
            ways.append(f"\r\n{_forward(x)}")
        self.said.append(min(ways, key=len))
        self.y, self.x = y, x

    def paint(self, lines: Iterable[Line]) -> None:
        """Turn lines of the terminal into new ones, one look after the other: a colour costs more bytes than
        a jump, and each is said once for all its cells, which may stand anywhere."""
        runs: dict[Style, list[Run]] = {self.style: []}
        for line in lines:
            for look, run in _runs(line):
                runs.setdefault(look, []).append(run)
        for of_one_look in runs.values():
            for line, x, end in of_one_look:
                y, new, _ = line
                style = new[x].style
                if not (style.blank and self._erase(line, x, end)):
                    self.move(y, x)
                    self.wear(style)
                    self._print(y, x, new[x:end], end == len(new))

    def _print(self, y: int, x: int, cells: Sequence[Cell], at_edge: bool) -> None:
        """Write cells of one look."""
        text = "".join(map(_text_of, cells))
        if text.isascii() or all(cell.sure for cell in cells):
            self.said.append(text)
            # Behind the last column terminals disagree on where the cursor is.
            self.x = UNKNOWN if at_edge else x + len(cells)
            return
        for place, cell in enumerate(cells, x):
            if cell.width:
                self.move(y, place)
                self.said.append(cell.text)
                self.x = place + cell.width if cell.sure and place + cell.width < x + len(cells) else UNKNOWN

    def _erase(self, line: Line, x: int, end: int) -> bool:
        """Blank cells by erasing, if that is shorter and all terminals do the same: whether it was done."""
        y, new, old = line
        blank, width = new[x], len(new)
        if end - x < SHORT or blank.style.link or (blank.style.bg and not self._erases_in_color):
            return False
        to_edge = new[-1] is blank and new[end:].count(blank) == width - end
        if not to_edge and end - x < WORTH_A_JUMP:
            return False
        # Half a wide cell erased leaves the other half in a colour that differs between terminals.
        if not old[x].width or (not to_edge and not old[end].width):
            return False
        self.move(y, x)
        self.wear(blank.style)
        self.said.append("\x1b[K" if to_edge else f"\x1b[{end - x}X")
        return True


def _forward(cells: int) -> str:
    return f"\x1b[{cells}C" if cells > 1 else "\x1b[C" * cells


def _runs(line: Line) -> Iterator[tuple[Style, Run]]:
    """The cells to be written, by looks; a blank goes with its neighbour if it looks the same there."""
    _, new, old = line
    for start, stop in _stretches(new, old):
        x, look = start, None
        for style, cells in groupby(new[start:stop], _style_of):
            end = x + len(list(cells))
            if style.blank and look is None and end < stop:
                look = new[end].style
            if look is None or not style.blank or change(look, style)[0]:
                look = style
            yield look, (line, x, end)
            x = end


def _stretches(new: Sequence[Cell], old: Sequence[Cell]) -> list[tuple[int, int]]:
    """Where a line differs; stretches with little between them are one."""
    stretches: list[tuple[int, int]] = []
    start = stop = UNKNOWN
    for x in compress(count(), map(is_not, new, old)):
        if x < stop:
            continue
        if start == UNKNOWN:
            start = x
        elif x > stop and not _is_bridged(new, stop, x):
            stretches.append((start, stop))
            start = x
        stop = x + 1
        if new[x].width == 2:
            stop += 1
        elif not new[x].width and x == start:
            start -= 1
    if start != UNKNOWN:
        stretches.append((start, stop))
    return stretches


def _is_bridged(new: Sequence[Cell], stop: int, start: int) -> bool:
    """Whether what stands between two stretches is shorter than a jump: few cells in the look before them."""
    if start - stop > GAP:
        return False
    style = new[stop - 1].style
    return all(cell.sure and not change(style, cell.style)[0] for cell in new[stop:start])
