"""Counting calls anew, re-rating, adjusting durations: a dry run first, then apply, and undo.

Calls that get other prices are written as the next generation of their day.  To apply it turns the manifest
and adds the differences to days, hours and counters in one transaction, refused when anything of the day
has changed since the dry run; undo turns it back.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.calls.frames import C, calls_of, figures_of, frame_of_calls
from cx_tui.calls.parquet import grouped
from cx_tui.calls.sealing import Sealing
from cx_tui.db import free_minutes
from cx_tui.db.calls import days, manifest, reading, storing
from cx_tui.db.calls.columns import KEY, call_of
from cx_tui.db.calls.manifest import CallFile
from cx_tui.db.calls.standing import lock
from cx_tui.db.calls.storing import Rate
from cx_tui.db.calls.tables import call_change, call_days, call_hours
from cx_tui.db.engine import ask
from cx_tui.db.types import moment_of
from cx_tui.domain.calls.figures import NAMES, Figures
from cx_tui.domain.calls.recalculation import Change, Operation, Recalculation
from cx_tui.errors import Refused

Rerate = Callable[[pl.DataFrame], pl.DataFrame]
"""Gives the calls of a frame their prices."""

Hours = Mapping[tuple[int, datetime], Figures]

CHANGED = "the calls of {day} have changed since the dry run; look at the difference again"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a recalculation would do."""

    asked: Recalculation
    changes: tuple[Change, ...]
    generation: int
    unpriced: tuple[str, ...]
    """Why calls that have a price would have none; nothing is applied then."""


def call_by_call(rate: Rate) -> Rerate:
    """The rating of frames by one of calls: exact, and slow."""

    def rerate(frame: pl.DataFrame) -> pl.DataFrame:
        return frame_of_calls(map(rate, calls_of(frame)))

    return rerate


