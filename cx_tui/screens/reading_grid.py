"""Grids to read: their rows are not marked, and stand in the order of time."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from widgets.grid import Grid
from widgets.grid.keys import MARKING, ORDERING, keys_without


def reading_keys(does: str = "") -> list[BindingType]:
    """The keys where nothing is marked or ordered; what `enter` does to a row, if it does anything."""
    keys: list[BindingType] = [*keys_without(*MARKING, *ORDERING, "choose")]
    if does:
        tooltip = "Open this row."
        keys.append(Binding("enter", "choose", does, id="grid.choose", tooltip=tooltip))
    return keys


class ReadingGrid(Grid, inherit_bindings=False):
    """One whose rows can be opened."""

    BINDING_GROUP_TITLE = "The list"

    BINDINGS: ClassVar[list[BindingType]] = reading_keys("open")


class ClosedGrid(Grid, inherit_bindings=False):
    """One whose rows have nothing in them to be opened."""

    BINDING_GROUP_TITLE = "The list"

    BINDINGS: ClassVar[list[BindingType]] = reading_keys()
