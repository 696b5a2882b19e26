"""The mouse: everything it does can be done by key."""

from __future__ import annotations

from textual import events

from . import messages
from .layout import GUTTER
from .shaping import GridShaping


class GridMouse(GridShaping):
    """A view that takes the mouse."""

    _drag: tuple[str, int, int] | None = None
    _dragged = False

    def on_click(self, event: events.Click) -> None:
        """A row: go there; its gutter: mark; twice: open.  A title: order by it."""
        offset = event.get_content_offset(self)
        if self._dragged or offset is None or self._notice[0]:
            return
        slot = self._layout_now().at(offset.x)
        if offset.y == 0:
            self._ask_sort(slot.column if slot else None, add=event.shift)
            return
        position = self.scroll_offset.y + offset.y - 1
        if position >= self.total:
            return
        if slot is not None:
            self._to_column(slot.place)
        self._go(position, self.scroll_offset.y)
        if offset.x < GUTTER:
            self._toggle()
        elif event.chain == 2:
            self.action_choose()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The right edge of a title: begin to draw its column wider."""
        self._dragged = False
        offset = event.get_content_offset(self)
        if offset is not None and offset.y == 0 and (slot := self._layout_now().ending_at(offset.x)):
            self._drag = (slot.column.key, event.screen_x, slot.column.width)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw the column as wide as the mouse says."""
        if self._drag is None:
            return
        key, begun, width = self._drag
        places = [place for place, column in enumerate(self._columns) if column.key == key]
        if places and self._set_width(places[0], width + event.screen_x - begun):
            self._dragged = True

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Leave the column as it is now."""
        if self._drag is not None:
            self._drag = None
            self.release_mouse()
            if self._dragged:
                self._tell(messages.ColumnsChanged, self._columns)
