"""Sealed days in Parquet files, asked with polars: in threads, and streaming where much is read."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.calls.frames import SCHEMA, C, frame_of_calls, holds, ordering, sums
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls import manifest, reading
from cx_tui.db.calls.columns import KEY, call_of
from cx_tui.db.calls.days import bounds
from cx_tui.db.calls.manifest import CallFile
from cx_tui.db.calls.reading import A_TENTH, PDD, PERIODS
from cx_tui.domain.calls.figures import NAMES
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import CxError, Unavailable

T = TypeVar("T")


class ParquetCalls:
    """The files of the manifest, with the late calls that are in none of them yet."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    async def put_day(self, day: date, rows: pl.LazyFrame) -> None:
        """Have these calls be those of a day; the manifest is turned by who knows that they are all."""
        async with self._sealing.database.reading() as connection:
            number = await manifest.next_generation(connection, [day])
        made = await self._sealing.write(day, number, rows.sort(KEY))
        async with self._sealing.database.writing() as connection:
            await manifest.note(connection, [made], self._sealing.by)
            await manifest.turn(connection, [day], made.generation)

    async def count(self, query: CallQuery, days: Sequence[date]) -> int:
        """How many calls of these days a query asks for."""
        rows, _ = await self._rows(query, days)
        return await _in_thread(lambda: int(rows.select(pl.len()).collect(engine="streaming").item()))

    async def page(
        self, query: CallQuery, days: Sequence[date], start: int, count: int, columns: Sequence[str] = ()
    ) -> pl.DataFrame:
        """A window of the calls of these days in the query's order."""
        rows, in_order = await self._rows(query, days)
        if columns:
            return await _in_thread(lambda: _window(rows.select(columns), query, start, count, in_order))
        if query.customer_id is not None:
            # Of one customer so few row groups are read that a second look takes longer.
            return await _in_thread(lambda: _window(rows, query, start, count, in_order))
        return await _in_thread(lambda: in_two_steps(rows, query, start, count, in_order))

    async def by_keys(self, days: Sequence[date], keys: pl.DataFrame) -> pl.DataFrame:
        """The calls of these days that have these keys."""
        rows, _ = await self._rows(CallQuery(), days)
        return await _in_thread(lambda: _with_keys(rows, keys))

    async def group(self, query: CallQuery, days: Sequence[date], by: Sequence[str]) -> pl.DataFrame:
        """The figures of the calls of these days by the values of columns."""
        rows, _ = await self._rows(query, days)
        return await _in_thread(lambda: grouped(rows, by).collect(engine="streaming"))

    async def lazy(self, query: CallQuery, days: Sequence[date]) -> pl.LazyFrame:
        """All calls that a query asks for: their files are read when something is made of them."""
        return (await self._rows(query, days))[0]

    async def _rows(self, query: CallQuery, days: Sequence[date]) -> tuple[pl.LazyFrame, bool]:
        """All calls that a query asks for, of the days' files and the late ones; and whether they come in the
        order of their keys."""
        async with self._sealing.database.reading() as connection:
            held = await manifest.files_of(connection, days)
            late = await _late(connection, days)
        files = _distinct(held, query.customer_id)
        frames = [self._sealing.files.scan(path).filter(*bounds) for path, bounds in files]
        found = pl.concat([*frames, late.lazy()]) if len(late) or not frames else pl.concat(frames)
        in_order = late.is_empty() and (len(frames) == 1 or query.customer_id is not None)
        return (found.filter(*holds(query)) if holds(query) else found), in_order


def _distinct(held: dict[date, list[CallFile]], customer_id: int | None) -> list[tuple[str, list[pl.Expr]]]:
    """Each file once, with the days for which it counts."""
    days_of: dict[str, list[date]] = {}
    files: dict[str, CallFile] = {}
    for day, those in held.items():
        for one in those:
            if customer_id is None or one.first_customer <= customer_id <= one.last_customer:
                files[one.path] = one
                days_of.setdefault(one.path, []).append(day)
    return [(path, _bounds(files[path], days_of[path])) for path in files]


