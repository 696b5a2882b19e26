"""The grid of groups: each has rows behind it."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from widgets.grid import Grid
from widgets.grid.keys import KEYS


class GroupGrid(Grid, inherit_bindings=False):
    """The groups."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "rows", id="grid.choose", tooltip="Show the rows behind this group."),
        *(key for key in KEYS if key.action != "choose"),
    ]
