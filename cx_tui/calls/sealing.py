"""A day of calls becomes one file, which never changes; late calls go into its next generation.

The file is written beside everything else.  Only when its rows and sums are those that were counted of the
day, the manifest and the end of the hot day are written, in one transaction.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

import polars as pl
from sqlalchemy import BigInteger, delete, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.calls.frames import SCHEMA, C, frame_of, frame_of_calls, frame_of_csv, total
from cx_tui.calls.places import Files, Written
from cx_tui.db.calls import days, manifest, reading, sources
from cx_tui.db.calls.columns import KEY, call_of
from cx_tui.db.calls.manifest import CallFile
from cx_tui.db.calls.storing import Key
from cx_tui.db.calls.tables import call_late
from cx_tui.db.engine import Database
from cx_tui.errors import Refused

TRIES = 3
"""How often a day that still gets calls is read again."""


class Sealing:
    """Seals the days of one database into one place."""

    def __init__(self, database: Database, files: Files, by: str = "") -> None:
        self.database = database
        self.files = files
        self.by = by
        self._owner = uuid4().hex

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[None]:
        """Nobody else seals or recalculates meanwhile."""
        async with self.database.writing() as connection:
            if await sources.own(connection, f"files of {what}", self._owner) is None:
                raise Refused(f"another program works on the files of {what} just now; try again later")
        try:
            yield
        finally:
            async with self.database.writing() as connection:
                await sources.leave(connection, f"files of {what}", self._owner)

    async def due(self, today: date, keep: int) -> list[date]:
        """Days that are older than those that stay in the database, and sealed ones with late calls."""
        async with self.database.reading() as connection:
            found = await days.stored(connection)
            old = [day for day in found if (today - day).days >= keep]
            late = await reading.late_days(connection)
        return [day for day in old if found[day] == 0 or day in late]

    async def seal(self, day: date) -> CallFile | None:
        """Seal a day, or its late calls; None when there is nothing to do."""
        async with self.alone(f"{day}"):
            for _ in range(TRIES):
                async with self.database.reading() as connection:
                    generation = (await days.stored(connection)).get(day)
                if generation is None:
                    raise Refused(f"there are no calls of {day}")
                with tempfile.TemporaryDirectory(prefix="cx-tui-seal-") as folder:
                    rows = await self.rows(day, generation, Path(folder))
                    if rows is None:
                        return None
                    async with self.database.reading() as connection:
                        number = await manifest.next_generation(connection, [day])
                    made = await self.write(day, number, rows)
                if await self._swap(day, generation, made):
                    return made
                self.files.forget(made.path)
            raise Refused(
                f"{day} still gets calls, or its rows are not what was counted; see: cx-tui calls check"
            )

    async def rows(self, day: date, generation: int, folder: Path) -> pl.LazyFrame | None:
        """All calls of a day in the order of files; None when a sealed day has no late ones."""
        if generation == 0:
            return await self._hot(day, folder)
        async with self.database.reading() as connection:
            late = [call_of(row._mapping) for row in await reading.late_of(connection, day)]
            held = (await manifest.files_of(connection, [day])).get(day, [])
        if not late:
            return None
        return pl.concat([*self.sealed(day, held), frame_of_calls(late).lazy()]).sort(KEY)

    def sealed(self, day: date, held: Sequence[CallFile]) -> list[pl.LazyFrame]:
        """The calls of a day in its files."""
        first, after = days.bounds(day)
        alone = [self.files.scan(one.path) for one in held]
        if all(one.first_day == one.last_day for one in held):
            return alone
        return [one.filter(C.start >= first, C.start < after) for one in alone]

    async def write(self, day: date, generation: int, rows: pl.LazyFrame) -> CallFile:
        """Write a generation of a day."""
        path = f"{day:%Y/%m}/calls-{day}.{generation}.{uuid4().hex[:8]}.parquet"
        written = await asyncio.to_thread(self.files.write, path, rows)
        return await asyncio.to_thread(self._described, day, generation, written)

    def _described(self, day: date, generation: int, written: Written) -> CallFile:
        frame = self.files.scan(written.path)
        ends = frame.select(C.customer_id.min().alias("a"), C.customer_id.max().alias("b")).collect().row(0)
        return CallFile(
            first_day=day, last_day=day, generation=generation, first_customer=ends[0] or 0,
            last_customer=ends[1] or 0, path=written.path, bytes=written.bytes, checksum=written.checksum,
            sums=total(frame),
        )  # fmt: skip

    async def _hot(self, day: date, folder: Path) -> pl.LazyFrame:
        """The calls of a day's table, in parts: never all in memory."""
        parts: list[Path] = []
        name = days.name_of(day)
        async with self.database.reading() as connection:
            if not self.database.on_sqlite:
                text = folder / "calls.csv"
                with text.open("wb") as into:
                    await reading.copy_out(connection, name, into)
                return await asyncio.to_thread(_csv, text)
            async for rows in reading.raw_parts(connection, name):
                parts.append(folder / f"{len(parts):05}.parquet")
                await asyncio.to_thread(_write_part, rows, parts[-1])
        return pl.scan_parquet(parts) if parts else pl.LazyFrame(schema=SCHEMA)

    async def _swap(self, day: date, before: int, made: CallFile) -> bool:
        """Let the file hold the day, if it is all that was counted."""
        async with self.database.writing() as connection:
            if await days.have_alone(connection, day) != before:
                return False
            if await reading.day_sums(connection, day) != made.sums:
                return False
            await manifest.note(connection, [made], self.by)
            await manifest.turn(connection, [day], made.generation)
            if before == 0:
                await days.drop(connection, day)
            else:
                await forget_late(connection, day)
        return True

    async def in_files(
        self, connection: AsyncConnection, calls: Mapping[date, Sequence[Key]]
    ) -> Collection[Key]:
        """Which of these calls are in files: for who stores late ones."""
        held = await manifest.files_of(connection, calls)
        found: set[Key] = set()
        for day, keys in calls.items():
            found |= await asyncio.to_thread(self._there, day, held.get(day, []), keys)
        return found

    def _there(self, day: date, held: Sequence[CallFile], keys: Sequence[Key]) -> set[Key]:
        wanted = pl.DataFrame(keys, schema={name: SCHEMA[name] for name in KEY}, orient="row")
        customers = wanted["customer_id"].unique().implode()
        found: set[Key] = set()
        for rows in self.sealed(day, held):
            there = rows.select(KEY).filter(C.customer_id.is_in(customers)).collect()
            found |= set(there.join(wanted, on=list(KEY), how="semi").iter_rows())
        return found


async def forget_late(connection: AsyncConnection, day: date) -> None:
    """The late calls of a day are in its file now."""
    first, after = days.bounds(day)
    start = type_coerce(call_late.c.start, BigInteger)
    await connection.execute(delete(call_late).where(start >= first, start < after))


def _write_part(rows: Sequence[Sequence[object]], path: Path) -> None:
    frame_of(rows).write_parquet(path)


def _csv(text: Path) -> pl.LazyFrame:
    return frame_of_csv(text).lazy()
