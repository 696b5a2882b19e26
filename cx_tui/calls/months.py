"""Closed months are put together into files by customer, and what is too old is let go.

A rare caller's history lies in as many files as it has days with calls; put together it lies in one.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import polars as pl
from sqlalchemy import delete

from cx_tui.calls.frames import C, total
from cx_tui.calls.sealing import Sealing, forget_late
from cx_tui.db.calls import days, manifest
from cx_tui.db.calls.columns import KEY
from cx_tui.db.calls.manifest import CallFile
from cx_tui.db.calls.tables import call_stored
from cx_tui.domain.calls.figures import Figures
from cx_tui.errors import Refused

ROWS = 4_000_000
"""So many calls one file of a month has, about."""


class Months:
    """Puts months together, and lets old days go."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing
        self._database = sealing.database

    async def put_together(self, month: date, today: date | None = None) -> Sequence[CallFile]:
        """Put the days of a closed month into files by customer; all of them must be sealed."""
        first = month.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if last >= (today or datetime.now(UTC).date()):
            after = last + timedelta(days=1)
            raise Refused(f"{first:%Y-%m} is not over yet; put it together from {after} on (UTC)")
        async with self._sealing.alone(f"{first:%Y-%m}"):
            async with self._database.reading() as connection:
                stored = {
                    day: at for day, at in (await days.stored(connection)).items() if first <= day <= last
                }
                held = await manifest.files_of(connection, stored)
                number = await manifest.next_generation(connection, [first, last])
            if hot := [day for day, generation in stored.items() if generation == 0]:
                raise Refused(f"{min(hot)} is not sealed yet; run: cx-tui calls seal --day {min(hot)}")
            if not stored:
                raise Refused(f"there are no calls of {first:%Y-%m}")
            rows = pl.concat([part for day in stored for part in self._sealing.sealed(day, held[day])])
            made = await self._write(first, last, number, rows)
            await self._turn(stored, number, made)
        return made

    async def let_go(self, before: date) -> int:
        """Let the calls of the days before one go, for ever; what was counted of them stays.  Says how many
        days these were."""
        async with self._database.writing() as connection:
            stored = await days.stored(connection)
            old = [day for day in stored if day < before]
            for day in old:
                await days.have_alone(connection, day)
                if stored[day] == 0:
                    await days.drop(connection, day)
                await forget_late(connection, day)
            await connection.execute(delete(call_stored).where(call_stored.c.day < before))
        await self.forget_unused()
        return len(old)

    async def forget_unused(self) -> int:
        """Delete files that hold no day any more and that no change can be turned back to."""
        async with self._database.writing() as connection:
            files = await manifest.unused(connection)
            await manifest.forget(connection, files)
        for one in files:
            self._sealing.files.forget(one.path)
        return len(files)

    async def _write(self, first: date, last: date, number: int, rows: pl.LazyFrame) -> list[CallFile]:
        def write() -> list[CallFile]:
            made = []
            for low, high in _ranges(rows):
                part = rows.filter(C.customer_id.is_between(low, high)).sort(KEY)
                path = f"{first:%Y/%m}/calls-{first:%Y-%m}.{number}.{low}.{uuid4().hex[:8]}.parquet"
                written = self._sealing.files.write(path, part)
                made.append(
                    CallFile(
                        first_day=first, last_day=last, generation=number, first_customer=low,
                        last_customer=high, path=path, bytes=written.bytes, checksum=written.checksum,
                        sums=total(self._sealing.files.scan(path)),
                    )
                )  # fmt: skip
            return made

        return await asyncio.to_thread(write)

    async def _turn(self, stored: dict[date, int], number: int, made: Sequence[CallFile]) -> None:
        whole = Figures()
        for one in made:
            whole.add(one.sums)
        async with self._database.writing() as connection:
            for day, generation in stored.items():
                if await days.have_alone(connection, day) != generation:
                    raise Refused(f"{day} has changed in the meantime; try again")
            before = await manifest.files_of(connection, stored)
            expected = Figures()
            for files in {one.path: one for those in before.values() for one in those}.values():
                expected.add(files.sums)
            if expected != whole:
                raise Refused("the month has other sums than its days; see: cx-tui calls check")
            await manifest.note(connection, made, self._sealing.by)
            await manifest.turn(connection, list(stored), number)


def _ranges(rows: pl.LazyFrame) -> list[tuple[int, int]]:
    """Customers from and to, so that each has about as many calls."""
    counts = rows.group_by("customer_id").len().sort("customer_id").collect(engine="streaming")
    parts = counts.with_columns(part=(C.len.cum_sum() - C.len) // ROWS)
    found = parts.group_by("part", maintain_order=True).agg(
        C.customer_id.min().alias("low"), C.customer_id.max().alias("high")
    )
    return [(low, high) for _, low, high in found.iter_rows()]
