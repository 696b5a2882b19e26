"""A list of the log as an operator moves through it: any position, any size, little memory.

The numbers come in chunks that are kept; the rows come fresh by their numbers.
"""

import asyncio
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

from cx_tui.db.engine import Database
from cx_tui.db.log_pages import Pages
from cx_tui.domain.history import Change, Operation

T = TypeVar("T", bound=Operation | Change)

CHUNK = 1024
CHUNKS_KEPT = 64


class LogListing(Generic[T]):
    """Operations, or the changes of one, as they stood when they were first asked for."""

    def __init__(self, database: Database, pages: Pages[T]) -> None:
        self._database = database
        self._pages = pages
        self._count: int | None = None
        self._chunks: OrderedDict[int, array[int]] = OrderedDict()
        self._opening = asyncio.Lock()
        self._loading = asyncio.Lock()

    async def count(self) -> int:
        """How many there are; what comes later is not in this list."""
        async with self._opening:
            if self._count is None:
                async with self._database.reading() as connection:
                    self._count = await self._pages.open(connection)
        return self._count

    async def ids(self, start: int, count: int) -> list[int]:
        """The numbers at these positions."""
        found: list[int] = []
        while count > 0:
            chunk = await self._chunk(start // CHUNK)
            part = chunk[start % CHUNK : start % CHUNK + count]
            if not part:
                break
            found.extend(part)
            start, count = start + len(part), count - len(part)
        return found

    async def rows(self, start: int, count: int) -> list[T]:
        """The rows at these positions."""
        ids = await self.ids(start, count)
        found = await self.again(ids)
        return [found[one] for one in ids if one in found]

    async def again(self, ids: Sequence[int]) -> dict[int, T]:
        """The rows of these numbers as they are now."""
        async with self._database.reading() as connection:
            found = await self._pages.rows(connection, ids)
        return {row.id: row for row in found}

    async def position(self, number: int) -> int | None:
        """Where this one stands, if it is in the list."""
        await self.count()
        async with self._database.reading() as connection:
            return await self._pages.position(connection, number)

    async def _chunk(self, place: int) -> Sequence[int]:
        """The numbers of a chunk."""
        await self.count()
        async with self._loading:
            if place not in self._chunks:
                before = self._chunks.get(place - 1)
                async with self._database.reading() as connection:
                    found = await self._pages.numbers(
                        connection, place * CHUNK, CHUNK, before[-1] if before else None
                    )
                self._chunks[place] = array("q", found)
                if len(self._chunks) > CHUNKS_KEPT:
                    self._chunks.popitem(last=False)
            self._chunks.move_to_end(place)
            return self._chunks[place]
