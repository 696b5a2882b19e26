"""How an operator has arranged the list: columns, widths, freezing and order; a value that is kept."""

from dataclasses import dataclass
from typing import Any

from cx_tui.domain.columns import USUAL, list_columns
from cx_tui.domain.query import Sort


@dataclass(frozen=True)
class ShownColumn:
    """One column as it is shown."""

    name: str
    width: int
    frozen: bool = False


@dataclass(frozen=True)
class Layout:
    """The shown columns in their order, and what the list is sorted by."""

    columns: tuple[ShownColumn, ...]
    sort: tuple[Sort, ...] = (Sort("name"),)

    def as_json(self) -> dict[str, Any]:
        """The layout as JSON can keep it."""
        return {
            "columns": [[column.name, column.width, column.frozen] for column in self.columns],
            "sort": [[sort.column, sort.descending] for sort in self.sort],
        }

    @classmethod
    def from_json(cls, kept: Any) -> "Layout":
        """What `as_json` made; what is not understood, such as a column of another version, is left out."""
        try:
            columns = {
                name: ShownColumn(name, min(200, max(1, int(width))), bool(frozen))
                for name, width, frozen in kept["columns"]
                if name in list_columns()
            }
            sort = {name: Sort(name, bool(down)) for name, down in kept["sort"] if name in list_columns()}
        except (KeyError, OverflowError, TypeError, ValueError):
            return usual_layout()
        shown, sorts = tuple(columns.values()), tuple(sort.values())
        return cls(shown, sorts or (Sort("name"),)) if shown else usual_layout()


def usual_layout() -> Layout:
    """What an operator sees who has arranged nothing yet."""
    every = list_columns()
    return Layout(tuple(ShownColumn(name, every[name].usual_width, name == "name") for name in USUAL))
