"""The lines of a grid as they look now: titles, rows with cursor and marks, or a notice in their place."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from .cell_marks import CellMarks
from .changes import Changes
from .column import Row
from .columns import Columns
from .cursor import Cursor
from .glyphs import Glyphs
from .layout import Layout
from .paint import CURSOR, GONE, MARKED, ROW, STALE, Painter
from .row_marks import RowMarks
from .rows import Rows


class Lines:
    """Draws what the other parts of a grid know."""

    def __init__(
        self,
        grid: Widget,
        glyphs: Glyphs,
        rows: Rows,
        columns: Columns,
        cursor: Cursor,
        cells: CellMarks,
        marks: RowMarks,
        changes: Changes,
        is_stale: Callable[[], bool],
    ) -> None:
        self._grid = grid
        self._rows = rows
        self._columns = columns
        self._cursor = cursor
        self._cells = cells
        self._marks = marks
        self._changes = changes
        self._is_stale = is_stale
        self._painter = Painter(glyphs, lambda name: grid.get_component_rich_style(name))
        self._layout = Layout((), 0)
        self._notice = ("", "")
        self._notice_strips: list[Strip] = []

    @property
    def notice(self) -> tuple[str, str]:
        """The text in place of the rows, and its tone."""
        return self._notice

    @notice.setter
    def notice(self, notice: tuple[str, str]) -> None:
        self._notice = notice
        self._notice_strips = []

    def clear(self) -> None:
        """Draw all of it anew, as in another theme."""
        self._painter.clear()
        self._notice_strips = []

    def line(self, y: int) -> Strip:
        """One line of the screen; never waits for anything."""
        self._follow_layout()
        return self._line(y, self._rows.top)

    def draw(self, crop: Region) -> list[Strip]:
        """The lines in a part of the screen, as they are shown."""
        self._follow_layout()
        top = self._rows.top
        return self._shown([self._line(y, top) for y in crop.line_range], crop.column_span)

    def arrived(self, start: int, stop: int) -> None:
        """Draw the rows that were placeholders."""
        self._rows.repaint(start, stop)
        if start <= self._cursor.position < stop:
            self._cursor.tell()
        self._grid.call_after_refresh(self._draw_ahead)

    def look_ahead(self) -> None:
        """Ask for the next page, and draw what is here of it: it then need only be put on the screen."""
        self._rows.ask(self._rows.heading)
        self._draw_ahead()

    def _draw_ahead(self) -> None:
        """Draw the next page, and have worked out what will be asked of its lines.  A program that shows
        strips in a way of its own has a `make_ready`."""
        grid, held = self._grid, self._rows
        if not (grid.is_attached and grid.size):
            return  # it has gone, or is not shown yet
        self._follow_layout()
        top = held.top + held.heading * held.height
        rows = held.window.rows(max(0, top), min(held.total, top + held.height))
        lines = [self._row(position, row) for position, row in rows]
        width = grid.size.width
        make_ready = getattr(grid.app, "make_ready", lambda strip: strip.render(grid.app.console))
        for line in self._shown(lines, (0, width)):
            for part in line.divide(sorted({held.width, width})):
                make_ready(part)

    def _follow_layout(self) -> None:
        """Draw for the place that the columns have now."""
        layout = self._columns.layout()
        if layout is not self._layout:
            self._layout = layout
            self._painter.use(layout)
            self._notice_strips = []

    def _shown(self, lines: list[Strip], span: tuple[int, int]) -> list[Strip]:
        """The part of the lines that is wanted, in the colours that the terminal has; where a scroll bar will
        be is blank."""
        ground, style = self._grid.background_colors[1], self._painter.ground
        for one in self._grid.get_line_filters():
            lines = [line.apply_filter(one, ground) for line in lines]
        return [line.crop_extend(*span, style) for line in lines]

    def _line(self, y: int, top: int) -> Strip:
        if y == 0:
            return self._painter.header(self._columns.sort, self._columns.place)
        if self._notice[0]:
            return self._notice_line(y - 1)
        position = top + y - 1
        if position >= self._rows.total:
            return self._painter.blank()
        row = self._rows.window.row_at(position)
        if row is None:
            return self._painter.placeholder(CURSOR, position == self._cursor.position)
        return self._row(position, row)

    def _row(self, position: int, row: Row) -> Strip:
        """A row as it looks now; what was drawn before is kept."""
        at_cursor = position == self._cursor.position
        marked = row.key in self._marks.rows
        changed = self._changes.pointed_out.get(row.key, frozenset())
        block = self._cells.block
        cells = block.of_row(position) if block else frozenset()
        return self._painter.row(row, self._look(row, at_cursor, marked), at_cursor, marked, changed, cells)

    def _look(self, row: Row, at_cursor: bool, marked: bool) -> str:
        """The component class of a row."""
        if at_cursor:
            return CURSOR
        if row.gone:
            return GONE
        if self._is_stale():
            return STALE
        return MARKED if marked else ROW

    def _notice_line(self, y: int) -> Strip:
        """One line of the notice."""
        height = self._rows.height
        if len(self._notice_strips) != height:
            self._notice_strips = self._painter.notice(*self._notice, height)
        return self._notice_strips[y] if y < height else self._painter.blank()
