"""A panel to choose a grid's columns: which are shown, in what order, how wide, what is frozen."""

from .chooser import ColumnChooser
from .listing import Choice

__all__ = ["Choice", "ColumnChooser"]
