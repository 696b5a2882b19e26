"""Rows that are all at hand: few enough to be read at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from .column import Row

R = TypeVar("R", bound=Row)


class RowsAtHand(Generic[R]):
    """A result that was read as a whole; read again, the new rows take the place of these."""

    def __init__(self, rows: Iterable[R] = ()) -> None:
        self._rows: Mapping[int, R] = {}
        self.renew(rows)

    def renew(self, rows: Iterable[R]) -> bool:
        """Take what was read now; whether the same keys stand in the same order."""
        before = list(self._rows)
        self._rows = {row.key: row for row in rows}
        return before == list(self._rows)

    async def count(self) -> int:
        """How many there are."""
        return len(self._rows)

    async def rows(self, start: int, count: int) -> Sequence[R]:
        """The rows at these positions."""
        return list(self._rows.values())[start : start + count]

    async def again(self, keys: Sequence[int]) -> Mapping[int, R]:
        """The same rows as they were read last."""
        return {key: self._rows[key] for key in keys if key in self._rows}

    async def position(self, key: int) -> int | None:
        """Where a key stands."""
        return list(self._rows).index(key) if key in self._rows else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The keys at these positions."""
        return list(self._rows)[start : start + count]
