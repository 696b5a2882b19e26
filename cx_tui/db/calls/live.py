"""Calls that are up, as rows, and the channels in use that follow from them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    and_,
    any_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import numbers
from cx_tui.db.calls import days
from cx_tui.db.calls.put import change, on_sqlite, those_there
from cx_tui.db.calls.standing import KEY_TYPES, lock
from cx_tui.db.calls.tables import live_call
from cx_tui.db.tables import counters
from cx_tui.db.types import instant
from cx_tui.domain.calls.events import Answered, Ringing, Snapshot, Started
from cx_tui.domain.calls.figures import day_of
from cx_tui.domain.calls.key import key_of
from cx_tui.domain.calls.live import LiveCall, after, begun, is_gone

Telling: TypeAlias = Started | Ringing | Answered
"""What is told of one call that is up."""

Deltas = Mapping[int, int]
"""How many channels more customers use."""

CHANNELS = (
    "UPDATE counters SET live = counters.live + given.more FROM {given} WHERE counters.customer_id = given.of"
)


async def hear(connection: AsyncConnection, events: Sequence[Telling]) -> Deltas:
    """What switches tell of calls that are up; says how many channels more each customer uses."""
    if not events:
        return {}
    before = await _these(connection, {key_of(event.source, event.key) for event in events})
    calls = dict(before)
    over = await _over(connection, [one for one in events if isinstance(one, Started)])
    for event in events:
        key = key_of(event.source, event.key)
        if key in calls:
            calls[key] = after(calls[key], event)
        elif isinstance(event, Started) and key not in over:
            calls[key] = begun(event)
    await _write(connection, {key: call for key, call in calls.items() if call != before.get(key)})
    deltas = _counted(calls.values())
    deltas.subtract(_counted(before.values()))
    return await _use(connection, deltas)


async def see(connection: AsyncConnection, snapshot: Snapshot) -> Deltas:
    """All calls that are up at a switch: who is missing is a ghost, who is there is none."""
    own = live_call.c
    question = select(own.key, own.customer_id, own.heard, own.ghost).where(own.source == snapshot.source)
    rows = {row.key: row for row in await connection.execute(question.order_by(own.key).with_for_update())}
    told = {key_of(one.source, one.key): one for one in snapshot.calls}
    missing = {key: one for key, one in told.items() if key not in rows}
    over = await _over(connection, list(missing.values()))
    new = {key: begun(one) for key, one in missing.items() if key not in over}
    gone = [
        row
        for key, row in rows.items()
        if key not in told and not row.ghost and is_gone(row.heard, snapshot.at)
    ]
    back = [row for key, row in rows.items() if key in told and row.ghost]
    await _mark(connection, gone, snapshot.at)
    await _mark(connection, back, None)
    await _write(connection, new)
    deltas = _counted(new.values())
    deltas.update(row.customer_id for row in back if row.customer_id is not None)
    deltas.subtract(row.customer_id for row in gone if row.customer_id is not None)
    return await _use(connection, deltas)


async def take(connection: AsyncConnection, keys: Collection[int]) -> Deltas:
    """Calls are over: they are up no more.  Says by how much channels in use change, which is still to be
    done, when the counters are locked."""
    own = live_call.c
    question = select(own.key, own.customer_id, own.ghost).where(among(connection, keys)).order_by(own.key)
    rows = (await connection.execute(question.with_for_update())).all()
    if not rows:
        return {}
    await connection.execute(delete(live_call).where(among(connection, [row.key for row in rows])))
    freed = Counter(row.customer_id for row in rows if row.ghost is None and row.customer_id is not None)
    return {of: -number for of, number in freed.items()}


async def change_counts(connection: AsyncConnection, deltas: Deltas) -> None:
    """Channels in use change by so many; the counters are locked."""
    rows = [(of, more) for of, more in sorted(deltas.items()) if more]
    await change(connection, CHANNELS, {"of": "int", "more": "int"}, rows)


async def forget(connection: AsyncConnection, key: int) -> bool:
    """A person says that a call is over; False when it is up no more."""
    there = select(live_call.c.key).where(live_call.c.key == key)
    found = (await connection.execute(there)).first() is not None
    await _use(connection, await take(connection, [key]))
    return found


async def forget_source(connection: AsyncConnection, source: str) -> None:
    """A source is no more, and with it what was up there."""
    await connection.execute(delete(live_call).where(live_call.c.source == source))


async def settle(connection: AsyncConnection) -> None:
    """Channels in use are the calls that are up, whatever a seed or a program that was killed has left."""
    own, of = live_call.c, counters.c
    up = and_(own.customer_id == of.customer_id, own.ghost.is_(None))
    number = select(func.count()).select_from(live_call).where(up).scalar_subquery()
    some = or_(of.live != 0, of.cps != 0, of.customer_id.in_(select(own.customer_id)))
    # Locked in order of number, as by everybody: so nobody waits for somebody who waits for him.
    await connection.execute(select(of.customer_id).where(some).order_by(of.customer_id).with_for_update())
    await connection.execute(update(counters).where(some).values(live=number, cps=0))


async def up(connection: AsyncConnection, customer_id: int | None = None) -> list[LiveCall]:
    """The calls that are up, of a customer or of all, the oldest first."""
    question = select(live_call).order_by(live_call.c.invited, live_call.c.key)
    if customer_id is not None:
        question = question.where(live_call.c.customer_id == customer_id)
    return [call_of(row) for row in await connection.execute(question)]


async def _use(connection: AsyncConnection, deltas: Deltas) -> Deltas:
    changed = {of: more for of, more in deltas.items() if more}
    if changed:
        await lock(connection, changed)
        await change_counts(connection, changed)
    return changed


def _counted(calls: Iterable[LiveCall]) -> Counter[int]:
    return Counter(call.customer_id for call in calls if call.ghost is None and call.customer_id is not None)


async def _these(connection: AsyncConnection, keys: Collection[int]) -> dict[int, LiveCall]:
    question = select(live_call).where(among(connection, keys)).order_by(live_call.c.key).with_for_update()
    return {row.key: call_of(row) for row in await connection.execute(question)}


def call_of(row: Any) -> LiveCall:
    """The call in a row."""
    return LiveCall(**{name: value for name, value in row._mapping.items() if name != "key"})


async def _over(connection: AsyncConnection, events: Sequence[Started]) -> set[int]:
    """Which of these calls are over already: their records came before their starts."""
    hot = set(await days.hot(connection)) if events else set()
    by_day: dict[str, list[tuple[int, int, int]]] = {}
    for one in events:
        day = day_of(one.invited_at)
        if one.customer_id is not None and day in hot:
            key = (one.customer_id, instant(one.invited_at), key_of(one.source, one.key))
            by_day.setdefault(days.name_of(day), []).append(key)
    found: set[int] = set()
    for table, keys in by_day.items():
        found |= {key[2] for key in await those_there(connection, table, KEY_TYPES, keys)}
    return found


async def _write(connection: AsyncConnection, calls: Mapping[int, LiveCall]) -> None:
    if not calls:
        return
    await connection.execute(delete(live_call).where(among(connection, list(calls))))
    await connection.execute(insert(live_call), [{"key": key, **asdict(one)} for key, one in calls.items()])


async def _mark(connection: AsyncConnection, rows: Sequence[Any], ghost: datetime | None) -> None:
    if rows:
        these = among(connection, [row.key for row in rows])
        await connection.execute(update(live_call).where(these).values(ghost=ghost))


def among(connection: AsyncConnection, keys: Collection[int]) -> ColumnElement[bool]:
    """Whether a live call is one of these."""
    if on_sqlite(connection):
        return live_call.c.key.in_(numbers(connection, list(keys)))
    return live_call.c.key == any_(literal(list(keys), ARRAY(BigInteger)))
