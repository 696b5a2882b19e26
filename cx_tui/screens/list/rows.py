"""Records of any kind as the rows of a grid."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cx_tui.domain.columns import OWNER, ListColumn, record_columns
from cx_tui.domain.kinds import Flag, Reference
from cx_tui.domain.layout import Layout, ShownColumn
from widgets.grid import Cell, Column, Row

if TYPE_CHECKING:
    from cx_tui.services.lists.listing import Listing

ENABLED = "enabled"
"""The field that says whether a record has any effect; those that have none are dimmed."""


@dataclass(frozen=True, slots=True)
class RecordRow(Row):
    """A grid's row that knows the values of its record."""

    values: Mapping[str, Any] | None = None


class RecordRows:
    """The rows of a listing, with the columns that are shown when they are asked for."""

    def __init__(self, record: str, listing: "Listing", shown: Callable[[], Sequence[str]]) -> None:
        self.listing = listing
        self._columns = record_columns(record)
        self._shown = shown
        self._always = tuple(name for name in (ENABLED,) if name in self._columns)

    async def count(self) -> int:
        """How many there are, as far as is known."""
        return (await self.listing.count()).number

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions."""
        found = await self.listing.rows(start, count, (*self._always, *self._shown()))
        return [self._row(values) for values in found]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows as they are now."""
        found = await self.listing.again(keys, (*self._always, *self._shown()))
        return {key: self._row(values) for key, values in found.items()}

    async def position(self, key: int) -> int | None:
        """Where a record stands."""
        return await self.listing.position(key)

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The records at these positions."""
        return await self.listing.ids(start, count)

    def _row(self, values: Mapping[str, Any]) -> RecordRow:
        tone = "dim" if values.get(ENABLED) is False else ""
        cells = {name: Cell(shown_text(self._columns[name], values[name]), tone) for name in self._shown()}
        return RecordRow(values["id"], cells, values=values)


def shown_text(column: ListColumn, value: Any) -> str:
    """A value as it is shown in its column: of a flag only what is out of the ordinary stands out."""
    if isinstance(column.kind, Reference) or column.name == OWNER:
        return "" if value is None else str(value)
    if isinstance(column.kind, Flag):
        return "yes" if value else "no"
    return column.kind.show(value)


def grid_columns(record: str, layout: Layout) -> tuple[Column, ...]:
    """The columns of a layout as a grid knows them."""
    every = record_columns(record)
    return tuple(grid_column(every[shown.name], shown) for shown in layout.columns)


def grid_column(column: ListColumn, shown: ShownColumn | None = None) -> Column:
    """A column as a grid knows it."""
    return Column(
        column.name,
        column.label,
        width=shown.width if shown else column.usual_width,
        align=column.kind.align,
        frozen=bool(shown and shown.frozen),
        help=column.help,
    )
