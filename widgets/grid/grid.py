"""The grid: a table of any length whose rows come from a source when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Concatenate, ParamSpec, TypeAlias

from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollTo
from textual.strip import Strip

from . import messages
from .cell_marks import CellMarks
from .changes import Changes
from .column import Column
from .columns import Columns
from .cursor import Cursor
from .glyphs import UNICODE, Glyphs
from .keys import KEYS, BoundKeys
from .layout import GUTTER
from .lines import Lines
from .look import CSS, LOOKS
from .marks import Marks
from .mouse import ColumnEdge
from .moves import Moves, Way
from .pages import Window
from .row_marks import RowMarks
from .rows import Rows
from .shaping import Shaping
from .source import RowSource

P = ParamSpec("P")

# How often a result is fetched again because the operator moved while it was on its way.
TRIES = 3


class Grid(ScrollView, can_focus=True, inherit_bindings=False):
    """A table of a source's rows with a cursor, marks, frozen columns and an order shown in its header.

    What it knows and does is in its parts: each is asked by name, as in `grid.cursor.row`.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]
    COMPONENT_CLASSES: ClassVar[set[str]] = LOOKS
    DEFAULT_CSS = CSS

    CursorMoved: TypeAlias = messages.CursorMoved
    Chosen: TypeAlias = messages.Chosen
    MarksChanged: TypeAlias = messages.MarksChanged
    CellsMarked: TypeAlias = messages.CellsMarked
    SortRequested: TypeAlias = messages.SortRequested
    ColumnsChanged: TypeAlias = messages.ColumnsChanged
    Hidden: TypeAlias = messages.Hidden
    Refused: TypeAlias = messages.Refused
    Failed: TypeAlias = messages.Failed

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
        tell = self._tell
        # Each part knows those above it.
        self.rows = Rows(self, tell, lambda start, stop: self.lines.arrived(start, stop))
        self.columns = Columns(self, self.rows, columns)
        self.cursor = Cursor(self.rows, self.columns, self._tell_cursor)
        self.cells = CellMarks(self.rows, self.columns, self.cursor, tell)
        self.marks = RowMarks(self.rows, self.cursor, tell)
        self.moves = Moves(self, self.rows, self.columns, self.cursor, self.cells, tell)
        self.shaping = Shaping(self.columns, self.moves, tell)
        self.changes = Changes(self, self.rows, self.columns, tell)
        self.lines = Lines(
            self, glyphs, self.rows, self.columns, self.cursor, self.cells, self.marks, self.changes,
            is_stale=lambda: self.stale,
        )  # fmt: skip
        self._edge = ColumnEdge(self, self.columns, self.shaping, tell)
        self._keys = BoundKeys(self)
        self._asked = 0

    # What is shown

    async def show(self, source: RowSource, *, keep: bool = True) -> None:
        """Show another result.  The old rows stay until the first new ones are here; a later call wins.

        With `keep` the cursor stays on its row's key and screen line, and at its position if the new
        result lacks that key; without `keep` it goes to the first row.
        """
        self._asked += 1
        asked = self._asked
        try:
            for _ in range(TRIES):
                key = self.cursor.key if keep else None
                found = await self._prepare(source, key, self.cursor.position if keep else 0)
                corner = await self.cells.corner_in(source) if keep else None
                if asked != self._asked:
                    return
                if not keep or key == self.cursor.key:
                    break
        except Exception as error:  # whatever a source raises is its owner's to explain
            if asked == self._asked:
                self._tell(messages.Failed, error)
            return
        self._swap(*found)
        self.changes.out_of_order.clear()
        self.cells.corner = corner
        self.cells.follow(anew=True)

    def notice(self, text: str, tone: str = "") -> None:
        """Show a text in place of the rows until it is set to "" or a new result is shown."""
        self.lines.notice = (text, tone)
        self.refresh()

    def set_total(self, total: int) -> None:
        """The source has counted anew: there are so many rows."""
        self.rows.window.total = total
        self.cursor.position = self.rows.clamped(self.cursor.position)
        self.columns.fit()

    async def _prepare(self, source: RowSource, key: int | None, otherwise: int) -> tuple[Window, int, int]:
        """The new result with its first rows loaded, the cursor in it and the first row in view."""
        rows = self.rows
        window = rows.open(source, await source.count())
        found = await source.position(key) if key is not None else None
        cursor = rows.clamped(otherwise if found is None else found, window.total)
        line = self.cursor.position - rows.top
        top = rows.clamped_top(cursor - max(0, min(line, rows.height - 1)), window.total)
        await window.load(top, top + rows.height)
        return window, cursor, top

    def _swap(self, window: Window, cursor: int, top: int) -> None:
        """Put the new result in the place of the old one, in one frame."""
        self.rows.use(window)
        self.cursor.position = cursor
        self.moves.stop()
        self.lines.notice = ("", "")
        self.columns.fit()
        self.rows.scroll_to(top)
        self.refresh()
        # The rows on the screen first; those that may be looked at next can wait for the frame.
        self.rows.heading = 1
        self.call_after_refresh(self.lines.look_ahead)
        self.cursor.tell()

    # What is told

    def _tell(
        self, kind: Callable[Concatenate[Grid, P], messages.GridMessage], *args: P.args, **named: P.kwargs
    ) -> None:
        """Send the owner a message."""
        self.post_message(kind(self, *args, **named))

    def _tell_cursor(self) -> None:
        """Say where the cursor is."""
        cursor = self.cursor
        self.looked_at = (cursor.position, cursor.key, self.columns.place)
        self._tell(messages.CursorMoved, cursor.position, cursor.row)

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they were painted: as long as a line stays the same object, Textual need not work out
        again how it is cut and what it is for a terminal."""
        if self.styles.gutter or self.opacity != 1:
            return super().render_lines(crop)
        return self.lines.draw(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        return self.lines.line(y)

    def notify_style_update(self) -> None:
        """Draw in the new theme, or with the new focus."""
        super().notify_style_update()
        self.lines.clear()

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor belongs: on the row."""
        x, y = self.region.offset
        return Offset(x, y + 1 + self.cursor.position - round(self.scroll_target_y))

    # What Textual tells

    def on_mount(self) -> None:
        """Hear of other keys."""
        self._keys.listen()

    def on_unmount(self) -> None:
        """Take no more answers."""
        self.rows.window.close()

    def on_resize(self, _event: events.Resize) -> None:
        """Fetch the rows a taller screen shows."""
        self.columns.fit()
        self.rows.ask()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the rows that came into view, fetch them and what is likely to come next.

        Unlike the method it overrides, it draws no header and no scroll bar that look the same as before.
        """
        if round(old_value) == round(new_value):
            return
        self.refresh(Region(0, 1, self.rows.width, self.rows.height))
        self.rows.move_thumb(new_value)
        self.rows.ask()
        # What may be looked at next can wait for the frame.
        self.rows.heading = 1 if new_value > old_value else -1
        self.call_after_refresh(self.lines.look_ahead)

    def on_scroll_to(self, message: ScrollTo) -> None:
        """The scroll bar."""
        message.prevent_default().stop()
        self.moves.scroll(message)

    async def on_key(self, event: events.Key) -> None:
        """Act on the grid's own keys here: on their way to the program, which else does it, they would pass
        everything that the grid is in, and that takes longer than the move.  Of marked cells escape takes the
        marks away before it means anything else."""
        if event.key == "escape" and self.cells.block:
            self.cells.drop()
            event.stop()
            return
        action = self._keys.action_of(event.key)
        if action and await self.app.run_action(action, self):
            event.stop()

    def on_click(self, event: events.Click) -> None:
        """A row: go there; its gutter: mark; twice: open.  A title: order by it."""
        offset = event.get_content_offset(self)
        if self._edge.was_drawn or offset is None or self.lines.notice[0]:
            return
        slot = self.columns.layout().at(offset.x)
        if offset.y == 0:
            self.shaping.ask_order(slot.column if slot else None, add=event.shift)
            return
        top = self.rows.top
        position = top + offset.y - 1
        if position >= self.rows.total:
            return
        if slot is not None:
            self.moves.to_place(slot.place)
        self.moves.to(position, top)
        if offset.x < GUTTER:
            self.marks.toggle()
        elif event.chain == 2:
            self.action_choose()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The edge of a title: begin to draw its column wider."""
        self._edge.press(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw it wider."""
        self._edge.draw(event)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Leave it so."""
        self._edge.release()

    # What the program asks before it passes a key on

    def awaits(self, key: str) -> bool:
        """Whether a key acts on a row that the cursor is on its way to: one that moves it further need not
        wait."""
        return self.moves.under_way and not self._keys.moves(key)

    def needs_its_height(self, key: str) -> bool:
        """Whether a key goes as far as the grid is high: when the key before it has made something else come
        or go, it has to wait until that is laid out."""
        return self._keys.moves_by_pages(key)

    # What keys do

    def action_go(self, way: Way) -> None:
        """Move the cursor."""
        self.moves.go(way)

    def action_mark_cells(self, way: Way) -> None:
        """Move the cursor and mark the cells on the way."""
        self.moves.go(way, extends=True)

    def action_mark(self) -> None:
        """Mark or unmark the cursor's row, then go down."""
        self.marks.toggle()
        self.moves.go("down")

    def action_mark_range(self) -> None:
        """Mark from the last mark to the cursor."""
        self.marks.reach()

    def action_mark_all(self) -> None:
        """Mark every row."""
        self.marks.rows = Marks.ALL

    def action_clear_marks(self) -> None:
        """Mark none; what was marked can be had back."""
        self.marks.clear()

    def action_marks_back(self) -> None:
        """Mark again what was marked before."""
        self.marks.take_back()

    def action_invert_marks(self) -> None:
        """Mark what is not marked."""
        self.marks.rows = self.marks.rows.inverted()

    def action_choose(self) -> None:
        """Open the cursor's row."""
        if (row := self.cursor.row) is not None:
            self._tell(messages.Chosen, row)

    def action_sort(self) -> None:
        """Ask for an order by the cursor's column."""
        self.shaping.ask_order(self.cursor.column, add=False)

    def action_add_sort(self) -> None:
        """Ask for the cursor's column as a further one of the order."""
        self.shaping.ask_order(self.cursor.column, add=True)

    def action_widen(self, cells: int) -> None:
        """Make the cursor's column wider, or narrower."""
        self.shaping.widen(cells)

    def action_move_column(self, by: int) -> None:
        """Move the cursor's column to the right, or to the left."""
        self.shaping.move(by)

    def action_freeze(self) -> None:
        """Freeze the columns up to the cursor's, or release them."""
        self.shaping.freeze()

    def action_hide(self) -> None:
        """Hide the cursor's column."""
        self.shaping.hide()
