"""The keys of a grid.  Every binding has an id, so that an operator may move it to other keys."""

from __future__ import annotations

from textual.binding import Binding
from textual.widget import Widget

from .moves import Way


def _key(keys: str, name: str, title: str, tooltip: str, action: str = "") -> Binding:
    """A binding that no footer shows: the help page lists them."""
    return Binding(keys, action or name, title, show=False, id=f"grid.{name}", tooltip=tooltip)


def _go(keys: str, way: Way, title: str, tooltip: str) -> Binding:
    """A key that moves the cursor."""
    return _key(keys, way, title, tooltip, f"go('{way}')")


def _cells(keys: str, way: Way, title: str, tooltip: str) -> Binding:
    """A key that moves the cursor and marks cells on the way."""
    return _key(keys, f"cells_{way}", f"Cells {title}", tooltip, f"mark_cells('{way}')")


CELLS = "their totals are shown, y copies them; a move without shift ends it."

KEYS = (
    _go("up,k", "up", "Up", "Go to the row above."),
    _go("down,j", "down", "Down", "Go to the row below."),
    _go("left,h", "left", "Left", "Go to the column at the left."),
    _go("right,l", "right", "Right", "Go to the column at the right."),
    _go("g,home", "first", "First row", "Go to the first row."),
    _go("G,end", "last", "Last row", "Go to the last row."),
    _go("pageup,ctrl+b", "page_up", "Page up", "Go one page up."),
    _go("pagedown,ctrl+f", "page_down", "Page down", "Go one page down."),
    _go("ctrl+u", "half_page_up", "Half page up", "Go half a page up."),
    _go("ctrl+d", "half_page_down", "Half page down", "Go half a page down."),
    _key("space", "mark", "Mark", "Mark or unmark this row and go to the next."),
    _key("ctrl+@,ctrl+space", "mark_range", "Mark range", "Mark all rows from the last mark to this one."),
    _key("a", "mark_all", "Mark all", "Mark every row of this result."),
    _key("A", "clear_marks", "Clear marks", "Remove all marks."),
    _key("U", "marks_back", "Marks back", "Mark again what was marked before all marks were removed."),
    _key("v", "invert_marks", "Invert marks", "Mark what is not marked, and the other way round."),
    _cells("shift+up", "up", "up", f"Mark cells upward: {CELLS}"),
    _cells("shift+down", "down", "down", f"Mark cells downward: {CELLS}"),
    _cells("shift+left", "left", "left", f"Mark cells to the left: {CELLS}"),
    _cells("shift+right", "right", "right", f"Mark cells to the right: {CELLS}"),
    _cells("shift+pageup", "page_up", "page up", "Mark cells one page up."),
    _cells("shift+pagedown", "page_down", "page down", "Mark cells one page down."),
    _cells("shift+home", "first", "to first", "Mark cells up to the first row."),
    _cells("shift+end", "last", "to last", "Mark cells down to the last row."),
    _key("enter", "choose", "Open", "Open this row."),
    _key("o", "sort", "Sort", "Order the rows by this column, or turn the order round."),
    _key("O", "add_sort", "Add to sort", "Order rows that are still equal by this column."),
    _key("less_than_sign", "narrower", "Narrower", "Make this column narrower.", "widen(-1)"),
    _key("greater_than_sign", "wider", "Wider", "Make this column wider.", "widen(1)"),
    _key("H", "move_left", "Move column left", "Move this column to the left.", "move_column(-1)"),
    _key("L", "move_right", "Move column right", "Move this column to the right.", "move_column(1)"),
    _key("exclamation_mark", "freeze", "Freeze", "Keep the columns up to this one in view, or release them."),
    _key("minus", "hide", "Hide column", "Hide this column."),
)

MARKING = ("mark", "mark_range", "mark_all", "clear_marks", "marks_back", "invert_marks")
ORDERING = ("sort", "add_sort")
"""Keys that mean nothing in a grid whose rows are not marked, or always stand in the same order."""


def keys_without(*names: str) -> list[Binding]:
    """The keys but for some; "mark" is the name of `grid.mark`."""
    left_out = {f"grid.{name}" for name in names}
    return [key for key in KEYS if key.id not in left_out]


class BoundKeys:
    """What keys do in a grid itself, as they are mapped now."""

    def __init__(self, grid: Widget) -> None:
        self._grid = grid
        self._actions: dict[str, str] | None = None

    def listen(self) -> None:
        """Hear of other keys."""
        self._grid.screen.bindings_updated_signal.subscribe(self._grid, self._forget)

    def action_of(self, key: str) -> str:
        """What a key does; "" is nothing."""
        if self._actions is None:
            active = self._grid.screen.active_bindings
            self._actions = {key: one.binding.action for key, one in active.items() if one.node is self._grid}
        return self._actions.get(key, "")

    def moves(self, key: str) -> bool:
        """Whether a key only moves the cursor."""
        return self.action_of(key).startswith(("go(", "mark_cells("))

    def moves_by_pages(self, key: str) -> bool:
        """Whether a key moves the cursor as far as the screen is high."""
        return self.moves(key) and "page" in self.action_of(key)

    def _forget(self, _: object) -> None:
        self._actions = None
