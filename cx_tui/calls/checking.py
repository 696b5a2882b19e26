"""Does what is counted agree with the calls?  A slow recount of every day, and what differs, in sentences."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import func, select

from cx_tui.calls.frames import SCHEMA, C, figures_of, frame_of_calls
from cx_tui.calls.parquet import grouped
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls import days, manifest, reading, storing
from cx_tui.db.calls.columns import call_of
from cx_tui.db.calls.tables import call_days, call_hours, live_call
from cx_tui.db.engine import ask
from cx_tui.db.tables import counters
from cx_tui.db.types import moment_of
from cx_tui.domain.calls.figures import NAMES, Figures
from cx_tui.domain.calls.query import CallQuery


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is not as it should be."""

    day: date | None
    customer_id: int | None
    what: str
    counted: object
    found: object

    def __str__(self) -> str:
        places = (str(self.day or ""), f"customer #{self.customer_id}" if self.customer_id else "")
        return f"{', '.join(filter(None, places))}: {self.what} is {self.counted}, the calls say {self.found}"


class Checking:
    """Checks all that is kept of calls."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing
        self._database = sealing.database

    async def differences(self) -> AsyncIterator[Difference]:
        """What differs, day by day."""
        async with self._database.reading() as connection:
            stored = await days.stored(connection)
        for day, generation in stored.items():
            async for one in self._files(day):
                yield one
            hours = await self._recount(day, generation)
            async for one in self._day(day, hours):
                yield one
        async for one in self._counters():
            yield one
        async for one in self._channels():
            yield one

    async def _files(self, day: date) -> AsyncIterator[Difference]:
        async with self._database.reading() as connection:
            held = (await manifest.files_of(connection, [day])).get(day, [])
        for one in held:
            wrong = await asyncio.to_thread(self._sealing.files.damage, one.path, one.checksum)
            if wrong:
                yield Difference(
                    day=day, customer_id=None, what=one.path, counted="in the manifest", found=wrong
                )

    async def _recount(self, day: date, generation: int) -> pl.DataFrame:
        """The figures of a day's calls by customer and hour."""
        by = ["customer_id", "hour"]
        if generation == 0:
            async with self._database.reading() as connection:
                rows = await ask(connection, reading.grouped(days.table_of(day), CallQuery(), by))
            schema = dict.fromkeys((*by, *NAMES), pl.Int64)
            return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
        async with self._database.reading() as connection:
            held = (await manifest.files_of(connection, [day])).get(day, [])
            late = [call_of(dict(row._mapping)) for row in await reading.late_of(connection, day)]
        more = frame_of_calls(late) if late else pl.DataFrame(schema=SCHEMA)
        readable = [one for one in held if not self._sealing.files.damage(one.path, one.checksum)]
        whole = pl.concat([*self._sealing.sealed(day, readable), more.lazy()])
        return await asyncio.to_thread(lambda: grouped(whole, by).collect(engine="streaming"))

    async def _day(self, day: date, hours: pl.DataFrame) -> AsyncIterator[Difference]:
        by_customer = hours.group_by("customer_id").agg(C(NAMES).sum())
        found = {row["customer_id"]: figures_of(row) for row in by_customer.iter_rows(named=True)}
        async with self._database.reading() as connection:
            rows = await ask(connection, select(call_days).where(call_days.c.day == day))
            since = await storing.hours_since(connection)
        counted = {row.customer_id: reading.figures_of(row) for row in rows}
        for one in _compare(day, counted, found, ""):
            yield one
        first, after = days.bounds(day)
        midnight = moment_of(first)
        own = call_hours.c
        begin = midnight if since is None else max(midnight, since)
        async with self._database.reading() as connection:
            question = select(call_hours).where(own.hour >= begin, own.hour < moment_of(after))
            kept = {
                (row.customer_id, row.hour): reading.figures_of(row)
                for row in await ask(connection, question)
            }
        recounted = {
            (row["customer_id"], at): figures_of(row)
            for row in hours.iter_rows(named=True)
            if (at := moment_of(row["hour"])) >= begin
        }
        for of, at in sorted(kept.keys() | recounted.keys()):
            pair = ({of: kept.get((of, at), Figures())}, {of: recounted.get((of, at), Figures())})
            for one in _compare(day, *pair, f" from {at:%H:%M}"):
                yield one

    async def _counters(self) -> AsyncIterator[Difference]:
        """Counters are those of the day that they name."""
        own, sums = counters.c, call_days.c
        pairs = {
            "attempts": sums.attempts,
            "connected": sums.connected,
            "ring_ms": sums.pdd_ms,
            "day_spend": sums.charge,
        }
        question = select(own.customer_id, own.day, *(own[name] for name in pairs), *pairs.values()).join(
            call_days, (sums.customer_id == own.customer_id) & (sums.day == own.day)
        )
        async with self._database.reading() as connection:
            found_rows: Sequence[Any] = await ask(connection, question)
            for row in found_rows:
                for place, name in enumerate(pairs):
                    counted, found = row[2 + place], row[2 + place + len(pairs)]
                    if counted != found:
                        yield Difference(
                            day=row.day, customer_id=row.customer_id, what=f"the counter {name}",
                            counted=counted, found=found,
                        )  # fmt: skip

    async def _channels(self) -> AsyncIterator[Difference]:
        """Channels in use are the calls that are up."""
        own = live_call.c
        up = select(own.customer_id, func.count().label("up")).where(own.ghost.is_(None))
        calls = up.group_by(own.customer_id).subquery()
        question = select(counters.c.customer_id, counters.c.live, calls.c.up).join(
            calls, calls.c.customer_id == counters.c.customer_id
        )
        async with self._database.reading() as connection:
            rows: Sequence[Any] = await ask(connection, question.where(counters.c.live != calls.c.up))
            for row in rows:
                yield Difference(
                    day=None, customer_id=row[0], what="the channels in use", counted=row[1], found=row[2]
                )


def _compare(
    day: date, counted: Mapping[int, Figures], found: Mapping[int, Figures], when: str
) -> Iterator[Difference]:
    for of in sorted(counted.keys() | found.keys()):
        one, other = counted.get(of, Figures()), found.get(of, Figures())
        for name in NAMES:
            ours, theirs = getattr(one, name), getattr(other, name)
            if ours != theirs:
                yield Difference(day=day, customer_id=of, what=f"{name}{when}", counted=ours, found=theirs)
