"""How an operator has arranged the list: columns, widths, freezing and order; a value that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cx_tui.domain.columns import USUAL, ListColumn, list_columns, record_columns, usual_columns
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
    def from_json(
        cls, kept: Any, every: Mapping[str, ListColumn] | None = None, usual: "Layout | None" = None
    ) -> "Layout":
        """What `as_json` made; what is not understood, such as a column of another version, is left out.

        `every` are the columns that there are, and `usual` what nobody has arranged: those of customers,
        unless others are given.
        """
        every, usual = every or list_columns(), usual or usual_layout()
        try:
            columns = {
                name: ShownColumn(name, min(200, max(1, int(width))), bool(frozen))
                for name, width, frozen in kept["columns"]
                if name in every
            }
            sort = {name: Sort(name, bool(down)) for name, down in kept["sort"] if name in every}
        except (KeyError, OverflowError, TypeError, ValueError):
            return usual
        shown, sorts = tuple(columns.values()), tuple(sort.values())
        return cls(shown, sorts or usual.sort) if shown else usual


def usual_layout() -> Layout:
    """What an operator sees who has arranged nothing yet."""
    every = list_columns()
    return Layout(tuple(ShownColumn(name, every[name].usual_width, name == "name") for name in USUAL))


def usual_record_layout(record: str, *, owned: bool) -> Layout:
    """The same for the list of any other kind of record."""
    every = record_columns(record)
    names = usual_columns(record, owned=owned)
    shown = tuple(ShownColumn(name, every[name].usual_width, not place) for place, name in enumerate(names))
    return Layout(shown, ())
