"""A list of the log as an operator moves through it: any position, any size, little memory.

The numbers come in chunks that are kept; the rows come fresh by their numbers.
"""

import asyncio
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

from cx_tui.db import history_pages
from cx_tui.db.engine import Database, ask
from cx_tui.db.history_pages import Pages

T = TypeVar("T")

CHUNK = 1024
CHUNKS_KEPT = 64


class LogListing(Generic[T]):
    """Operations, or the changes of one, as they stood when they were first asked for."""

    def __init__(self, database: Database, pages: Pages) -> None:
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
                    count, highest = tuple((await ask(connection, self._pages.total()))[0])
                self._pages, self._count = self._pages.up_to(highest or 0), count
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
            found = await history_pages.rows(connection, self._pages, ids)
        return {row.id: row for row in found}

    async def position(self, number: int) -> int | None:
        """Where this one stands, if it is in the list."""
        await self.count()
        async with self._database.reading() as connection:
            before, there = tuple((await ask(connection, self._pages.before(number)))[0])
        return int(before) if there else None

    async def _chunk(self, place: int) -> Sequence[int]:
        """The numbers of a chunk."""
        total = await self.count()
        async with self._loading:
            if place not in self._chunks:
                self._chunks[place] = array("q", await self._load(place, total))
                if len(self._chunks) > CHUNKS_KEPT:
                    self._chunks.popitem(last=False)
            self._chunks.move_to_end(place)
            return self._chunks[place]

    async def _load(self, place: int, total: int) -> Sequence[int]:
        """Walk on from the chunk before, else from the nearer end."""
        start, stop = place * CHUNK, min((place + 1) * CHUNK, total)
        if stop <= start:
            return []
        before = self._chunks.get(place - 1)
        async with self._database.reading() as connection:
            if before:
                question = self._pages.following(before[-1], stop - start)
            elif start < total // 2:
                question = self._pages.ids(start, stop - start)
            else:
                question = self._pages.ids(total - stop, stop - start, backward=True)
            found = [row[0] for row in await ask(connection, question)]
        return found if before or start < total // 2 else found[::-1]
