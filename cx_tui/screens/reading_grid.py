"""A grid to read: its rows are not marked, and stand in the order of time."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from widgets.grid import Grid
from widgets.grid.keys import KEYS

NOT_HERE = {
    "mark",
    "mark_range",
    "mark_all",
    "clear_marks",
    "invert_marks",
    "marks_back",
    "sort",
    "add_sort",
    "choose",
}


class ReadingGrid(Grid, inherit_bindings=False):
    """A grid without the keys that make no sense where nothing is marked or ordered."""

    BINDING_GROUP_TITLE = "The list"

    BINDINGS: ClassVar[list[BindingType]] = [
        *(key for key in KEYS if key.action not in NOT_HERE),
        Binding("enter", "choose", "open", id="grid.choose", tooltip="Open this row."),
    ]


class ClosedGrid(ReadingGrid, inherit_bindings=False):
    """One whose rows have nothing in them to be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [key for key in KEYS if key.action not in NOT_HERE]


def keys_that(does: str) -> list[BindingType]:
    """Its keys, where choosing a row does something else than to open it."""
    return [
        replace(key, description=does) if isinstance(key, Binding) and key.action == "choose" else key
        for key in ReadingGrid.BINDINGS
    ]
