"""The keys of a grid.  Every binding has an id, so that an operator may move it to other keys."""

from __future__ import annotations

from textual.binding import Binding


def _key(keys: str, name: str, title: str, tooltip: str) -> Binding:
    """A binding that no footer shows: the help page lists them."""
    return Binding(keys, name, title, show=False, id=f"grid.{name}", tooltip=tooltip)


CELLS = "their totals are shown, y copies them; a move without shift ends it."

KEYS = (
    _key("up,k", "up", "Up", "Go to the row above."),
    _key("down,j", "down", "Down", "Go to the row below."),
    _key("left,h", "left", "Left", "Go to the column at the left."),
    _key("right,l", "right", "Right", "Go to the column at the right."),
    _key("g,home", "first", "First row", "Go to the first row."),
    _key("G,end", "last", "Last row", "Go to the last row."),
    _key("pageup,ctrl+b", "page_up", "Page up", "Go one page up."),
    _key("pagedown,ctrl+f", "page_down", "Page down", "Go one page down."),
    _key("ctrl+u", "half_page_up", "Half page up", "Go half a page up."),
    _key("ctrl+d", "half_page_down", "Half page down", "Go half a page down."),
    _key("space", "mark", "Mark", "Mark or unmark this row and go to the next."),
    _key("ctrl+@,ctrl+space", "mark_range", "Mark range", "Mark all rows from the last mark to this one."),
    _key("a", "mark_all", "Mark all", "Mark every row of this result."),
    _key("A", "clear_marks", "Clear marks", "Remove all marks."),
    _key("U", "marks_back", "Marks back", "Mark again what was marked before all marks were removed."),
    _key("v", "invert_marks", "Invert marks", "Mark what is not marked, and the other way round."),
    _key("shift+up", "cells_up", "Cells up", f"Mark cells upward: {CELLS}"),
    _key("shift+down", "cells_down", "Cells down", f"Mark cells downward: {CELLS}"),
    _key("shift+left", "cells_left", "Cells left", f"Mark cells to the left: {CELLS}"),
    _key("shift+right", "cells_right", "Cells right", f"Mark cells to the right: {CELLS}"),
    _key("shift+pageup", "cells_page_up", "Cells page up", "Mark cells one page up."),
    _key("shift+pagedown", "cells_page_down", "Cells page down", "Mark cells one page down."),
    _key("shift+home", "cells_first", "Cells to first", "Mark cells up to the first row."),
    _key("shift+end", "cells_last", "Cells to last", "Mark cells down to the last row."),
    _key("enter", "choose", "Open", "Open this row."),
    _key("o", "sort", "Sort", "Order the rows by this column, or turn the order round."),
    _key("O", "add_sort", "Add to sort", "Order rows that are still equal by this column."),
    _key("less_than_sign", "narrower", "Narrower", "Make this column narrower."),
    _key("greater_than_sign", "wider", "Wider", "Make this column wider."),
    _key("H", "move_left", "Move column left", "Move this column to the left."),
    _key("L", "move_right", "Move column right", "Move this column to the right."),
    _key("exclamation_mark", "freeze", "Freeze", "Keep the columns up to this one in view, or release them."),
    _key("minus", "hide", "Hide column", "Hide this column."),
)
