"""Simulated traffic through the store: who dials, and that all that is counted is what the calls say."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from cx_tui.db import counters as reading
from cx_tui.db.calls.tables import call_days, call_stored, live_call
from cx_tui.db.engine import Database
from cx_tui.db.tables import counters, customer
from cx_tui.domain.calls.call import Release
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.currencies import decimals_of
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.traffic import STEP, Traffic, no_traffic
from cx_tui.services.seeding import seed
from cx_tui.services.session import open_session
from tests.conftest import WORLD_NOW
from tests.patience import patient

A_MINUTE = timedelta(minutes=1)


async def count(database: Database, *where: object) -> int:
    """How many customers are so."""
    question = select(func.count()).select_from(
        customer.join(counters, counters.c.customer_id == customer.c.id)
    )
    async with database.reading() as connection:
        return int((await connection.execute(question.where(*where))).scalar_one())  # type: ignore[arg-type]


async def quiet(database: Database, customers: int = 300) -> None:
    """Customers who have never called."""
    await seed(database, customers, 7, now=WORLD_NOW)
    nothing = dict.fromkeys(("day", "asr", "acd", "acd_all", "pdd", "last_call_at"), None)
    numbers = ("live", "cps", "attempts", "connected", "answered_seconds", "total_seconds", "ring_ms")
    async with database.writing() as connection:
        await connection.execute(update(counters).values(**nothing, **dict.fromkeys(numbers, 0), day_spend=0))


async def lived(traffic: Traffic, steps: int = 20, seconds: float = STEP) -> datetime:
    """Some steps; says when the last one was."""
    now = WORLD_NOW
    for _ in range(steps):
        await traffic.step(now)
        now += timedelta(seconds=seconds)
    return now


async def test_only_those_who_may_call_dial_and_all_of_them_may(database: Database) -> None:
    await quiet(database)
    async with database.reading() as connection:
        ids = [row.id for row in await reading.callers(connection, 0, 1000)]
        allowed = await reading.who_may_call(connection, ids)
    assert 0 < len(allowed) < len(ids)
    await lived(Traffic(database, rate=300, seed=1))
    async with database.reading() as connection:
        # A quarter of an hour may have passed, and with it somebody's hours.
        allowed |= await reading.who_may_call(connection, ids)
    dialled = select(live_call.c.customer_id)
    assert await count(database, customer.c.id.in_(dialled), customer.c.id.in_(allowed)) > 30
    assert await count(database, customer.c.id.in_(dialled), customer.c.id.not_in(allowed)) == 0
    assert await count(database, counters.c.live > customer.c.channels) == 0


async def test_what_is_counted_is_what_the_calls_say(database: Database, tmp_path: Path) -> None:
    await quiet(database)
    traffic, calls = Traffic(database, rate=100, seed=1), Calls(database, str(tmp_path))
    now = await lived(traffic, 12, seconds=10)
    assert await calls.live()
    assert [str(one) async for one in calls.differences()] == []
    await traffic.hang_up(now)
    assert [str(one) async for one in calls.differences()] == []
    found = await calls.list(CallQuery()).rows(0, 10_000)
    assert len({one.source_key for one in found}) == len(found) > 100
    async with database.reading() as connection:
        attempts = (await connection.execute(select(func.sum(call_days.c.attempts)))).scalar()
    assert attempts == len(found)
    spent = [one for one in found if one.charge]
    assert len(spent) > 5
    assert [
        one for one in spent if one.charge and round(one.charge, decimals_of(one.currency)) != one.charge
    ] == []


async def test_what_is_up_at_the_start_does_not_melt_away(database: Database) -> None:
    await seed(database, 600, 7, now=WORLD_NOW)
    traffic = Traffic(database, rate=4, seed=1)
    await traffic.begin(WORLD_NOW)
    begun = await channels(database)
    assert begun > 20
    now = WORLD_NOW
    for _ in range(30):
        for _ in range(8):
            await traffic.step(now)
            now += timedelta(seconds=STEP)
        assert await channels(database) > begun * 0.6


async def channels(database: Database) -> int:
    """How many calls are up, as the list of customers says."""
    async with database.reading() as connection:
        return int((await connection.execute(select(func.sum(counters.c.live)))).scalar_one())


async def test_nothing_is_up_when_the_traffic_has_ended(database: Database, tmp_path: Path) -> None:
    await seed(database, 300, 7, now=WORLD_NOW)
    before = await count(database, counters.c.live > 0)
    traffic, calls = Traffic(database, rate=300, seed=1), Calls(database, str(tmp_path))
    await traffic.step(WORLD_NOW)
    assert await count(database, counters.c.live > 0) >= before > 0
    up = {one.source_key for one in await calls.live()}
    await traffic.hang_up(WORLD_NOW + timedelta(seconds=1))
    assert await count(database, counters.c.live > 0) == 0
    assert await count(database, counters.c.cps > 0) == 0
    assert await calls.live() == []
    cut = await calls.list(CallQuery()).rows(0, 10_000)
    assert up <= {one.source_key for one in cut}
    assert Release.SWITCH in {one.release for one in cut}


async def test_a_call_that_an_operator_ends_has_a_record_that_says_so(
    database: Database, tmp_path: Path
) -> None:
    await quiet(database)
    traffic = Traffic(database, rate=300, seed=1)
    calls = Calls(database, str(tmp_path), ends={"simulator": traffic.end})
    now = await lived(traffic)
    (first, *_) = await calls.live()
    assert await calls.end(first.source_key) is Ending.ENDED
    await traffic.step(max(now, datetime.now(UTC)))
    assert first.source_key not in {one.source_key for one in await calls.live()}
    (record,) = [
        one
        for one in await calls.list(CallQuery(first.customer_id)).rows(0, 10_000)
        if one.source_key == first.source_key
    ]
    assert record.release is Release.OPERATOR


async def test_a_session_that_closes_ends_its_calls(database_url: str) -> None:
    session = await open_session(database_url)
    await seed(session.database, 100, 7)
    session.start_traffic()
    async with asyncio.timeout(patient(30)):
        while not await session.calls.live():
            pass
    await session.close()
    again = await open_session(database_url)
    assert await count(again.database, counters.c.live > 0) == 0
    assert await again.calls.live() == []
    await again.close()


async def test_a_demo_without_traffic_shows_no_calls_that_nobody_would_end(database: Database) -> None:
    await seed(database, 300, 7, now=WORLD_NOW)
    assert await count(database, counters.c.live > 0) > 0
    await no_traffic(database)
    assert await count(database, counters.c.live > 0) == 0
    async with database.reading() as connection:
        assert (await connection.execute(select(call_stored))).all() == []