def _bounds(one: CallFile, days: Sequence[date]) -> list[pl.Expr]:
    if one.first_day == one.last_day:
        return []
    wanted = sorted(days)
    first, after = bounds(wanted[0])[0], bounds(wanted[-1])[1]
    span = [C.start >= first, C.start < after]
    if (wanted[-1] - wanted[0]).days + 1 == len(wanted):
        return span
    return [*span, (C.start // PERIODS["day"]).is_in([bounds(day)[0] // PERIODS["day"] for day in wanted])]


async def _late(connection: AsyncConnection, days: Sequence[date]) -> pl.DataFrame:
    late = sorted(await reading.late_days(connection) & set(days))
    calls = [call_of(row._mapping) for day in late for row in await reading.late_of(connection, day)]
    return frame_of_calls(calls) if calls else pl.DataFrame(schema=SCHEMA)


def _window(rows: pl.LazyFrame, query: CallQuery, start: int, count: int, in_order: bool) -> pl.DataFrame:
    """A window of rows; those that are in the order of their keys stay so where they are equal, as to compare
    keys too takes half of the time."""
    by, descending, nulls_last = ordering(query.sort)
    if in_order:
        several = len(query.sort)
        by, descending, nulls_last = by[:several], descending[:several], nulls_last[:several]
    # Sorted when all of it is here: polars takes four times as long to sort only as far as a deep window.
    found = rows.collect().sort(by, descending=descending, nulls_last=nulls_last, maintain_order=in_order)
    return found.slice(start, count)


def in_two_steps(
    rows: pl.LazyFrame, query: CallQuery, start: int, count: int, in_order: bool = False
) -> pl.DataFrame:
    """Sort only what orders calls, then read the rows of the window: a third of the work."""
    keys = _window(rows.select(sorted({*KEY, *columns_of(query)})), query, start, count, in_order)
    found = _with_keys(rows, keys)
    return _window(found.lazy(), query, 0, count, in_order=False)


def columns_of(query: CallQuery) -> list[str]:
    """The columns that a query's order needs."""
    stored = {"talk": "talk_ms", "connected": "answered"}
    return [stored.get(one.column, one.column) for one in query.sort]


def _with_keys(rows: pl.LazyFrame, keys: pl.DataFrame) -> pl.DataFrame:
    if keys.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    wanted = keys.select(KEY)
    near = [C(name).is_in(wanted[name].unique().implode()) for name in KEY]
    spans = [C(name).is_between(wanted[name].min(), wanted[name].max()) for name in KEY[:2]]
    return rows.filter(*spans, *near).collect().join(wanted, on=list(KEY), how="semi")


def grouped(rows: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """The figures of calls by columns, by the hour or day in which they began, or by tenths of a second to
    ringing."""
    keys = [_key(name).alias(name) for name in by]
    return rows.group_by(keys).agg(sums()) if by else rows.select(sums())


def _key(name: str) -> pl.Expr:
    """What calls are grouped by."""
    if name in PERIODS:
        return C.start - C.start % PERIODS[name]
    if name == PDD:
        return (C.ringing - C.start + A_TENTH // 2).clip(lower_bound=0) // A_TENTH
    return C(name)


def added(parts: Sequence[pl.DataFrame], by: Sequence[str]) -> pl.DataFrame:
    """The figures of several places as one."""
    whole = pl.concat(parts, how="vertical_relaxed")
    return whole.group_by(by).agg(pl.col(NAMES).sum()) if by else whole.select(pl.col(NAMES).sum())


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except FileNotFoundError as error:
        raise Unavailable(f"a file of calls is not there: {error}; cx-tui calls check says which") from error
    except pl.exceptions.PolarsError as error:
        raise CxError(f"a file of calls can't be read: {str(error).splitlines()[0]}") from error
