"""Reading and keeping free minutes.  Who gives them has the customer's counters locked, so nobody gets the
last minute twice; a constraint refuses what is more than a period has.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, true, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.calls.days import bounds
from cx_tui.db.calls.put import change, on_sqlite
from cx_tui.db.engine import ask
from cx_tui.db.free_minutes_tables import free_minutes, free_use
from cx_tui.db.tables import table_named
from cx_tui.db.types import instant, moment_of
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.key import key_of_call
from cx_tui.domain.money.free_minutes import Held, Left, Place, Taken
from cx_tui.domain.records.package import PackageType
from cx_tui.errors import Refused

Key = tuple[int, int, int]
"""Customer, instant and number of a call."""

USE = """UPDATE free_minutes SET used = used + given.seconds FROM {given}
    WHERE free_minutes.own_id = given.own AND free_minutes.period = given.period"""
NEEDS = """UPDATE free_use SET seconds = given.seconds FROM {given} WHERE free_use.customer_id = given.of
    AND free_use.start = given.start AND free_use.key = given.key AND free_use.own_id = given.own"""


def place_of(call: Call) -> Key:
    """By what a call is found."""
    return call.customer_id or 0, instant(call.invited_at), key_of_call(call)


async def held_by(connection: AsyncConnection, customers: Collection[int] | None) -> dict[int, list[Held]]:
    """The packages with free minutes of these customers, or of all."""
    own, sold = table_named("customer-package").c, table_named("package").c
    question = (
        select(
            own.customer_id, own.id, own.quantity, own.starts, own.ends, own.created_at, sold.minutes,
            sold.frequency, sold.days, sold.destinations,
        )
        .join(table_named("package"), sold.id == own.package)
        .where(own.deleted_at.is_(None), sold.type == PackageType.FREE_MINUTES)
        .order_by(own.id)
    )  # fmt: skip
    if customers is not None:
        question = question.where(among(connection, own.customer_id, sorted(customers)))
    found: dict[int, list[Held]] = defaultdict(list)
    for row in await ask(connection, question):
        found[row.customer_id].append(
            Held(
                row.id,
                row.minutes * 60 * row.quantity,
                row.starts or row.created_at.date(),
                row.ends,
                row.frequency,
                tuple(row.days),
                tuple(row.destinations),
            )
        )
    return found


async def newest_left(
    connection: AsyncConnection, customers: Collection[int] | None
) -> dict[int, tuple[Left, ...]]:
    """What is left of the newest period of each package of these customers, or of all; where no call has
    taken any yet there is none."""
    own, held, later = free_minutes.c, table_named("customer-package").c, free_minutes.alias()
    newest = select(func.max(later.c.period)).where(later.c.own_id == own.own_id).scalar_subquery()
    which = true() if customers is None else among(connection, held.customer_id, sorted(customers))
    question = (
        select(held.customer_id, own.own_id, own.period, own.granted - own.used)
        .join(free_minutes, own.own_id == held.id)
        .where(which, own.period == newest)
        .order_by(own.own_id)
    )
    found: dict[int, tuple[Left, ...]] = defaultdict(tuple)
    for of, own_id, period, seconds in [tuple(row) for row in await ask(connection, question)]:
        found[of] += (Left(own_id, period, seconds),)
    return found


async def left_of(connection: AsyncConnection, granted: Mapping[Place, int]) -> dict[Place, int]:
    """How many seconds are left of periods that have so many unless they began with another number."""
    own = free_minutes.c
    question = select(own.own_id, own.period, own.granted - own.used)
    rows = await connection.execute(question.where(tuple_(own.own_id, own.period).in_(list(granted))))
    return {**granted, **{Place(row[0], row[1]): row[2] for row in rows}}


async def keep(
    connection: AsyncConnection, given: Mapping[Key, Sequence[Taken]], granted: Mapping[Place, int]
) -> None:
    """Note which calls were given which seconds."""
    used: dict[Place, int] = defaultdict(int)
    rows = []
    for (of, start, key), parts in given.items():
        for place, seconds in parts:
            used[place] += seconds
            values = {"own_id": place.own_id, "period": place.period, "taken": seconds, "seconds": seconds}
            rows.append({"customer_id": of, "start": moment_of(start), "key": key, **values})
    if not rows:
        return
    kind = sqlite if on_sqlite(connection) else postgresql
    begun = kind.insert(free_minutes).on_conflict_do_nothing()
    await connection.execute(begun, [_begun(place, granted[place]) for place in sorted(used)])
    await _use(connection, used)
    await connection.execute(insert(free_use), rows)


def _begun(place: Place, granted: int) -> dict[str, Any]:
    return {"own_id": place.own_id, "period": place.period, "granted": granted, "used": 0}


async def _use(connection: AsyncConnection, used: Mapping[Place, int]) -> None:
    written: Callable[[date], Any] = date.isoformat if on_sqlite(connection) else _as_it_is
    rows = [(place.own_id, written(place.period), seconds) for place, seconds in sorted(used.items())]
    await change(connection, USE, {"own": "int", "period": "date", "seconds": "bigint"}, rows)


def _as_it_is(day: date) -> Any:
    return day


async def given_to(connection: AsyncConnection, call: Call) -> list[tuple[str, int]]:
    """The packages that pay seconds of a call, and how many."""
    own, held, sold = free_use.c, table_named("customer-package"), table_named("package")
    of, start, key = place_of(call)
    question = (
        select(sold.c.name, own.seconds)
        .join(held, held.c.id == own.own_id)
        .join(sold, sold.c.id == held.c.package)
        .where(
            own.customer_id == of, own.start == moment_of(start), own.key == key, own.seconds > 0,
        )
        .order_by(own.own_id)
    )  # fmt: skip
    return [(row[0], row[1]) for row in await connection.execute(question)]


async def taken_on(connection: AsyncConnection, day: date) -> dict[Key, int]:
    """The seconds that calls of a day were given when they came."""
    found: dict[Key, int] = defaultdict(int)
    for row in await _uses(connection, day):
        found[row.customer_id, instant(row.start), row.key] += row.taken
    return dict(found)


async def _uses(connection: AsyncConnection, day: date) -> Sequence[Any]:
    own = free_use.c
    first, after = (moment_of(one) for one in bounds(day))
    question = select(free_use).where(own.start >= first, own.start < after).order_by(own.own_id)
    return (await connection.execute(question)).all()


async def settle(
    connection: AsyncConnection, day: date, billed: Callable[[Sequence[Key]], Mapping[Key, int]]
) -> None:
    """Calls of a day were counted anew: those that are shorter now give minutes back, those that are longer
    again take what they had."""
    uses = await _uses(connection, day)
    if not uses:
        return
    left = dict(billed([_key(row) for row in uses]))
    moved: dict[Place, int] = defaultdict(int)
    rows = []
    for row in uses:
        key = _key(row)
        seconds = min(row.taken, left.get(key, 0))
        left[key] = left.get(key, 0) - seconds
        if seconds != row.seconds:
            moved[Place(row.own_id, row.period)] += seconds - row.seconds
            rows.append((*key, row.own_id, seconds))
    await _refuse_too_much(connection, day, moved)
    types = {"of": "int", "start": "bigint", "key": "bigint", "own": "int", "seconds": "bigint"}
    await change(connection, NEEDS, types, rows)
    await _use(connection, moved)


def _key(row: Any) -> Key:
    return row.customer_id, instant(row.start), row.key


async def _refuse_too_much(connection: AsyncConnection, day: date, moved: Mapping[Place, int]) -> None:
    more = {place: seconds for place, seconds in moved.items() if seconds > 0}
    if not more:
        return
    left = await left_of(connection, dict.fromkeys(more, 0))
    if any(seconds > left[place] for place, seconds in more.items()):
        raise Refused(
            f"calls of {day} would need free minutes again that other calls have used since; "
            "nothing was changed"
        )


async def differences(connection: AsyncConnection) -> list[str]:
    """Periods whose used seconds are not those of their calls."""
    own, use = free_minutes.c, free_use.c
    counted = (
        select(use.own_id, use.period, func.sum(use.seconds).label("seconds"))
        .group_by(use.own_id, use.period)
        .subquery()
    )
    both = free_minutes.outerjoin(
        counted, (counted.c.own_id == own.own_id) & (counted.c.period == own.period)
    )
    real = func.coalesce(counted.c.seconds, 0)
    question = select(own.own_id, own.period, own.used, real.label("seconds")).select_from(both)
    rows = await connection.execute(question.where(own.used != real))
    return [
        f"the customer's package #{row.own_id} has used {row.used:,} free seconds of the period from "
        f"{row.period}, but {row.seconds:,} when its calls are counted"
        for row in rows
    ]
