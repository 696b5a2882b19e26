"""The grid of a file's first rows: the header's row can be clicked, columns are not moved or hidden."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from cx_tui.screens.upload.source import NUMBER
from widgets.grid import Grid
from widgets.grid.keys import MARKING, ORDERING, keys_without

NOT_HERE = (*MARKING, *ORDERING, "choose", "move_left", "move_right", "hide", "freeze")


class FileGrid(Grid, inherit_bindings=False):
    """The first rows of a file."""

    BINDING_GROUP_TITLE = "The rows of the file"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "field", id="grid.choose", tooltip="Choose the field of this column."),
        *keys_without(*NOT_HERE),
    ]

    @dataclass
    class StartHere(Message):
        """The number of a row was clicked."""

        position: int

    def on_click(self, event: events.Click) -> None:
        """A click on the number of a row: that is the header."""
        inside = event.get_content_offset(self)
        if inside is None or inside.y == 0:
            return
        others = [x for key, x in self.columns.starts().items() if key != NUMBER]
        position = self.scroll_offset.y + inside.y - 1
        if inside.x < min(others, default=0) and position < self.rows.total:
            event.prevent_default()
            self.post_message(self.StartHere(position))
