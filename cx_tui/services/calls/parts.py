"""The days of calls one after another, hot or sealed, each asked in the same way."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import polars as pl
from sqlalchemy import select

from cx_tui.calls.frames import SCHEMA, calls_of, frame_of
from cx_tui.calls.mirrored import Mirrored
from cx_tui.calls.parquet import ParquetCalls, columns_of
from cx_tui.calls.port import SealedCalls
from cx_tui.db.calls import days, reading
from cx_tui.db.calls.columns import KEY, NAMES, call_of
from cx_tui.db.engine import Database, ask
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import NAMES as NAMES_OF_FIGURES
from cx_tui.domain.calls.query import CallQuery


class Part(Protocol):
    """Days that are asked at once."""

    days: Sequence[date]

    async def count(self, query: CallQuery) -> int:
        """How many calls there are."""

    async def page(self, query: CallQuery, start: int, count: int) -> list[Call]:
        """A window of calls."""

    async def frame(self, query: CallQuery) -> pl.DataFrame:
        """All calls as files keep them, in the query's order."""

    async def lazy(self, query: CallQuery) -> pl.LazyFrame:
        """All calls in no order, as far as possible not read before something is made of them."""

    async def keys(self, query: CallQuery, count: int) -> pl.DataFrame:
        """What orders the first calls, and their keys."""

    async def by_keys(self, keys: pl.DataFrame) -> list[Call]:
        """Those of these calls that are here."""

    async def group(self, query: CallQuery, by: Sequence[str]) -> pl.DataFrame:
        """The figures by columns."""


class Hot:
    """A day that has a table of its own."""

    def __init__(self, database: Database, day: date) -> None:
        self.days: Sequence[date] = [day]
        self._database = database
        self._table = days.table_of(day)

    async def count(self, query: CallQuery) -> int:
        async with self._database.reading() as connection:
            return await reading.count(connection, self._table, query)

    async def page(self, query: CallQuery, start: int, count: int) -> list[Call]:
        if query.by_start:
            question = reading.newest(self._table, query, descending=query.sort[0].descending)
        else:
            question = select(self._table).where(*reading.where(self._table, query))
            question = question.order_by(*reading.ordered(self._table, query.sort))
        async with self._database.reading() as connection:
            rows = await ask(connection, question.limit(count).offset(start))
        return [call_of(dict(row._mapping)) for row in rows]

    async def frame(self, query: CallQuery) -> pl.DataFrame:
        question = select(*(reading.as_kept(self._table.c[name]) for name in NAMES))
        question = question.where(*reading.where(self._table, query))
        question = question.order_by(*reading.ordered(self._table, query.sort))
        async with self._database.reading() as connection:
            rows = await ask(connection, question)
        return frame_of([tuple(row) for row in rows])

    async def lazy(self, query: CallQuery) -> pl.LazyFrame:
        return (await self.frame(query)).lazy()

    async def keys(self, query: CallQuery, count: int) -> pl.DataFrame:
        names = sorted({*KEY, *columns_of(query)})
        question = select(*(reading.as_kept(self._table.c[name]) for name in names))
        question = question.where(*reading.where(self._table, query))
        question = question.order_by(*reading.ordered(self._table, query.sort)).limit(count)
        async with self._database.reading() as connection:
            rows = await ask(connection, question)
        schema = {name: SCHEMA[name] for name in names}
        return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")

    async def by_keys(self, keys: pl.DataFrame) -> list[Call]:
        first, after = days.bounds(self.days[0])
        ours = keys.filter(pl.col.start >= first, pl.col.start < after).select(KEY)
        async with self._database.reading() as connection:
            rows = await reading.by_keys(connection, self._table, ours.rows())
        return [call_of(row._mapping) for row in rows]

    async def group(self, query: CallQuery, by: Sequence[str]) -> pl.DataFrame:
        async with self._database.reading() as connection:
            rows = await ask(connection, reading.grouped(self._table, query, by))
        keys = {name: SCHEMA.get(name, pl.Int64) for name in by}
        schema = keys | dict.fromkeys(NAMES_OF_FIGURES, pl.Int64)
        return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


class Sealed:
    """Sealed days."""

    def __init__(self, calls: SealedCalls, those: Sequence[date]) -> None:
        self.days: Sequence[date] = those
        self._calls = calls

    async def count(self, query: CallQuery) -> int:
        return await self._calls.count(query, self.days)

    async def page(self, query: CallQuery, start: int, count: int) -> list[Call]:
        return calls_of(await self._calls.page(query, self.days, start, count))

    async def frame(self, query: CallQuery) -> pl.DataFrame:
        return await self._calls.page(query, self.days, 0, await self.count(query))

    async def lazy(self, query: CallQuery) -> pl.LazyFrame:
        if isinstance(self._calls, ParquetCalls | Mirrored):
            return await self._calls.lazy(query, self.days)
        return (await self.frame(query)).lazy()

    async def keys(self, query: CallQuery, count: int) -> pl.DataFrame:
        return await self._calls.page(query, self.days, 0, count, sorted({*KEY, *columns_of(query)}))

    async def by_keys(self, keys: pl.DataFrame) -> list[Call]:
        return calls_of(await self._calls.by_keys(self.days, keys))

    async def group(self, query: CallQuery, by: Sequence[str]) -> pl.DataFrame:
        return await self._calls.group(query, self.days, by)
