"""Writes cells in as few bytes as they need, knowing where the cursor is and which look it writes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress, count, groupby
from operator import attrgetter, is_not

from .cells import LOST, Cell
from .last_screen import TAB
from .style import PLAIN, Style, change

Line = tuple[int, Sequence[Cell], Sequence[Cell]]
"""Its number, what it should show, and what it shows."""
Run = tuple[Line, int, int, bool]
"""Cells of a line that go in one look: the first, where they end, and whether they are so many blanks that
erasing may be shorter."""

UNKNOWN = -1
GAP = 4
"""So many unchanged cells are rather written again than jumped over."""
SHORTEST_JUMP = 3
"""The bytes of a control sequence; what is shorter need not be compared."""
FAR = 4
"""So many lines down are rather gone one by one."""
SHORT, WORTH_A_JUMP = 4, 10
"""Blanks from which on erasing is shorter: to the end of the line, and when the cursor must go on behind."""

ERASE_LINE = "\x1b[K"

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

    def move(self, y: int, x: int, row: Sequence[Cell] = ()) -> None:
        """Bring the cursor to a place, the shortest way; `row` is what the line shall show."""
        if y == self.y and x == self.x:
            return
        down = "\n" * (y - self.y) if UNKNOWN < self.y <= y <= self.y + FAR else None
        way = down + self._along(self.x, x, row) if down is not None and self.x != UNKNOWN else None
        if way is None or len(way) > SHORTEST_JUMP:
            here = y == self.y
            ways = [] if here else [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
            if way:
                ways.append(way)
            if down is not None and not (here and UNKNOWN < self.x < x):
                ways.append(f"\r{down}{self._along(0, x, row)}")
            if here:
                ways.append(f"\x1b[{x + 1}G")
            way = min(ways, key=len)
        self.said.append(way)
        self.y, self.x = y, x

    def _along(self, start: int, x: int, row: Sequence[Cell]) -> str:
        """The shortest way within a line from a place that is known: straight, or over a tab stop."""
        way = _jump(start, x, len(row))
        if len(way) < SHORTEST_JUMP:
            return way
        if start < x <= start + GAP:
            way = min(way, self._again(start, x, row) or way, key=len)
        stop = x - x % TAB
        tabs = stop // TAB - start // TAB
        if start < stop < x and tabs + x - stop < len(way) and (text := self._again(stop, x, row)):
            way = "\t" * tabs + text
        return way

    def _again(self, start: int, x: int, row: Sequence[Cell]) -> str:
        """What is there written again, when it needs no other look."""
        between = row[start:x]
        text = "".join(map(_text_of, between))
        # Each takes a byte and a cell: no half of a wide one is among them.
        if text.isascii() and len(text) == x - start and not any(map(self._must_change, between)):
            return text
        return ""

    def _must_change(self, cell: Cell) -> bool:
        return bool(change(self.style, cell.style)[0])

    def paint(self, lines: Iterable[Line]) -> None:
        """Turn lines of the terminal into new ones, one look after the other: a colour costs more bytes than
        a jump, and each is said once for all its cells, which may stand anywhere."""
        runs: dict[Style, list[Run]] = {self.style: []}
        for line in lines:
            for look, run in _runs(line):
                runs.setdefault(look, []).append(run)
        erased: dict[int, int] = {}
        for look, of_one_look in runs.items():
            for line, x, end, blank in of_one_look:
                y, new, _ = line
                if x >= erased.get(y, len(new)):
                    continue
                if not (blank and self._erase(line, x, end)):
                    self.move(y, x, new)
                    self.wear(look)
                    self._print(y, x, new[x:end], end == len(new))
                elif self.said[-1] == ERASE_LINE:
                    erased[y] = x

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
        blank = new[x]
        if blank.style.link or (blank.style.bg and not self._erases_in_color):
            return False
        to_edge = _is_blank_to_edge(new, x)
        if not to_edge and end - x < WORTH_A_JUMP:
            return False
        # Half a wide cell erased leaves the other half in a colour that differs between terminals.
        if not old[x].width or (not to_edge and not old[end].width):
            return False
        self.move(y, x, new)
        self.wear(blank.style)
        self.said.append(ERASE_LINE if to_edge else f"\x1b[{end - x}X")
        return True


@lru_cache(16384)
def _jump(start: int, x: int, width: int) -> str:
    """The shortest way within a line that writes nothing: straight, or over a tab stop."""
    stop = x - x % TAB
    ways = [_straight(start, x)]
    ways += [
        "\t" * (stop // TAB - start // TAB) + _straight(stop, x)
        for stop in (stop, stop + TAB)
        if start < stop < width
    ]
    return min(ways, key=len)


def _straight(start: int, x: int) -> str:
    return _forward(x - start) if x > start else min("\b" * (start - x), _back(start - x), key=len)


def _forward(cells: int) -> str:
    return f"\x1b[{cells}C" if cells > 1 else "\x1b[C" * cells


def _back(cells: int) -> str:
    return f"\x1b[{cells}D" if cells > 1 else "\b" * cells


def _is_blank_to_edge(row: Sequence[Cell], x: int) -> bool:
    blank = row[x]
    return row[-1] is blank and row[x:].count(blank) == len(row) - x


def _runs(line: Line) -> Iterator[tuple[Style, Run]]:
    """The cells to be written, by looks; a blank goes with its neighbour if it looks the same there."""
    _, new, old = line
    for start, stop in _stretches(new, old):
        begun, look, blanks = start, None, False
        x = start
        for style, cells in groupby(new[start:stop], _style_of):
            end = x + len(list(cells))
            near = new[end].style if look is None and end < stop else look
            if near is None or not style.blank or change(near, style)[0]:
                near = style
            many = style.blank and end - x >= SHORT
            if look and (near is not look or many or blanks):
                yield look, (line, begun, x, blanks)
                begun = x
            x, look, blanks = end, near, many
        if look:
            yield look, (line, begun, stop, blanks)


def _stretches(new: Sequence[Cell], old: Sequence[Cell]) -> list[tuple[int, int]]:
    """Where a line differs; stretches with little between them are one."""
    if old[0] is LOST:
        return [(0, len(new))]
    stretches: list[tuple[int, int]] = []
    start = stop = UNKNOWN
    for x in compress(count(), map(is_not, new, old)):
        if x < stop:
            continue
        if start == UNKNOWN:
            start = x
        elif x > stop and (x - stop > GAP or not _is_bridged(new, stop, x)):
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
    """Whether the few cells between two stretches are shorter than a jump: all in the look before them."""
    style = new[stop - 1].style
    for cell in new[stop:start]:
        if not cell.sure or (cell.style is not style and change(style, cell.style)[0]):
            return False
    return True
