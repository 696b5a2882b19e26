"""One list as an operator moves through it: any position, any size, little memory.

The ids of the order come in chunks that are kept; the rows come fresh by their ids.  A word that
few records have gives one short list of ids; a common one is found while walking the order.
"""

import asyncio
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cx_tui.db.engine import Database, ask
from cx_tui.domain.query import Count, Query
from cx_tui.services.lists.source import ListSource

CHUNK = 4096
FIRST_CHUNK = 256
CHUNKS_KEPT = 64

FEW = 20_000
SPARSE = 5_000

AT_ONCE = 100_000
"""So many ids are read at once where all are wanted."""

ListRow = Mapping[str, Any]


class Listing:
    """The records of one query, in its order, as they stood when it was asked."""

    def __init__(self, database: Database, source: ListSource, expected: int | None = None) -> None:
        self._database = database
        self._source = source
        self._few = FEW
        self._chunks: OrderedDict[int, array[int]] = OrderedDict()
        self._all: array[int] | None = None
        self._count = None if expected is None else Count(expected, exact=False)
        self._opening = asyncio.Lock()
        self._loading = asyncio.Lock()

    @property
    def query(self) -> Query:
        """What was asked."""
        return self._source.query

    @property
    def is_of_the_past(self) -> bool:
        """Whether what follows the clock may differ by now."""
        return self._source.is_of_the_past

    async def count(self) -> Count:
        """How many there are; not exact while it is only expected, or when very many have the word."""
        async with self._opening:
            if self._count is None:
                self._count = await self._open()
        return self._count

    async def exact_count(self) -> int:
        """How many there are, counted to the last one."""
        count = await self.count()
        if not count.exact:
            self._count = Count(await self._scalar(self._source.total()))
        return (await self.count()).number

    async def ids(self, start: int, count: int) -> list[int]:
        """The ids at these positions."""
        found: list[int] = []
        while count > 0:
            chunk, first = await self._chunk(start)
            part = chunk[start - first : start - first + count]
            if not part:
                break
            found.extend(part)
            start += len(part)
            count -= len(part)
        return found

    async def every_id(self) -> "array[int]":
        """The ids of all of them, in few questions: each walks to where it begins."""
        total = await self.exact_count()
        if self._all is not None:
            return self._all
        found = array("q")
        for start in range(0, total, AT_ONCE):
            found.extend(await self._fetch(start, AT_ONCE))
        return found

    async def rows(self, start: int, count: int, columns: Iterable[str]) -> list[ListRow]:
        """The rows at these positions; one that was deleted meanwhile is left out."""
        ids = await self.ids(start, count)
        found = await self.again(ids, columns)
        return [found[one] for one in ids if one in found]

    async def again(self, ids: Sequence[int], columns: Iterable[str]) -> dict[int, ListRow]:
        """The rows of these ids as they are now."""
        async with self._database.reading() as connection:
            return await self._source.rows(connection, ids, columns)

    async def position(self, record_id: int) -> int | None:
        """Where this record stands, if it is in the list."""
        await self.count()
        if self._all is not None:
            return self._all.index(record_id) if record_id in self._all else None
        async with self._database.reading() as connection:
            keys = await ask(connection, self._source.keys_of(record_id))
            if not keys:
                return None
            return int((await ask(connection, self._source.before(tuple(keys[0]), record_id)))[0][0])

    async def _open(self) -> Count:
        """Choose how to find the records, and count them."""
        async with self._database.reading() as connection:
            hits = await self._source.hits(connection, self._few + 1)
        if hits is None:
            number = await self._scalar(self._source.total())
            gathering = self._source.gathering()
            if self.query.where and number <= SPARSE and gathering:
                # Walking in the order, nearly all would be looked at to find them.
                self._source = gathering
                self._all = array("q", await self._fetch(0, number))
                return Count(len(self._all))
            return Count(number)
        if hits > self._few:
            self._source = self._source.walking()
            return Count(hits, exact=False)
        self._all = array("q", await self._fetch(0, hits))
        return Count(len(self._all))

    async def _chunk(self, position: int) -> tuple[Sequence[int], int]:
        """The kept ids around a position, and the position of the first of them."""
        count = await self.count()
        if self._all is not None:
            return self._all, 0
        start, stop = _bounds(position)
        async with self._loading:
            if start not in self._chunks:
                self._chunks[start] = array("q", await self._load(start, stop, count))
                if len(self._chunks) > CHUNKS_KEPT:
                    self._chunks.popitem(last=False)
            self._chunks.move_to_end(start)
            return self._chunks[start], start

    async def _load(self, start: int, stop: int, count: Count) -> Sequence[int]:
        if not count.exact or start < count.number // 2:
            return await self._fetch(start, stop - start)
        stop = min(stop, count.number)
        from_the_end = await self._fetch(count.number - stop, max(0, stop - start), backward=True)
        return from_the_end[::-1]

    async def _fetch(self, start: int, count: int, *, backward: bool = False) -> Sequence[int]:
        async with self._database.reading() as connection:
            answer = await ask(connection, self._source.ids(start, count, backward=backward))
            return [row[0] for row in answer]

    async def _scalar(self, question: Any) -> int:
        async with self._database.reading() as connection:
            return int((await ask(connection, question))[0][0])


def _bounds(position: int) -> tuple[int, int]:
    """The chunk of a position: small at the very beginning, where everyone begins."""
    if position < FIRST_CHUNK:
        return 0, FIRST_CHUNK
    start = position // CHUNK * CHUNK
    return max(start, FIRST_CHUNK), start + CHUNK
