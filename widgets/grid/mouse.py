"""The mouse: everything it does can be done by key."""

from __future__ import annotations

from textual import events
from textual.widget import Widget

from . import messages
from .columns import Columns
from .messages import Tell
from .shaping import Shaping


class ColumnEdge:
    """The right edge of a title, by which its column is drawn wider."""

    def __init__(self, grid: Widget, columns: Columns, shaping: Shaping, tell: Tell) -> None:
        self._grid = grid
        self._columns = columns
        self._shaping = shaping
        self._tell = tell
        self._held: tuple[str, int, int] | None = None
        self.was_drawn = False
        """Whether a column was drawn wider since the button was pressed."""

    def press(self, event: events.MouseDown) -> None:
        """Take the edge under the mouse, if there is one."""
        self.was_drawn = False
        offset = event.get_content_offset(self._grid)
        if offset is not None and offset.y == 0 and (slot := self._columns.layout().ending_at(offset.x)):
            self._held = (slot.column.key, event.screen_x, slot.column.width)
            self._grid.capture_mouse()

    def draw(self, event: events.MouseMove) -> None:
        """Make the column as wide as the mouse says."""
        if self._held is not None:
            key, begun, width = self._held
            if self._shaping.set_width(key, width + event.screen_x - begun):
                self.was_drawn = True

    def release(self) -> None:
        """Leave the column as it is now."""
        if self._held is not None:
            self._held = None
            self._grid.release_mouse()
            if self.was_drawn:
                self._tell(messages.ColumnsChanged, self._columns.shown)
