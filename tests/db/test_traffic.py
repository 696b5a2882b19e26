"""Simulated traffic in the counters: who dials, what it leaves behind."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select, update

from cx_tui.db import counters as reading
from cx_tui.db.engine import Database
from cx_tui.db.tables import counters, customer
from cx_tui.domain.currencies import decimals_of
from cx_tui.services.calls.traffic import STEP, Traffic
from cx_tui.services.seeding import seed
from cx_tui.services.session import open_session
from tests.conftest import WORLD_NOW


async def count(database: Database, *where: object) -> int:
    """How many customers are so."""
    question = select(func.count()).select_from(
        customer.join(counters, counters.c.customer_id == customer.c.id)
    )
    async with database.reading() as connection:
        return int((await connection.execute(question.where(*where))).scalar_one())  # type: ignore[arg-type]


async def test_only_those_who_may_call_dial_and_all_of_them_may(database: Database) -> None:
    await seed(database, 300, 7, now=WORLD_NOW)
    async with database.writing() as connection:
        await connection.execute(update(counters).values(live=0, cps=0, attempts=0, day=None))
    async with database.reading() as connection:
        ids = [row.id for row in await reading.callers(connection, 0, 1000)]
        allowed = await reading.who_may_call(connection, ids)
    assert 0 < len(allowed) < len(ids)
    traffic = Traffic(database, rate=300, seed=1)
    now = WORLD_NOW
    for _ in range(20):
        await traffic.step(now)
        now += timedelta(seconds=STEP)
    async with database.reading() as connection:
        # A quarter of an hour may have passed, and with it somebody's hours.
        allowed |= await reading.who_may_call(connection, ids)
    dialled = counters.c.last_call_at >= WORLD_NOW
    assert await count(database, dialled, customer.c.id.in_(allowed)) > 30
    assert await count(database, dialled, customer.c.id.not_in(allowed)) == 0
    assert await count(database, counters.c.live > customer.c.channels) == 0


async def test_charges_of_calls_have_the_decimals_of_the_currency(database: Database) -> None:
    await seed(database, 300, 7, now=WORLD_NOW)
    async with database.writing() as connection:
        await connection.execute(update(counters).values(live=0, cps=0, day=None, day_spend=Decimal(0)))
    traffic = Traffic(database, rate=200, seed=1)
    now = WORLD_NOW
    for _ in range(20):
        await traffic.step(now)
        now += timedelta(seconds=20)
    async with database.reading() as connection:
        spent = (
            await connection.execute(
                select(customer.c.currency, counters.c.day_spend)
                .join(counters, counters.c.customer_id == customer.c.id)
                .where(counters.c.day_spend > 0)
            )
        ).all()
    assert len(spent) > 20
    assert [row for row in spent if round(row.day_spend, decimals_of(row.currency)) != row.day_spend] == []


async def test_nothing_is_up_when_the_traffic_has_ended(database: Database) -> None:
    await seed(database, 300, 7, now=WORLD_NOW)
    traffic = Traffic(database, rate=300, seed=1)
    await traffic.step(WORLD_NOW)
    assert await count(database, counters.c.live > 0) > 0
    await traffic.hang_up(WORLD_NOW + timedelta(seconds=1))
    assert await count(database, counters.c.live > 0) == 0
    assert await count(database, counters.c.cps > 0) == 0


async def test_a_session_that_closes_ends_its_calls(database_url: str) -> None:
    session = await open_session(database_url)
    await seed(session.database, 100, 7)
    session.start_traffic()
    assert await count(session.database, counters.c.live > 0) > 0
    await session.close()
    again = await open_session(database_url)
    assert await count(again.database, counters.c.live > 0) == 0
    await again.close()


async def test_a_demo_without_traffic_shows_no_calls_that_nobody_would_end(database: Database) -> None:
    await seed(database, 300, 7, now=WORLD_NOW)
    assert await count(database, counters.c.live > 0) > 0
    async with database.writing() as connection:
        assert await reading.no_calls(connection) > 0
    assert await count(database, counters.c.live > 0) == 0