class Recalculating:
    """Recalculates days of calls."""

    def __init__(self, sealing: Sealing, rerate: Rerate) -> None:
        self._sealing = sealing
        self._database = sealing.database
        self._rerate = rerate

    async def dry_run(self, asked: Recalculation) -> Plan:
        """What would change; nothing does."""
        with tempfile.TemporaryDirectory(prefix="cx-tui-recalculate-") as folder:
            generation, rows = await self._rows(asked.day, Path(folder))
            now = await asyncio.to_thread(rows.collect)
        return (await self._planned(asked, generation, now))[0]

    async def apply(self, plan: Plan) -> int | None:
        """Do what a dry run showed: the number of the change, by which it can be undone."""
        asked = plan.asked
        if plan.unpriced:
            raise Refused(f"calls would lose their price ({plan.unpriced[0]}); nothing was changed")
        if asked.changes_calls:
            if asked.day >= datetime.now(UTC).date():
                raise Refused("calls can get other prices when their day is over (UTC)")
            # Calls of which a generation is made lie in a file, all of them.
            await self._sealing.seal(asked.day)
        async with self._sealing.alone(f"{asked.day}"):
            with tempfile.TemporaryDirectory(prefix="cx-tui-recalculate-") as folder:
                generation, rows = await self._rows(asked.day, Path(folder))
                now = await asyncio.to_thread(rows.collect)
            again, after, counted = await self._planned(asked, generation, now)
            if again.changes != plan.changes:
                raise Refused(CHANGED.format(day=asked.day))
            return await self._swap(asked, generation, after, counted)

    async def undo(self, change_id: int) -> None:
        """Turn a change back; refused when the day has changed since."""
        async with self._database.reading() as connection:
            rows = await ask(connection, select(call_change).where(call_change.c.id == change_id))
            if not rows or rows[0].undone_at is not None:
                raise Refused("there is no such change, or it was undone already")
            change = rows[0]
            files = await manifest.holding(connection, change.day, change.before)
        async with self._sealing.alone(f"{change.day}"):
            before = await self._with_late(change.day, files)
            frame = await asyncio.to_thread(before.collect)
            hours, counted = _hours_of(frame), await self._counted(change.day)
            async with self._database.writing() as connection:
                if await days.have_alone(connection, change.day) != change.generation:
                    raise Refused(
                        f"the calls of {change.day} have changed since; this can't be undone any more"
                    )
                if await _days_counted(connection, change.day) != counted:
                    raise Refused(CHANGED.format(day=change.day))
                await manifest.turn(connection, [change.day], change.before)
                await _add(connection, change.day, hours, counted)
                await free_minutes.settle(connection, change.day, _billed(frame))
                done = update(call_change).where(call_change.c.id == change_id)
                await connection.execute(done.values(undone_at=datetime.now(UTC)))

    async def _rows(self, day: date, folder: Path) -> tuple[int, pl.LazyFrame]:
        async with self._database.reading() as connection:
            generation = (await days.stored(connection)).get(day)
            held = (await manifest.files_of(connection, [day])).get(day, [])
        if generation is None:
            raise Refused(f"there are no calls of {day}")
        if generation == 0:
            rows = await self._sealing.rows(day, 0, folder)
            return 0, rows if rows is not None else pl.LazyFrame()
        return generation, await self._with_late(day, held)

    async def _with_late(self, day: date, held: Sequence[CallFile]) -> pl.LazyFrame:
        async with self._database.reading() as connection:
            late = [call_of(dict(row._mapping)) for row in await reading.late_of(connection, day)]
        return pl.concat([*self._sealing.sealed(day, held), frame_of_calls(late).lazy()]).sort(KEY)

    async def _planned(
        self, asked: Recalculation, generation: int, now: pl.DataFrame
    ) -> tuple[Plan, pl.DataFrame, dict[int, Figures]]:
        after = await asyncio.to_thread(self._changed, asked, now)
        counted = await self._counted(asked.day)
        sums = _customers_of(after)
        changes = []
        touched = _touched(now, after)
        for of in sorted(counted.keys() | sums.keys()):
            if asked.customer_id not in (None, of):
                continue
            before, then = counted.get(of, Figures()), sums.get(of, Figures())
            if before != then:
                calls, currency = touched.get(of, (0, ""))
                changes.append(
                    Change(
                        customer_id=of,
                        currency=currency,
                        calls=calls,
                        before=before.charge,
                        after=then.charge,
                    )
                )
        plan = Plan(
            asked=asked, changes=tuple(changes), generation=generation, unpriced=_unpriced(now, after)
        )
        return plan, after, counted

    def _changed(self, asked: Recalculation, now: pl.DataFrame) -> pl.DataFrame:
        """The calls as they would be."""
        if not asked.changes_calls:
            return now
        ours = pl.lit(True) if asked.customer_id is None else C.customer_id == asked.customer_id
        if asked.releases:
            ours &= C.release.is_in([one.value for one in asked.releases])
        if asked.operation is Operation.DURATION:
            ours &= C.answered.is_not_null() & (C.talk_ms >= asked.minimum_ms)
        theirs, mine = now.filter(~ours), now.filter(ours)
        if asked.operation is Operation.DURATION:
            mine = mine.with_columns(
                talk_ms=pl.lit(asked.new_ms, pl.Int64), ended=C.answered + asked.new_ms * 1000
            )
        return pl.concat([theirs, self._rerate(mine)]).sort(KEY) if len(mine) else now

    async def _counted(self, day: date) -> dict[int, Figures]:
        async with self._database.reading() as connection:
            return await _days_counted(connection, day)

    async def _swap(
        self, asked: Recalculation, generation: int, after: pl.DataFrame, counted: dict[int, Figures]
    ) -> int | None:
        made: CallFile | None = None
        if asked.changes_calls:
            async with self._database.reading() as connection:
                number = await manifest.next_generation(connection, [asked.day])
            made = await self._sealing.write(asked.day, number, after.lazy())
        hours = _hours_of(after)
        if asked.customer_id is not None:
            hours = {place: sums for place, sums in hours.items() if place[0] == asked.customer_id}
            counted_ours = {asked.customer_id: counted.get(asked.customer_id, Figures())}
        else:
            counted_ours = counted
        try:
            async with self._database.writing() as connection:
                if await days.have_alone(connection, asked.day) != generation:
                    raise Refused(CHANGED.format(day=asked.day))
                if await _days_counted(connection, asked.day) != counted:
                    raise Refused(CHANGED.format(day=asked.day))
                only = ("charge", "cost") if asked.operation is Operation.CREDIT else NAMES
                await _add(connection, asked.day, hours, counted_ours, only)
                await free_minutes.settle(connection, asked.day, _billed(after))
                return await self._note(connection, asked, generation, made)
        except BaseException:
            if made:
                self._sealing.files.forget(made.path)
            raise

    async def _note(
        self, connection: AsyncConnection, asked: Recalculation, before: int, made: CallFile | None
    ) -> int | None:
        if made is None:
            return None
        await manifest.note(connection, [made], self._sealing.by)
        await manifest.turn(connection, [asked.day], made.generation)
        row = insert(call_change).values(
            day=asked.day, generation=made.generation, before=before, what=asked.operation.value,
            made_at=datetime.now(UTC), made_by=self._sealing.by,
        )  # fmt: skip
        return int((await connection.execute(row.returning(call_change.c.id))).scalar_one())


