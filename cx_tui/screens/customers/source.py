"""A list of customers as the rows of a grid."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cx_tui.screens.present import ALWAYS, cells
from widgets.grid import Row, RowsAtHand

if TYPE_CHECKING:
    from cx_tui.services.lists.listing import Listing
    from cx_tui.services.workspace import LastRows


@dataclass(frozen=True, slots=True)
class CustomerRow(Row):
    """A grid's row that knows its customer's values; none when it was kept from the last run."""

    values: Mapping[str, Any] | None = None


class CustomerRows:
    """The rows of a listing, with the columns that are shown when they are asked for."""

    def __init__(self, listing: "Listing", shown: Callable[[], Sequence[str]]) -> None:
        self.listing = listing
        self._shown = shown

    async def count(self) -> int:
        """How many there are, as far as is known."""
        return (await self.listing.count()).number

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions."""
        shown = self._shown()
        return [_row(values, shown) for values in await self.listing.rows(start, count, (*ALWAYS, *shown))]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows as they are now."""
        shown = self._shown()
        found = await self.listing.again(keys, (*ALWAYS, *shown))
        return {key: _row(values, shown) for key, values in found.items()}

    async def position(self, key: int) -> int | None:
        """Where a customer stands."""
        return await self.listing.position(key)

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The customers at these positions."""
        return await self.listing.ids(start, count)


def _row(values: Mapping[str, Any], shown: Sequence[str]) -> CustomerRow:
    return CustomerRow(values["id"], cells(values, shown), values=values)


class RowsOfLastRun(RowsAtHand[CustomerRow]):
    """The rows that were seen last, until the database has answered."""

    def __init__(self, last: "LastRows") -> None:
        super().__init__(CustomerRow(key, texts) for key, texts in last.rows)
        self.seen_at: datetime = last.seen_at
