"""A batch of calls is one transaction: each is kept and counted once, whatever is delivered how often.

What was really new is folded into hours, days and counters; nothing is scanned to know a counter.  A
customer's counters are locked first, in order of number: two batches with the same customer follow each
other, and nobody waits for somebody who waits for him.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import kept_warnings
from cx_tui.db.calls import days, live, peaks
from cx_tui.db.calls.columns import KEY, NAMES, micros, rows_of
from cx_tui.db.calls.put import add, change, on_sqlite, those_there, upsert
from cx_tui.db.calls.standing import KEY_TYPES, Standing, lock
from cx_tui.db.calls.tables import call_days, call_hours, call_unknown
from cx_tui.db.customer_expressions import clock_of
from cx_tui.db.tables import kept_at
from cx_tui.db.types import instant
from cx_tui.domain.calls import figures
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import Figures, day_of
from cx_tui.domain.calls.key import key_of_call

Key = tuple[int, int, int]
"""Customer, instant and number of a call: by which it is found."""

Rate = Callable[[Call], Call]
"""Gives a call its price: charge, cost, prefix, billed seconds, or why it has none."""

Free = Callable[[AsyncConnection, Mapping[int, Call]], Awaitable[Mapping[int, Call]]]
"""Gives new calls, by their numbers, the free minutes of their customers, who are locked."""

SealedLookup = Callable[[AsyncConnection, Mapping[date, Sequence[Key]]], Awaitable[Collection[Key]]]
"""Which of these calls are in the files of sealed days."""

MILLIONTH = Decimal("0.000001")

HOURS_KEPT = timedelta(hours=72)

HOURS = "call_hours"
"""The name under which it is noted from when on hours are kept."""

SUM_TYPES = {name: "numeric" if name in figures.MONEYS else "bigint" for name in figures.NAMES}


@dataclass(kw_only=True)
class Stored:
    """What became of a batch."""

    new: list[Call] = field(default_factory=list)
    """Counted now, with their prices."""
    known: int = 0
    late: int = 0
    """Of the new ones, those whose day was sealed already."""
    unknown: int = 0
    """New ones of nobody who is known."""
    customers: frozenset[int] = frozenset()


async def nothing_sealed(connection: AsyncConnection, calls: Mapping[date, Sequence[Key]]) -> Collection[Key]:
    """The lookup of who has no files."""
    return ()


async def nothing_free(connection: AsyncConnection, calls: Mapping[int, Call]) -> Mapping[int, Call]:
    """The minutes of who gives none."""
    return calls


def unpriced(call: Call) -> Call:
    """The rating of who has none."""
    return call


async def store(
    connection: AsyncConnection,
    calls: Iterable[Call],
    rate: Rate = unpriced,
    in_files: SealedLookup = nothing_sealed,
    free: Free = nothing_free,
) -> Stored:
    """Keep calls and count them."""
    batch = {key_of_call(call): call for call in calls}
    if not batch:
        return Stored()
    generations = await days.share(connection, {day_of(call.invited_at) for call in batch.values()})
    ended = await live.take(connection, batch)
    customers = {call.customer_id for call in batch.values() if call.customer_id is not None}
    standing = await lock(connection, customers | set(ended))
    ours = {key: call for key, call in batch.items() if call.customer_id in standing}
    others = [call for key, call in batch.items() if key not in ours]
    known = await _known(connection, ours, generations, in_files)
    new = await free(connection, {key: _exact(rate(call)) for key, call in ours.items() if key not in known})
    result = Stored(new=list(new.values()), known=len(known), customers=frozenset(standing))
    result.unknown = await _keep_apart(connection, others)
    result.known += len(others) - result.unknown
    result.late = await _keep(connection, new, generations)
    await _count(connection, result.new, standing)
    await live.change_counts(connection, ended)
    return result


def _exact(call: Call) -> Call:
    """The call with amounts that can be kept to their last digit: sums must not depend on rounding."""
    charge, cost = _in_millionths(call.charge), _in_millionths(call.cost)
    same = charge == call.charge and cost == call.cost
    return call if same else replace(call, charge=charge, cost=cost)


def _in_millionths(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(MILLIONTH, ROUND_HALF_UP)


async def _known(
    connection: AsyncConnection,
    ours: Mapping[int, Call],
    generations: Mapping[date, int],
    in_files: SealedLookup,
) -> set[int]:
    by_day: dict[date, list[Key]] = defaultdict(list)
    for key, call in ours.items():
        by_day[day_of(call.invited_at)].append((call.customer_id or 0, instant(call.invited_at), key))
    found: set[int] = set()
    sealed: dict[date, list[Key]] = {}
    for day, keys in by_day.items():
        table = days.name_of(day) if generations[day] == 0 else "call_late"
        there = {key[2] for key in await those_there(connection, table, KEY_TYPES, keys)}
        found |= there
        if generations[day] and (rest := [key for key in keys if key[2] not in there]):
            sealed[day] = rest
    if sealed:
        found |= {key[2] for key in await in_files(connection, sealed)}
    return found


async def _keep(connection: AsyncConnection, new: Mapping[int, Call], generations: Mapping[date, int]) -> int:
    """Add new calls to their days; says how many came late."""
    if not new:
        return 0
    by_table: dict[str, list[Call]] = defaultdict(list)
    for call in new.values():
        day = day_of(call.invited_at)
        by_table[days.name_of(day) if generations[day] == 0 else "call_late"].append(call)
    for table, calls in sorted(by_table.items()):
        rows = rows_of(calls, on_sqlite=on_sqlite(connection))
        await add(connection, table, NAMES, sorted(rows, key=lambda row: row[: len(KEY)]))
    # Somebody was recognised in whom nobody was before.
    if (await connection.execute(select(call_unknown.c.key).limit(1))).first():
        forget = "DELETE FROM call_unknown WHERE key IN (SELECT key FROM {given})"
        await change(connection, forget, {"key": "bigint"}, [(key,) for key in new])
    return len(by_table["call_late"])


async def _keep_apart(connection: AsyncConnection, calls: Sequence[Call]) -> int:
    """Keep calls of unknown customers; says how many were new."""
    if not calls:
        return 0
    rows = {row[2]: row for row in rows_of(calls, on_sqlite=on_sqlite(connection))}
    there = await those_there(connection, "call_unknown", {"key": "bigint"}, [(key,) for key in rows])
    fresh = [row for key, row in sorted(rows.items()) if (key,) not in there]
    await add(connection, "call_unknown", NAMES, fresh)
    return len(fresh)


async def _count(connection: AsyncConnection, new: Sequence[Call], standing: Mapping[int, Standing]) -> None:
    """Count new calls in the hours, the days and the counters of their customers."""
    if not new:
        return
    by_hour = figures.fold_by_hour(new)
    since = await hours_since(connection)
    kept = {place: sums for place, sums in by_hour.items() if since is None or place[1] >= since}
    await add_to_hours(connection, kept)
    by_day = figures.by_day(by_hour)
    await add_to_days(connection, by_day)
    # A simulated call is none that the customer made.
    made = sorted((call for call in new if not call.simulated), key=lambda call: call.invited_at)
    last = {call.customer_id or 0: call.invited_at for call in made}
    counted = {place: sums for place, sums in by_day.items() if sums.attempts}
    await follow(connection, counted, standing, last)


async def hours_since(connection: AsyncConnection) -> datetime | None:
    """From when on hours are kept; older ones are in the days only."""
    found = await connection.execute(select(kept_at.c.moment).where(kept_at.c.name == HOURS))
    moment: datetime | None = found.scalar()
    return moment


async def add_to_hours(connection: AsyncConnection, sums: Mapping[tuple[int, datetime], Figures]) -> None:
    """Add sums to customers' hours."""
    types = {"customer_id": "int", "hour": "bigint", **SUM_TYPES}
    rows = [
        (of, instant(hour), *_values(connection, one)) for (of, hour), one in sorted(sums.items(), key=_first)
    ]
    await upsert(connection, call_hours, ("customer_id", "hour"), types, rows)


