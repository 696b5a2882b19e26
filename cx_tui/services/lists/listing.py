"""One list as an operator moves through it: any position, any size, little memory.

The ids of the order come in chunks that are kept; the rows come fresh by their ids.  A word that
few records have gives one short list of ids; a common one is found while walking the order.
"""

import asyncio
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import shared_work
from cx_tui.db.engine import Database, ask
from cx_tui.db.shared_work import Given
from cx_tui.domain.query import Count, Query
from cx_tui.services.lists.source import ListSource

CHUNK = 4096
FIRST_CHUNK = 64
"""Chunks are as small as this at the beginning, where everyone begins, and grow to the usual size."""
GROWS = 4
CHUNKS_KEPT = 64

FEW = 20_000
"""A word that more have is found by walking in the order."""
SPARSE = 5_000
"""So are conditions that more meet: walking then passes by few that do not meet them."""

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
            self._count = Count(await self._counted())
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
            if self.query.typed:
                return await self._gather()
            return Count(await self._scalar(self._source.total()))
        if hits > self._few:
            self._source = self._source.walking()
            return Count(hits, exact=False)
        self._all = array("q", await self._fetch(0, hits))
        return Count(len(self._all))

    async def _gather(self) -> Count:
        """Find them in no order, which ends early where there are many: their first rows need not wait until
        all are counted.  Few are put in order here: walking, nearly all others would be passed by."""
        found = await self._numbers(self._source.every().limit(SPARSE + 1))
        if len(found) > SPARSE:
            return Count(len(found), exact=False)
        self._all = array("q", await self._numbers(self._source.in_order(found)))
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
        return await self._numbers(self._source.ids(start, count, backward=backward))

    async def _counted(self) -> int:
        """How many there are; very many are looked at on several connections at the same time."""
        source = self._source
        if not (self._database.on_sqlite and self.query.where and source.may_be_parted):
            return await self._scalar(source.total())
        question = shared_work.limited(source.total(), source.id_column)

        async def some(connection: AsyncConnection, given: Given) -> int:
            return int((await ask(connection, question, given))[0][0])

        parts = await shared_work.parts_of(self._database, source.id_column)
        return sum(await shared_work.each(self._database, parts, some))

    async def _numbers(self, question: Any) -> list[int]:
        async with self._database.reading() as connection:
            return [row[0] for row in await ask(connection, question)]

    async def _scalar(self, question: Any) -> int:
        return int((await self._numbers(question))[0])


def _bounds(position: int) -> tuple[int, int]:
    """The chunk of a position."""
    start, stop = 0, FIRST_CHUNK
    while stop <= position and stop < CHUNK:
        start, stop = stop, min(stop * GROWS, CHUNK)
    if stop <= position:
        start = max(stop, position // CHUNK * CHUNK)
        stop = (position // CHUNK + 1) * CHUNK
    return start, stop