def _customers_of(frame: pl.DataFrame) -> dict[int, Figures]:
    rows = grouped(frame.lazy(), ["customer_id"]).collect()
    return {row["customer_id"]: figures_of(row) for row in rows.iter_rows(named=True)}


def _billed(frame: pl.DataFrame) -> Callable[[Sequence[free_minutes.Key]], dict[free_minutes.Key, int]]:
    """Tells how many seconds of these calls are billed."""

    def of(keys: Sequence[free_minutes.Key]) -> dict[free_minutes.Key, int]:
        wanted = pl.DataFrame(list(keys), schema=dict.fromkeys(KEY, pl.Int64), orient="row")
        own = frame.select(*(C(name).cast(pl.Int64) for name in KEY), "billed_seconds")
        rows = own.join(wanted, on=list(KEY), how="semi")
        return {(row[0], row[1], row[2]): row[3] for row in rows.iter_rows()}

    return of


def _hours_of(frame: pl.DataFrame) -> dict[tuple[int, datetime], Figures]:
    rows = grouped(frame.lazy(), ["customer_id", "hour"]).collect()
    return {
        (row["customer_id"], moment_of(row["hour"])): figures_of(row) for row in rows.iter_rows(named=True)
    }


def _touched(now: pl.DataFrame, after: pl.DataFrame) -> dict[int, tuple[int, str]]:
    """How many calls of each customer get another price, and in which currency."""
    both = now.select(*KEY, "currency", "charge").join(
        after.select(*KEY, "charge"), on=list(KEY), suffix="_after"
    )
    moved = C.charge.ne_missing(C.charge_after).sum()
    rows = both.group_by("customer_id").agg(moved.alias("calls"), C.currency.max())
    return {row[0]: (row[1], row[2]) for row in rows.select("customer_id", "calls", "currency").iter_rows()}


def _unpriced(now: pl.DataFrame, after: pl.DataFrame) -> tuple[str, ...]:
    lost = after.filter(C.unrated != "").join(now.filter(C.unrated == ""), on=list(KEY), how="semi")
    return tuple(lost["unrated"].unique().sort())


async def _days_counted(connection: AsyncConnection, day: date) -> dict[int, Figures]:
    rows = await ask(connection, select(call_days).where(call_days.c.day == day))
    return {row.customer_id: reading.figures_of(row) for row in rows}


async def _add(
    connection: AsyncConnection,
    day: date,
    hours: Hours,
    counted: Mapping[int, Figures],
    only: tuple[str, ...] = NAMES,
) -> None:
    """Add what differs to hours, days and counters."""
    after: dict[int, Figures] = {}
    for (of, _), sums in hours.items():
        after.setdefault(of, Figures()).add(sums)
    differing = {
        (of, day): _only(more, only)
        for of in counted.keys() | after.keys()
        if (more := after.get(of, Figures()).less(counted.get(of, Figures()))) != Figures()
    }
    standing = await lock(connection, [of for of, _ in differing])
    since = await storing.hours_since(connection)
    first, end = (moment_of(one) for one in days.bounds(day))
    begin = first if since is None else max(first, since)
    own = call_hours.c
    rows = await ask(connection, select(call_hours).where(own.hour >= begin, own.hour < end))
    kept = {
        (row.customer_id, row.hour): reading.figures_of(row) for row in rows if row.customer_id in standing
    }
    ours = {place for place in hours if place[0] in standing and place[1] >= begin}
    moved = {
        place: _only(hours.get(place, Figures()).less(kept.get(place, Figures())), only)
        for place in ours | kept.keys()
    }
    await storing.add_to_hours(
        connection, {place: sums for place, sums in moved.items() if sums != Figures()}
    )
    await storing.add_to_days(connection, differing)
    await storing.follow(connection, differing, standing, {})


def _only(sums: Figures, names: tuple[str, ...]) -> Figures:
    return sums if names == NAMES else Figures(**{name: getattr(sums, name) for name in names})
