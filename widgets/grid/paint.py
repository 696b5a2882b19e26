"""Rows as strips: as few segments as the tones allow, and none drawn twice."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.text import fit, visible

from .column import Cell, Row, SortKey
from .glyphs import Glyphs
from .layout import GUTTER, Layout, Slot

CHANGED, CELLS = "grid--changed", "grid--cells"
TONES = {tone: f"grid--{tone}" for tone in ("dim", "good", "warn", "bad", "accent")}
KEPT = 512

# A cell may hold this many characters for each terminal cell: a stack of accents has no width but a price.
STACKED = 8

ROW, CURSOR, MARKED, GONE, STALE = "grid--row", "grid--cursor", "grid--marked", "grid--gone", "grid--stale"
HEADER, COLUMN, NOTICE = "grid--header", "grid--column", "grid--notice"
# In every other look the whole row has one style: a tone on a coloured bar would be hard to read.
TONED = {ROW, MARKED}

StyleOf = Callable[[str], Style]
Piece = tuple[str, Style]


class Painter:
    """Draws rows for one layout and one set of styles; `clear` when the styles change."""

    def __init__(self, glyphs: Glyphs, style_of: StyleOf) -> None:
        self.glyphs = glyphs
        self._style_of = style_of
        self._layout = Layout((), 0)
        self._styles: dict[tuple[str, str], Style] = {}
        self._rows: dict[tuple[int, str, bool, frozenset[str], frozenset[str]], tuple[Row, Strip]] = {}
        self._headers: dict[tuple[tuple[SortKey, ...], int], Strip] = {}

    def clear(self) -> None:
        """Forget all strips and styles."""
        self._styles.clear()
        self._rows.clear()
        self._headers.clear()

    def use(self, layout: Layout) -> None:
        """Draw for this layout from now on."""
        if layout is not self._layout:
            self._layout = layout
            self._rows.clear()
            self._headers.clear()

    @property
    def ground(self) -> Style:
        """How empty space looks."""
        return self._style(ROW)

    def row(
        self,
        row: Row,
        look: str,
        cursor: bool,
        marked: bool,
        changed: frozenset[str],
        cells: frozenset[str] = frozenset(),
    ) -> Strip:
        """A row in a look (a component class); some of its columns were changed just now, cells in some are
        marked."""
        key = (row.key, look, marked, changed, cells)
        held = self._rows.get(key)
        if held is not None and held[0] is row:
            return held[1]
        strip = self._paint(row, look, self._gutter(row, cursor, marked), changed, cells)
        if len(self._rows) >= KEPT:
            del self._rows[next(iter(self._rows))]
        self._rows[key] = (row, strip)
        return strip

    def header(self, sort: Sequence[SortKey], current: int) -> Strip:
        """The titles, with the order's arrows; `current` is the place of the column the cursor is in."""
        key = (tuple(sort), current)
        if key not in self._headers:
            self._headers[key] = self._header(sort, current)
        return self._headers[key]

    def _header(self, sort: Sequence[SortKey], current: int) -> Strip:
        plain, column = self._style(HEADER), self._style(HEADER, COLUMN)
        layout, glyphs = self._layout, self.glyphs

        def piece(slot: Slot) -> Piece:
            here = slot.place == current
            text = self._framed(
                slot, self._title(slot, sort), glyphs.cursor if here and slot.column.title else ""
            )
            return text, column if here else plain

        gutter = (" " * (GUTTER - 1) + (glyphs.more_left if layout.more_left else " "), plain)
        strip = self._strip(gutter, piece, plain)
        if layout.more_right and layout.width:
            more = Strip([Segment(glyphs.more_right, plain)], 1)
            strip = Strip.join([strip.crop(0, layout.width - 1), more])
        return strip

    def placeholder(self, look: str, cursor: bool) -> Strip:
        """A row that is not here yet."""
        style = self._style(look) if cursor else self._style(ROW, "grid--dim")
        sign = self.glyphs.placeholder

        def piece(slot: Slot) -> Piece:
            return self._framed(slot, fit(sign, slot.width, slot.column.align)), style

        return self._strip(((self.glyphs.cursor if cursor else " ").ljust(GUTTER), style), piece, style)

    def blank(self) -> Strip:
        """A line below the last row."""
        return Strip.blank(self._layout.width, self.ground)

    def notice(self, text: str, tone: str, height: int) -> list[Strip]:
        """A text of several lines in the middle of the body."""
        width = self._layout.width
        style = self._style(NOTICE, TONES.get(tone, ""))
        lines = [
            part
            for line in text.splitlines()
            for part in (textwrap.wrap(visible(line), max(1, width - 4)) or [""])
        ][:height]
        above = (height - len(lines)) // 2
        middle = [Strip([Segment(self._centred(line, width), style)], width) for line in lines]
        return [self.blank()] * above + middle + [self.blank()] * (height - above - len(middle))

    def _centred(self, line: str, width: int) -> str:
        """A line with as much space before as after it."""
        before = " " * max(0, (width - cell_len(line)) // 2)
        return fit(before + line, width, ellipsis=self.glyphs.ellipsis)

    def _paint(
        self, row: Row, look: str, gutter: str, changed: frozenset[str], cells: frozenset[str]
    ) -> Strip:
        """Draw a row; only a row in the plain or marked look shows its cells' tones."""
        base, toned = self._style(look), look in TONED

        def piece(slot: Slot) -> Piece:
            column = slot.column
            cell: Cell = row.cell(column.key)
            text = visible(cell.text[: slot.width * STACKED + 1])
            style = self._style(look, TONES[cell.tone]) if toned and cell.tone in TONES else base
            sign = self.glyphs.flag if cell.flagged else ""
            if column.key in changed:
                style, sign = style + self._style_of(CHANGED), self.glyphs.changed
            if column.key in cells:
                style = style + self._style_of(CELLS)
            shown = fit(text, slot.width, column.align, self.glyphs.ellipsis)
            return self._framed(slot, shown, sign), style

        return self._strip((gutter, base), piece, base)

    def _gutter(self, row: Row, cursor: bool, marked: bool) -> str:
        """The signs before a row, so that the cursor and the marks show without colour."""
        glyphs = self.glyphs
        second = glyphs.gone if row.gone else glyphs.mark if marked else " "
        return (glyphs.cursor if cursor else " ") + second

    def _title(self, slot: Slot, sort: Sequence[SortKey]) -> str:
        """A column's title with its arrow, and its rank when several columns order the rows."""
        sign = ""
        for rank, key in enumerate(sort, 1):
            if key.column == slot.column.key:
                arrow = self.glyphs.down if key.descending else self.glyphs.up
                sign = f" {arrow}{rank}" if len(sort) > 1 else f" {arrow}"
        title, ellipsis = visible(slot.column.title), self.glyphs.ellipsis
        if cell_len(title) + len(sign) > slot.width:
            sign = sign.lstrip()
        room = min(cell_len(title), max(0, slot.width - len(sign)))
        return fit(fit(title, room, ellipsis=ellipsis) + sign, slot.width, slot.column.align, ellipsis)

    def _framed(self, slot: Slot, text: str, sign: str = "") -> str:
        """A cell's text with the space around it, and the line after the last frozen column; a sign takes the
        space right before the text."""
        last_frozen = slot.place == len(self._layout.frozen) - 1
        space = " " * (1 + len(text) - len(text.lstrip(" ")))
        text = f"{space[: len(space) - len(sign)]}{sign}{text.lstrip(' ')}"
        return f"{text}{self.glyphs.freeze if last_frozen else ' '}"

    def _strip(self, gutter: Piece, piece: Callable[[Slot], Piece], rest: Style) -> Strip:
        """One line: the gutter, the columns in view, and blank space."""
        layout = self._layout
        end = layout.slots[-1].stop if layout.slots else GUTTER
        pieces = [gutter, *map(piece, layout.slots), (" " * (layout.width - end), rest)]
        strip = Strip(_merged(pieces), max(end, layout.width))
        return strip.crop(0, layout.width) if end > layout.width else strip

    def _style(self, look: str, tone: str = "") -> Style:
        """The style of a component class, with the text of another one on its ground."""
        style = self._styles.get((look, tone))
        if style is None:
            style = self._style_of(look)
            if tone:
                style = style + self._style_of(tone) + Style(bgcolor=style.bgcolor)
            self._styles[look, tone] = style
        return style


def _same_ground(one: Style, other: Style) -> bool:
    """Whether empty space looks the same in both styles."""
    drawn = one.underline or one.reverse or one.strike or other.underline or other.reverse or other.strike
    return not drawn and one.bgcolor == other.bgcolor


def _merged(pieces: Sequence[Piece]) -> list[Segment]:
    """Neighbours of one style as one segment; empty space of the same ground joins the one before."""
    segments: list[Segment] = []
    text, style = "", None
    for more, its in pieces:
        if style is None or its is style or (not more.strip(" ") and _same_ground(style, its)):
            text, style = text + more, style or its
        else:
            segments.append(Segment(text, style))
            text, style = more, its
    if text:
        segments.append(Segment(text, style))
    return segments