async def add_to_days(connection: AsyncConnection, sums: Mapping[tuple[int, date], Figures]) -> None:
    """Add sums to customers' days."""
    types = {"customer_id": "int", "day": "date", **SUM_TYPES}
    written = date.isoformat if on_sqlite(connection) else _as_it_is
    rows = [
        (of, written(day), *_values(connection, one)) for (of, day), one in sorted(sums.items(), key=_first)
    ]
    await upsert(connection, call_days, ("customer_id", "day"), types, rows)


def _first(item: tuple[Any, Any]) -> Any:
    return item[0]


def _as_it_is(day: date) -> Any:
    return day


def _values(connection: AsyncConnection, one: Figures) -> tuple[Any, ...]:
    values = one.values()
    if not on_sqlite(connection):
        return values
    return (*values[:-2], micros(one.charge), micros(one.cost))


# The figures of the day are those of the day's row, so they never depend on how calls were delivered.
FIGURES = """
    day = sums.day, attempts = sums.attempts, connected = sums.connected,
    answered_seconds = sums.talk_ms / 1000, total_seconds = sums.total_ms / 1000, ring_ms = sums.pdd_ms,
    day_spend = sums.charge,
    asr = 100.0 * sums.connected / nullif(sums.attempts, 0),
    acd = sums.talk_ms / 1000.0 / nullif(sums.connected, 0),
    acd_all = sums.total_ms / 1000.0 / nullif(sums.attempts, 0),
    pdd = sums.pdd_ms / 1000.0 / nullif(sums.pdd_calls, 0)
"""
PAY = """balance = balance - given.charge,
    last_call_at = CASE WHEN given.last IS NULL OR last_call_at >= given.last
        THEN last_call_at ELSE given.last END
"""
LATE = f"UPDATE counters SET {PAY} FROM {{given}} WHERE counters.customer_id = given.customer_id"  # noqa: S608
TURN = f"""UPDATE counters SET {PAY}, {FIGURES} FROM {{given}} JOIN call_days AS sums
    ON sums.customer_id = given.customer_id AND sums.day = given.turned
    WHERE counters.customer_id = given.customer_id"""  # noqa: S608  # names of ours


