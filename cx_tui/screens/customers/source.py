"""A list of customers as the rows of a grid."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cx_tui.domain.columns import list_columns
from cx_tui.domain.kinds.series import IN_ASCII, HourlyBars
from cx_tui.screens.present import ALWAYS, cells
from widgets.grid import Row, RowsAtHand

if TYPE_CHECKING:
    from cx_tui.services.lists.listing import Listing
    from cx_tui.services.workspace import LastRows


HOURLY = frozenset(name for name, one in list_columns().items() if isinstance(one.kind, HourlyBars))


@dataclass(frozen=True, slots=True)
class CustomerRow(Row):
    """A grid's row that knows its customer's values; none when it was kept from the last run."""

    values: Mapping[str, Any] | None = None


class CustomerRows:
    """The rows of a listing, with the columns that are shown when they are asked for."""

    def __init__(
        self, listing: "Listing", shown: Callable[[], Sequence[str]], *, ascii: bool = False
    ) -> None:
        self.listing = listing
        self._ascii = ascii
        self._shown = shown

    async def count(self) -> int:
        """How many there are, as far as is known."""
        return (await self.listing.count()).number

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions."""
        shown = self._shown()
        found = await self.listing.rows(start, count, (*ALWAYS, *shown))
        return [self._row(values, shown) for values in found]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows as they are now."""
        shown = self._shown()
        found = await self.listing.again(keys, (*ALWAYS, *shown))
        return {key: self._row(values, shown) for key, values in found.items()}

    async def position(self, key: int) -> int | None:
        """Where a customer stands."""
        return await self.listing.position(key)

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The customers at these positions."""
        return await self.listing.ids(start, count)

    def _row(self, values: Mapping[str, Any], shown: Sequence[str]) -> CustomerRow:
        made = cells(values, shown)
        if self._ascii:
            made |= {name: str(made[name]).translate(IN_ASCII) for name in HOURLY & made.keys()}
        return CustomerRow(values["id"], made, values=values)


class RowsOfLastRun(RowsAtHand[CustomerRow]):
    """The rows that were seen last, until the database has answered."""

    def __init__(self, last: "LastRows") -> None:
        super().__init__(CustomerRow(key, texts) for key, texts in last.rows)
        self.seen_at: datetime = last.seen_at
