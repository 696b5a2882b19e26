"""One list of calls as an operator moves through it: any position, any number of days, little memory.

How many calls each day has is the index: it says which day, and so which file, holds a window.  With
conditions the days are counted as far as one looks, so the count is "at least" until all are.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TypeVar

import polars as pl
from sqlalchemy.exc import DBAPIError

from cx_tui.calls.frames import SCHEMA, ordering
from cx_tui.calls.port import SealedCalls
from cx_tui.db.calls import days, manifest, reading
from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import day_of
from cx_tui.domain.calls.key import key_of_call
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.query import Count
from cx_tui.services.calls.parts import Hot, Part, Sealed

T = TypeVar("T")

A_DAY = timedelta(days=1)

AN_HOUR = timedelta(hours=1)

LARGE = 1_000_000
"""A part with more calls than this is not read at once."""

SEALED_MEANWHILE = 3
"""So many days may be sealed while one question is asked."""

LOOKED_AT = 50
"""With conditions, days are counted at first until so many calls are found."""


class CallList:
    """The calls of one query, in its order."""

    def __init__(self, database: Database, sealed: SealedCalls, query: CallQuery) -> None:
        self.query = query
        self._database = database
        self._sealed = sealed
        self._parts: list[Part] | None = None
        self._counts: dict[int, int] = {}
        self._sorted: pl.DataFrame | None = None

    async def count(self) -> Count:
        """How many calls there are; not exact while some days are not counted."""
        return await self._asked(self._count)

    async def exact_count(self) -> int:
        """How many calls there are, counted to the last one."""
        return await self._asked(self._exact_count)

    async def rows(self, start: int, count: int) -> list[Call]:
        """The calls at these positions."""
        return await self._asked(lambda: self._rows(start, count))

    async def group(self, by: Sequence[str]) -> pl.DataFrame:
        """The figures of all calls by columns; amounts are in millionths."""
        return await self._asked(lambda: self._group(by))

    async def lazy(self) -> pl.LazyFrame:
        """All calls in no order, hot and sealed; files are read when something is made of them."""
        return await self._asked(self._lazy)

    async def _asked(self, question: Callable[[], Awaitable[T]]) -> T:
        """The answer to a question; where a day was sealed meanwhile, it is asked of the file of that day."""
        for _ in range(SEALED_MEANWHILE):
            try:
                return await question()
            except DBAPIError as error:
                if not days.is_gone(error):
                    raise
                self._parts, self._counts, self._sorted = None, {}, None
        return await question()

    async def _count(self) -> Count:
        parts = await self._opened()
        at = 0
        while at < len(parts) and (at in self._counts or sum(self._counts.values()) < LOOKED_AT):
            await self._count_of(at)
            at += 1
        return Count(sum(self._counts.values()), exact=len(self._counts) == len(parts))

    async def _exact_count(self) -> int:
        return sum([await self._count_of(at) for at in range(len(await self._opened()))])

    async def _rows(self, start: int, count: int) -> list[Call]:
        if not self.query.by_start:
            return await self._in_other_order(start, count)
        found: list[Call] = []
        parts = await self._opened()
        for at in range(len(parts)):
            if len(found) == count:
                break
            number = await self._count_of(at)
            if start < number:
                found += await parts[at].page(self.query, start, min(count - len(found), number - start))
            start = max(0, start - number)
        return found

    async def _group(self, by: Sequence[str]) -> pl.DataFrame:
        from cx_tui.calls.parquet import added

        parts = [await part.group(self.query, by) for part in await self._opened()]
        return added(parts, by) if parts else pl.DataFrame()

    async def _lazy(self) -> pl.LazyFrame:
        parts = [await part.lazy(self.query) for part in await self._opened()]
        return pl.concat(parts) if parts else pl.LazyFrame(schema=SCHEMA)

    async def frames(self) -> AsyncIterator[pl.DataFrame]:
        """All calls as files keep them, a part after the other; of a large day an hour after the other."""
        parts = await self._opened()
        for at, part in enumerate(parts):
            if await self._count_of(at) <= LARGE:
                yield await part.frame(self.query)
                continue
            for query in self._hours(part.days):
                yield await part.frame(query)

    def _hours(self, those: Sequence[date]) -> Iterator[CallQuery]:
        """The query by hours, in the order of the query."""
        midnights = [datetime.combine(day, time(), UTC) for day in those]
        begins = [midnight + timedelta(hours=hour) for midnight in sorted(midnights) for hour in range(24)]
        for begin in reversed(begins) if self.query.sort[0].descending else begins:
            first = max(begin, self.query.first or begin)
            until = min(begin + AN_HOUR, self.query.until or begin + AN_HOUR)
            if first < until:
                yield replace(self.query, first=first, until=until)

    async def _in_other_order(self, start: int, count: int) -> list[Call]:
        """Only what orders the calls is sorted, of all days; then the rows of the window are read."""
        parts = await self._opened()
        if not parts:
            return []
        if self._sorted is None or len(self._sorted) < start + count:
            keys = pl.concat([await part.keys(self.query, start + count) for part in parts])
            by, descending, nulls_last = ordering(self.query.sort)
            self._sorted = keys.sort(by, descending=descending, nulls_last=nulls_last).head(start + count)
        wanted = self._sorted.slice(start, count)
        place = {key: at for at, key in enumerate(wanted["key"])}
        begun = {day_of(datetime.fromtimestamp(one // 1_000_000, UTC)) for one in wanted["start"]}
        found = [call for part in parts if begun & set(part.days) for call in await part.by_keys(wanted)]
        return sorted(found, key=lambda call: place[key_of_call(call)])

    async def _opened(self) -> list[Part]:
        """The parts in the order of the query, each with its number of calls where that is known."""
        if self._parts is None:
            async with self._database.reading() as connection:
                stored = await days.stored(connection)
                first = day_of(self.query.first) if self.query.first else None
                last = day_of(self.query.until) if self.query.until else None
                calls = await reading.days_of(connection, self.query.customer_id, first, last)
                held = await manifest.files_of(connection, calls)
            newest = [day for day in sorted(calls, reverse=True) if day in stored]
            parts, counts = self._cut(
                newest, calls, {d: tuple(f.path for f in files) for d, files in held.items()}
            )
            if self.query.by_start and not self.query.sort[0].descending:
                parts, counts = parts[::-1], counts[::-1]
            self._parts = parts
            self._counts = {at: number for at, number in enumerate(counts) if number is not None}
        return self._parts

    def _cut(
        self, newest: Sequence[date], calls: Mapping[date, int], held: dict[date, tuple[str, ...]]
    ) -> tuple[list[Part], list[int | None]]:
        parts: list[Part] = []
        counts: list[int | None] = []

        def files(day: date) -> tuple[object, ...]:
            # A customer's days in the same files are asked at once; of all customers, each day for itself.
            return held.get(day, ()) if self.query.customer_id is not None and day in held else (day,)

        for _, those in groupby(newest, files):
            group = list(those)
            parts.append(Sealed(self._sealed, group) if group[0] in held else Hot(self._database, group[0]))
            known = not self.query.conditions and all(map(self._is_whole, group))
            counts.append(sum(calls[day] for day in group) if known else None)
        return parts, counts

    def _is_whole(self, day: date) -> bool:
        """Whether all of a day is asked for."""
        midnight = datetime.combine(day, time(), UTC)
        begins = self.query.first is None or self.query.first <= midnight
        return begins and (self.query.until is None or self.query.until >= midnight + A_DAY)

    async def _count_of(self, at: int) -> int:
        parts = await self._opened()
        if at not in self._counts:
            self._counts[at] = await parts[at].count(self.query)
        return self._counts[at]