async def follow(
    connection: AsyncConnection,
    sums: Mapping[tuple[int, date], Figures],
    standing: Mapping[int, Standing],
    last: Mapping[int, datetime],
) -> None:
    """Counters follow what was added to days: the balance always, the figures of the day when it is theirs,
    or a later one."""
    embedded = on_sqlite(connection)
    charges: dict[int, Decimal] = defaultdict(Decimal)
    turned: dict[int, date] = {}
    for (of, day), one in sums.items():
        charges[of] += one.charge
        current = standing[of].day
        if current is None or day >= current:
            turned[of] = max(day, turned.get(of, day))
    types = {"customer_id": "int", "charge": "numeric", "last": "timestamptz", "turned": "date"}
    rows = [
        (
            of,
            micros(charge) if embedded else charge,
            _moment(last.get(of), embedded),
            turned[of].isoformat() if embedded and of in turned else turned.get(of),
        )
        for of, charge in sorted(charges.items())
    ]
    await change(connection, TURN, types, [row for row in rows if row[-1]])
    await change(connection, LATE, types, [row for row in rows if not row[-1]])
    moved = [
        of for of, charge in charges.items() if standing[of].is_moved_by(charge, *_spent(of, turned, sums))
    ]
    if moved:
        await kept_warnings.renew(connection, await clock_of(connection, moved), moved)


def _spent(
    of: int, turned: Mapping[int, date], sums: Mapping[tuple[int, date], Figures]
) -> tuple[date | None, Decimal]:
    """The day that the counters of a customer turn to, and what these calls added to it."""
    day = turned.get(of)
    return (None, Decimal(0)) if day is None else (day, sums[of, day].charge)


def _moment(moment: datetime | None, embedded: bool) -> Any:
    """A moment as counters keep it."""
    if moment is None or not embedded:
        return moment
    return moment.isoformat(" ", "microseconds")[:26]


async def forget_hours(connection: AsyncConnection, now: datetime) -> None:
    """Hours that began more than 72 hours ago are let go; what was counted in them stands in the days."""
    since = figures.hour_of(now) - HOURS_KEPT
    kind = sqlite if on_sqlite(connection) else postgresql
    note = kind.insert(kept_at).values(name=HOURS, moment=since)
    await connection.execute(note.on_conflict_do_update(index_elements=["name"], set_={"moment": since}))
    await connection.execute(delete(call_hours).where(call_hours.c.hour < since))
    await peaks.forget_hours(connection, since)
