"""The files of sealed days, and the same days on a ClickHouse server, which answers where it has all of them.

The files stay the truth: a day that the server does not have in the generation that counts, or that has late
calls, is read from files, and so is everything while the server is away.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TypeVar

import polars as pl

from cx_tui.calls.clickhouse import ClickHouseCalls
from cx_tui.calls.parquet import ParquetCalls
from cx_tui.calls.port import SealedCalls
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls import days as stored_days
from cx_tui.db.calls import manifest, reading
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import Unavailable

T = TypeVar("T")


class Mirrored:
    """Files and a server; opened when the server is first asked."""

    def __init__(self, sealing: Sealing, open_server: Callable[[], ClickHouseCalls]) -> None:
        self._sealing = sealing
        self._files = ParquetCalls(sealing)
        self._open_server = open_server
        self._opened: ClickHouseCalls | None = None

    async def put_day(self, day: date, rows: pl.LazyFrame) -> None:
        """Have these calls be those of a day, in a file; the server gets them when days are brought."""
        await self._files.put_day(day, rows)

    async def count(self, query: CallQuery, days: Sequence[date]) -> int:
        """How many calls of these days a query asks for."""
        return await self._ask(days, lambda calls: calls.count(query, days))

    async def page(
        self, query: CallQuery, days: Sequence[date], start: int, count: int, columns: Sequence[str] = ()
    ) -> pl.DataFrame:
        """A window of the calls of these days in the query's order."""
        return await self._ask(days, lambda calls: calls.page(query, days, start, count, columns))

    async def by_keys(self, days: Sequence[date], keys: pl.DataFrame) -> pl.DataFrame:
        """The calls of these days that have these keys."""
        return await self._ask(days, lambda calls: calls.by_keys(days, keys))

    async def group(self, query: CallQuery, days: Sequence[date], by: Sequence[str]) -> pl.DataFrame:
        """The figures of the calls of these days by the values of columns."""
        return await self._ask(days, lambda calls: calls.group(query, days, by))

    async def lazy(self, query: CallQuery, days: Sequence[date]) -> pl.LazyFrame:
        """All calls that a query asks for, of the files."""
        return await self._files.lazy(query, days)

    async def bring(self) -> Sequence[date]:
        """Bring the server what it does not have as it is now, and take away what was let go: which days it
        got."""
        server = await self._server()
        has = await server.generations()
        async with self._sealing.database.reading() as connection:
            sealed = {day: one for day, one in (await stored_days.stored(connection)).items() if one}
        for day in has.keys() - sealed.keys():
            await server.forget_day(day)
        wanted = sorted(day for day, generation in sealed.items() if has.get(day) != generation)
        for day in wanted:
            async with self._sealing.alone(f"{day}"):
                async with self._sealing.database.reading() as connection:
                    generation = (await stored_days.stored(connection)).get(day, 0)
                    held = (await manifest.files_of(connection, [day])).get(day, [])
                if held:
                    rows = pl.concat(self._sealing.sealed(day, held))
                    await server.put_generation(day, generation, rows)
        return wanted

    async def _ask(self, days: Sequence[date], ask: Callable[[SealedCalls], Awaitable[T]]) -> T:
        try:
            if await self._has(days):
                return await ask(await self._server())
        except Unavailable:
            pass
        return await ask(self._files)

    async def _has(self, days: Sequence[date]) -> bool:
        """Whether the server has all of these days just as they count."""
        has = await (await self._server()).generations()
        async with self._sealing.database.reading() as connection:
            stored = await stored_days.stored(connection)
            late = await reading.late_days(connection)
        return bool(days) and all(day not in late and has.get(day) == stored.get(day) for day in days)

    async def _server(self) -> ClickHouseCalls:
        if self._opened is None:
            opened = await asyncio.to_thread(self._open_server)
            await asyncio.to_thread(opened.make)
            self._opened = opened
        return self._opened
