"""Calls as the rows of a grid."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.key import key_of_call
from cx_tui.screens.calls.columns import COLUMNS, MOMENTS, at
from cx_tui.screens.calls.reading import Names
from widgets.grid import Row

if TYPE_CHECKING:
    from cx_tui.services.calls.listing import CallList

REMEMBERED = 4_096
LOOKED_THROUGH = 512
"""So far a call is looked for that stood elsewhere: new ones come above it."""


@dataclass(frozen=True, slots=True)
class CallRow(Row):
    """A row that knows its call."""

    call: Call | None = None


class CallRows:
    """The rows of a list of calls."""

    def __init__(self, calls: "CallList", names: Names | None = None, zone: tzinfo | None = None) -> None:
        self.calls = calls
        self._zone = zone
        self._names = names
        self._seen: OrderedDict[int, CallRow] = OrderedDict()

    async def count(self) -> int:
        """How many there are, as far as is known."""
        return (await self.calls.count()).number

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions."""
        found = await self.calls.rows(start, count)
        names = await self._names.of(call.customer_id for call in found) if self._names else {}
        rows = [row_of(call, names, self._zone) for call in found]
        self._seen.update((row.key, row) for row in rows)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return rows

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows: what is over does not change any more."""
        return {key: self._seen[key] for key in keys if key in self._seen}

    async def position(self, key: int) -> int | None:
        """Where a call stands, if it is not far from the beginning."""
        keys = list(await self.keys(0, LOOKED_THROUGH))
        return keys.index(key) if key in keys else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The keys at these positions."""
        return [key_of_call(call) for call in await self.calls.rows(start, count)]


def row_of(call: Call, names: Mapping[int, str], zone: tzinfo | None) -> CallRow:
    """The row of a call, its moments by the clock of a zone."""
    cells = {name: column.show(call) for name, column in COLUMNS.items()}
    if zone:
        cells |= {name: at(moment(call), zone) for name, moment in MOMENTS.items()}
    if call.customer_id and (name := names.get(call.customer_id)):
        cells["customer_id"] = name
    return CallRow(key_of_call(call), cells, call=call)
