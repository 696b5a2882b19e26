"""The part of the grid that draws: columns, cursor and marks, and where they are on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from .cells import Corner, MarkedCells
from .column import Column, Row, SortKey
from .glyphs import UNICODE, Glyphs
from .layout import Layout, frozen_first, stretched
from .marks import Marks
from .pages import Window
from .paint import CURSOR, GONE, MARKED, ROW, STALE, Painter
from .source import RowSource


class GridLines(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the rows it holds under a fixed header; knows a cursor and marks, but no keys."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--row",
        "grid--header",
        "grid--column",
        "grid--cursor",
        "grid--marked",
        "grid--gone",
        "grid--stale",
        "grid--notice",
        "grid--dim",
        "grid--good",
        "grid--warn",
        "grid--bad",
        "grid--accent",
        "grid--changed",
        "grid--cells",
    }

    stale: reactive[bool] = reactive(False)
    looked_at: reactive[tuple[int, int | None, int]] = reactive((0, None, 0), repaint=False)
    """The cursor's position, its row's key and its column.  Who watches it draws in the same frame as the
    grid, a frame earlier than by the message."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        glyphs: Glyphs = UNICODE,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._columns = frozen_first(columns)
        self._column = 0
        self._sort: tuple[SortKey, ...] = ()
        self._marks = Marks.NONE
        self._cursor = 0
        self._notice: tuple[str, str] = ("", "")
        self._notice_strips: list[Strip] = []
        self._layout_key: tuple[object, ...] = ()
        self._layout_held = Layout((), 0)
        self._painter = Painter(glyphs, lambda name: self.get_component_rich_style(name))
        self._window = Window.nothing()
        self._pointed_out: dict[int, frozenset[str]] = {}
        self._corner: Corner | None = None

    # What is shown

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown, the frozen ones first."""
        return self._columns

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns; the cursor stays in its column if that is still there."""
        current = self.cursor_column
        self._columns = frozen_first(columns)
        places = [
            place for place, column in enumerate(self._columns) if current and column.key == current.key
        ]
        self._column = places[0] if places else max(0, min(self._column, len(columns) - 1))
        self._resize_content()
        self.refresh()

    @property
    def sort(self) -> tuple[SortKey, ...]:
        """The order the header shows; the owner sets it."""
        return self._sort

    @sort.setter
    def sort(self, sort: Sequence[SortKey]) -> None:
        self._sort = tuple(sort)
        self._repaint_header()

    @property
    def marks(self) -> Marks:
        """The marked rows."""
        return self._marks

    def _mark(self, marks: Marks) -> None:
        """Draw these rows as the marked ones."""
        before, self._marks = self._marks, marks
        for position, row in self._window.rows(*self._in_view()):
            if (row.key in before) != (row.key in marks):
                self._repaint_rows(position, position + 1)

    @property
    def total(self) -> int:
        """How many rows the result has."""
        return self._window.total

    @property
    def pages_held(self) -> int:
        """How many pages of rows are in memory."""
        return len(self._window)

    @property
    def source(self) -> RowSource | None:
        """Where the rows on the screen come from."""
        return self._window.source

    @property
    def cursor(self) -> int:
        """The position of the cursor's row."""
        return self._cursor

    @property
    def cursor_row(self) -> Row | None:
        """The cursor's row, if it is here."""
        return self._window.row_at(self._cursor) if self._cursor < self.total else None

    @property
    def cursor_column(self) -> Column | None:
        """The column the cursor is in."""
        return self._columns[self._column] if self._column < len(self._columns) else None

    @property
    def cells(self) -> MarkedCells | None:
        """The marked cells, when there is more than one."""
        if self._corner is None or not self.total:
            return None
        places = {column.key: place for place, column in enumerate(self._columns)}
        if self._corner.column not in places:
            return None
        first, last = sorted((self._clamped(self._corner.position), self._cursor))
        left, right = sorted((places[self._corner.column], self._column))
        columns = tuple(column.key for column in self._columns[left : right + 1])
        found = MarkedCells(first, last - first + 1, columns)
        return found if found.count > 1 else None

    @property
    def visible_rows(self) -> list[Row]:
        """The rows on the screen that are here."""
        return [row for _, row in self._window.rows(*self._in_view())]

    def set_total(self, total: int) -> None:
        """The source has counted anew: there are so many rows."""
        self._window.total = total
        self._cursor = self._clamped(self._cursor)
        self._resize_content()

    def column_places(self) -> dict[str, int]:
        """The columns in view by key: where on the screen each begins."""
        return {slot.column.key: slot.x for slot in self._layout_now().slots}

    def notice(self, text: str, tone: str = "") -> None:
        """Show a text in place of the rows until it is set to "" or a new result is shown."""
        self._notice = (text, tone)
        self._notice_strips = []
        self.refresh()

    # Geometry

    @property
    def _height(self) -> int:
        """How many rows fit on the screen; at least one, so that a grid not yet laid out has a page."""
        return max(1, self.size.height - 1)

    @property
    def _width(self) -> int:
        """How wide a line is, beside the scroll bar if there will be one."""
        bar = self.styles.scrollbar_size_vertical if self.total >= self.size.height else 0
        return max(0, self.size.width - bar)

    def _in_view(self) -> tuple[int, int]:
        """The positions on the screen."""
        top = self.scroll_offset.y
        return top, min(self.total, top + self._height)

    def _clamped(self, position: int, total: int | None = None) -> int:
        """A position that exists, or 0."""
        return max(0, min(position, (self.total if total is None else total) - 1))

    def _clamped_top(self, top: int, total: int | None = None) -> int:
        """A first row in view that leaves no blank lines that could be filled."""
        return max(0, min(top, (self.total if total is None else total) - self._height))

    def _layout_now(self) -> Layout:
        """Where the columns stand at this size and scroll offset."""
        key = (self._columns, self._width, self.scroll_offset.x)
        if key != self._layout_key:
            self._layout_key = key
            self._layout_held = Layout(stretched(self._columns, self._width), *key[1:])
            self._painter.use(self._layout_held)
            self._notice_strips = []
        return self._layout_held

    def _resize_content(self) -> None:
        """Tell the scroll bar how much there is."""
        self.virtual_size = Size(Layout(self._columns, self._width).scrollable, self.total + 1)

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they were painted: as long as a line stays the same object, Textual need not work out
        again how it is cut and what it is for a terminal."""
        if self.styles.gutter or self.opacity != 1:
            return super().render_lines(crop)
        self._layout_now()
        top = self.scroll_offset.y
        return self._ready([self._line(y, top) for y in crop.line_range], crop.column_span)

    def _ready(self, lines: list[Strip], span: tuple[int, int]) -> list[Strip]:
        """The part of the lines that is wanted, in the colours that the terminal has; where a scroll bar will
        be is blank."""
        ground, style = self.background_colors[1], self._painter.ground
        for one in self.get_line_filters():
            lines = [line.apply_filter(one, ground) for line in lines]
        return [line.crop_extend(*span, style) for line in lines]

    def render_line(self, y: int) -> Strip:
        """One line of the screen; never waits for anything."""
        self._layout_now()
        return self._line(y, self.scroll_offset.y)

    def _line(self, y: int, top: int) -> Strip:
        if y == 0:
            return self._painter.header(self._sort, self._column)
        if self._notice[0]:
            return self._notice_line(y - 1)
        position = top + y - 1
        if position >= self.total:
            return self._painter.blank()
        row = self._window.row_at(position)
        if row is None:
            return self._painter.placeholder(CURSOR, position == self._cursor)
        return self._drawn(position, row)

    def _drawn(self, position: int, row: Row) -> Strip:
        """A row as it looks now; what was drawn before is kept."""
        at_cursor = position == self._cursor
        marked = row.key in self._marks
        changed = self._pointed_out.get(row.key, frozenset())
        cells = self.cells.of_row(position) if self.cells else frozenset()
        return self._painter.row(row, self._look(row, at_cursor, marked), at_cursor, marked, changed, cells)

    def _look(self, row: Row, at_cursor: bool, marked: bool) -> str:
        """The component class of a row."""
        if at_cursor:
            return CURSOR
        if row.gone:
            return GONE
        if self.stale:
            return STALE
        return MARKED if marked else ROW

    def _notice_line(self, y: int) -> Strip:
        """One line of the notice."""
        height = max(1, self.size.height - 1)
        if len(self._notice_strips) != height:
            self._notice_strips = self._painter.notice(*self._notice, height)
        return self._notice_strips[y] if y < height else self._painter.blank()

    def _repaint_header(self) -> None:
        """Draw the titles again."""
        self.refresh(Region(0, 0, self._width, 1))

    def _repaint_rows(self, start: int, stop: int) -> None:
        """Draw the rows at these positions again, as far as they are on the screen."""
        first, last = self._in_view()
        start, stop = max(start, first), min(stop, last)
        if start < stop:
            self.refresh(Region(0, start - first + 1, self._width, stop - start))

    def _repaint_changes(self, position: int, old: Row, new: Row) -> int:
        """Draw the cells of one row again that changed: how many did."""
        if old.gone != new.gone:
            self._repaint_rows(position, position + 1)
            return len(self._columns)
        changed = {c.key for c in self._columns if old.cell(c.key) != new.cell(c.key)}
        layout = self._layout_now()
        y = position - self.scroll_offset.y + 1
        slots = [slot for slot in layout.slots if slot.column.key in changed]
        if slots:
            self.refresh(*(Region(slot.x, y, slot.stop - slot.x, 1) for slot in slots))
        return len(changed)

    def notify_style_update(self) -> None:
        """Draw in the new theme, or with the new focus."""
        super().notify_style_update()
        self._painter.clear()
        self._notice_strips = []
