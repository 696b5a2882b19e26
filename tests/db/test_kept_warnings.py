"""What is kept of how customers stand: always what the rules say, and written only where it differs."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import counters as counting
from cx_tui.db import kept_warnings
from cx_tui.db.customer_expressions import Clock, known, read_clock
from cx_tui.db.engine import Database, connect
from cx_tui.db.tables import counters, customer, found_by, kept_at
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.query import Query, Sort, StatusFilter
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import fold
from cx_tui.domain.week import WeekKind
from cx_tui.services.lists.customers import Customers
from cx_tui.services.lists.listing import Listing
from cx_tui.services.lists.source import CustomerSource
from tests.patience import patient

NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
CLOCK = Clock(NOW, ("UTC",))
BLOCKED = 0.2
"""Seconds after which something that should have happened by now is known to be waiting."""

WRITTEN = {
    "sqlite": "SELECT total_changes()",
    "postgresql": "SELECT coalesce(sum(n_tup_upd), 0) FROM pg_stat_xact_user_tables",
}

Stands = dict[int, tuple[int, bool]]


async def add(database: Database, *ones: dict[str, Any]) -> None:
    """Customers numbered from 1, who can call; what each has besides goes to its record or its counters."""
    empty = {name: one.empty() for name, one in fields_of(Customer).items()}
    none = {name: one.empty() for name, one in fields_of(Counters).items()}
    none |= {"balance": Decimal(10), "authentications": 1, "routes": 1}
    rows, own = [], []
    for number, more in enumerate(ones, 1):
        times = {"created_at": NOW, "changed_at": NOW, "time_zone": "UTC", "currency": "EUR"}
        record = empty | times | {"id": number, "name": f"Customer {number}"}
        record |= {name: value for name, value in more.items() if name in empty}
        made = Customer(**record)
        derived = {"name_key": fold(made.name), "toml_broken": False}
        rows.append(record | derived)
        own.append(
            none | {name: value for name, value in more.items() if name in none} | {"customer_id": number}
        )
    async with database.writing() as connection:
        await connection.execute(customer.insert(), rows)
        await connection.execute(counters.insert(), own)
        found = [{"customer_id": row["id"], "document": row["name_key"]} for row in rows]
        await connection.execute(found_by.insert(), found)


async def kept(database: Database) -> Stands:
    """The kept numbers."""
    async with database.reading() as connection:
        return await read(connection, counters.c.warnings, customer.c.pending)


async def computed(database: Database, clock: Clock) -> Stands:
    """The same, computed."""
    async with database.reading() as connection:
        return await read(connection, known(clock).warnings, known(clock).pending)


async def read(connection: AsyncConnection, warnings: Any, pending: Any) -> Stands:
    asked = select(customer.c.id, warnings.label("warnings"), pending.label("pending"))
    found = await connection.execute(asked.join(counters, counters.c.customer_id == customer.c.id))
    return {row.id: (row.warnings, bool(row.pending)) for row in found}


async def renewed(database: Database, clock: Clock = CLOCK, of: Any = None) -> int:
    """Renew, and say how many rows were written."""
    count = text(WRITTEN["sqlite" if database.on_sqlite else "postgresql"])
    async with database.writing() as connection:
        before = (await connection.execute(count)).scalar_one()
        await kept_warnings.renew(connection, clock, of)
        return int((await connection.execute(count)).scalar_one() - before)


async def swept(database: Database, clock: Clock = CLOCK) -> bool:
    async with database.writing() as connection:
        return await kept_warnings.sweep(connection, clock)


async def change(database: Database, one: int, table: Any = counters, **values: Any) -> None:
    """Change a row without renewing what follows from it."""
    key = table.primary_key.columns[0]
    async with database.writing() as connection:
        await connection.execute(update(table).where(key == one).values(values))


UNPROVED: dict[str, Any] = {"verify_email": True}
POOR: dict[str, Any] = {"balance": Decimal(0)}
AT_NOON: dict[str, Any] = {"allowed_times": WeekKind().parse("Mon-Sun 11:45-12:00")}
CAPPED: dict[str, Any] = {"daily_limit": Decimal(5), "day_spend": Decimal(6), "day": NOW.date()}
SIGNING: dict[str, Any] = {"contract_due": NOW.date()}
NOBODY: dict[str, Any] = {}


async def test_what_is_kept_is_what_the_rules_say(database: Database) -> None:
    await add(database, NOBODY, UNPROVED, POOR, UNPROVED | POOR, AT_NOON, CAPPED, SIGNING)
    await renewed(database)
    expected = {1: (0, False), 2: (1, True), 3: (1, False), 4: (2, True), 5: (1, False), 6: (1, False)}
    assert await kept(database) == expected | {7: (0, False)} == await computed(database, CLOCK)


async def test_the_seeded_world_is_kept_as_the_rules_say(world: Database, world_now: datetime) -> None:
    async with world.reading() as connection:
        clock = replace(await read_clock(connection), now=world_now)
    found = await computed(world, clock)
    assert any(pending for _, pending in found.values())
    assert {warnings for warnings, _ in found.values()} >= {0, 1, 2}
    if clock.has_warnings:
        assert await kept(world) == found


async def test_only_what_differs_is_written(database: Database) -> None:
    await add(database, NOBODY, UNPROVED, POOR)
    assert await renewed(database) == 3  # the second customer, and the counters of two
    assert await renewed(database) == 0
    await change(database, 1, balance=Decimal(-1))
    assert await renewed(database) == 1


@pytest.mark.parametrize("of", [[2], customer.c.id == 2, customer.c.id.between(2, 2)], ids=str)
async def test_only_those_are_renewed_who_are_named(database: Database, of: Any) -> None:
    await add(database, POOR, POOR, POOR)
    assert await renewed(database, of=of) == 1
    assert await kept(database) == {1: (0, False), 2: (1, False), 3: (0, False)}


async def test_renewing_nobody_is_no_work(database: Database) -> None:
    await add(database, POOR)
    assert await renewed(database, of=[]) == 0


async def test_calls_renew_what_follows_from_them(database: Database) -> None:
    await add(database, NOBODY, NOBODY)
    one = Counters(customer_id=1, balance=Decimal(1), authentications=1, routes=1)
    one.start_call(NOW)
    one.end_call(NOW, answered=True, seconds=60, ring_ms=1, charge=Decimal(2))
    async with database.writing() as connection:
        await counting.keep(connection, [one])
    assert await kept(database) == {1: (1, False), 2: (0, False)}
    async with database.writing() as connection:
        assert (await counting.counters_of(connection, [1]))[1] == one


async def test_a_sweep_follows_the_clock(database: Database) -> None:
    await add(database, NOBODY, AT_NOON, CAPPED, SIGNING)
    assert await swept(database)
    assert await kept(database) == {1: (0, False), 2: (1, False), 3: (1, False), 4: (0, False)}
    for later in (QUARTER, 2 * QUARTER, timedelta(hours=13), timedelta(days=3)):
        clock = replace(CLOCK, now=NOW + later)
        assert await swept(database, clock)
        assert await kept(database) == await computed(database, clock)
    assert await kept(database) == {1: (0, False), 2: (1, False), 3: (0, False), 4: (1, True)}


async def test_a_sweep_looks_only_at_those_whom_the_clock_can_change(database: Database) -> None:
    await add(database, POOR, POOR | AT_NOON)
    assert await swept(database)
    for one in (1, 2):
        await change(database, one, warnings=7)
    assert await swept(database, replace(CLOCK, now=NOW + QUARTER))
    assert await kept(database) == {1: (7, False), 2: (1, False)}


async def test_there_is_one_sweep_in_a_quarter_of_an_hour(database: Database) -> None:
    await add(database, POOR)
    assert await swept(database)
    assert not await swept(database, replace(CLOCK, now=NOW + timedelta(minutes=4)))
    assert not await swept(database, replace(CLOCK, now=NOW - QUARTER))
    assert await swept(database, replace(CLOCK, now=NOW + timedelta(minutes=5)))


async def test_two_programs_do_not_sweep_at_the_same_time(database: Database, kind: str) -> None:
    await add(database, POOR)
    async with database.writing() as connection:
        assert await kept_warnings.sweep(connection, CLOCK)
        second = asyncio.create_task(swept(database))
        # A server says at once that another is at it; SQLite has only one writer anyway.
        await asyncio.wait({second}, timeout=BLOCKED)
        assert second.done() is (kind == "postgresql")
    assert not await asyncio.wait_for(second, patient(15))


async def test_a_sweep_that_nobody_waits_for_leaves_all_or_nothing_and_no_lock(database: Database) -> None:
    await add(database, *[POOR] * 2000)
    sweep = asyncio.create_task(swept(database))
    await asyncio.wait({sweep}, timeout=0.02)
    sweep.cancel()
    _, waiting = await asyncio.wait({sweep}, timeout=patient(15))
    assert not waiting
    done = await moment_of(database) is not None
    assert set((await kept(database)).values()) == {(int(done), False)}
    assert await asyncio.wait_for(swept(database), patient(15)) is not done


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_who_renews_a_customer_sees_what_another_writes_of_it(database: Database, kind: str) -> None:
    """A call takes the credit while the limit is changed: each alone would leave some."""
    await add(database, {"balance": Decimal(3), "debit_limit": Decimal(3)})

    async def lower_the_limit() -> None:
        async with database.writing() as connection:
            await connection.execute(update(customer).values(debit_limit=Decimal(0)))
            await kept_warnings.renew(connection, CLOCK, [1])

    async with database.writing() as connection:
        known_before = (await counting.counters_of(connection, [1]))[1]
        save = asyncio.create_task(lower_the_limit())
        await asyncio.wait({save}, timeout=BLOCKED)
        known_before.balance = Decimal(0)
        await counting.keep(connection, [known_before])
    await asyncio.wait_for(save, patient(15))
    assert await kept(database) == {1: (1, False)} == await computed(database, CLOCK)


async def order(database: Database, query: Query, clock: Clock) -> list[int]:
    some = Listing(database, CustomerSource(query, clock, on_sqlite=database.on_sqlite))
    return await some.ids(0, await some.exact_count())


BY_WARNINGS = Query(sort=(Sort("warnings", True),))
ONLY_PENDING = Query(status=StatusFilter.PENDING)


async def test_lists_use_what_is_kept_only_while_it_holds(database: Database) -> None:
    await add(database, NOBODY, UNPROVED, AT_NOON, CAPPED | POOR)
    assert await swept(database)
    await change(database, 1, warnings=9)
    await change(database, 1, customer, pending=True)

    async def at(moment: datetime) -> tuple[int, list[int]]:
        async with database.reading() as connection:
            clock = replace(await read_clock(connection), now=moment)
        first = (await order(database, BY_WARNINGS, clock))[0]
        return first, await order(database, ONLY_PENDING, clock)

    assert await at(NOW) == (1, [1, 2])
    assert await at(NOW + QUARTER) == (4, [1, 2])
    assert await at(NOW + timedelta(days=1)) == (4, [2])
    assert await at(NOW - timedelta(days=1)) == (4, [2])


async def test_before_the_first_sweep_everything_is_computed(database: Database) -> None:
    await add(database, NOBODY, UNPROVED)
    async with database.reading() as connection:
        clock = await read_clock(connection)
    assert clock.kept_at is None
    assert await order(database, BY_WARNINGS, clock) == [2, 1]
    assert await order(database, ONLY_PENDING, clock) == [2]


async def moment_of(database: Database) -> datetime | None:
    async with database.reading() as connection:
        found: datetime | None = (await connection.execute(select(kept_at.c.moment))).scalar_one()
        return found


async def test_the_service_sweeps_once_and_lists_follow(database: Database) -> None:
    await add(database, NOBODY, UNPROVED)
    customers = Customers(database)
    await customers.sweep()
    first = await moment_of(database)
    assert first is not None
    assert await kept(database) == {1: (0, False), 2: (1, True)}
    await change(database, 1, customer, pending=True)
    assert (await customers.status_counts())[StatusFilter.PENDING] == 2
    await customers.sweep()
    assert await kept(database) == {1: (0, True), 2: (1, True)}


async def test_a_program_that_may_only_read_leaves_the_sweep_to_others(
    database_url: str, database: Database
) -> None:
    await add(database, UNPROVED)
    closed = connect(database_url, read_only=True)
    try:
        for unaware in (False, True):
            closed.read_only = not unaware
            customers = Customers(closed)
            await customers.sweep()
            await customers.sweep()
            assert (await customers.status_counts())[StatusFilter.PENDING] == 1
    finally:
        await closed.close()
    assert await moment_of(database) is None


async def test_it_is_known_when_a_list_is_of_the_past(database: Database) -> None:
    assert Listing(database, CustomerSource(Query(), CLOCK, on_sqlite=database.on_sqlite)).is_of_the_past
    assert not (await Customers(database).list(Query())).is_of_the_past


@pytest.mark.parametrize(
    ("minute", "quarter"), [(0, 0), (14, 0), (15, 15), (59, 45)], ids=lambda minute: str(minute)
)
def test_what_is_kept_holds_for_a_quarter_of_an_hour(minute: int, quarter: int) -> None:
    clock = Clock(NOW.replace(minute=minute, second=59), (), NOW.replace(minute=quarter))
    assert clock.has_warnings
    assert clock.has_pending
    assert not replace(clock, now=clock.now + QUARTER).has_warnings
    assert replace(clock, now=clock.now + QUARTER).has_pending
    assert not replace(clock, now=clock.now + timedelta(days=1)).has_pending
