"""Where a grid's rows come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from .column import Row


class RowSource(Protocol):
    """One result in one order.  A grid may have several of these calls under way at the same time."""

    async def count(self) -> int:
        """How many rows there are."""
        ...

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions; fewer at the end."""
        ...

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows, fetched anew; a key that is missing is gone."""
        ...

    async def position(self, key: int) -> int | None:
        """Where that key is now."""
        ...

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The keys at these positions; fewer at the end."""
        ...
