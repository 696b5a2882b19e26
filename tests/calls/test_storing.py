"""Each call is kept and counted once, however it is delivered, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cx_tui.db import schema
from cx_tui.db.calls import days
from cx_tui.db.calls.columns import call_of
from cx_tui.db.calls.standing import Standing
from cx_tui.db.calls.storing import store
from cx_tui.db.calls.tables import call_days, call_hours, call_unknown
from cx_tui.db.engine import Database
from cx_tui.db.tables import counters, metadata
from cx_tui.domain.calls.call import Try
from cx_tui.domain.calls.figures import day_of
from tests.calls.made import NOON, a_call, counted, many, priced, put, recounted, some_customers


@pytest.fixture
async def customers(database: Database) -> Database:
    """A database with 6 customers."""
    await some_customers(database)
    return database


async def rows_in(database: Database, table: object) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar() or 0)  # type: ignore[arg-type]


async def test_calls_are_counted_in_hours_days_and_counters(customers: Database) -> None:
    calls = many(400)
    await put(customers, calls)
    assert await counted(customers) == recounted(calls)


async def test_what_is_delivered_twice_is_counted_once(customers: Database) -> None:
    calls = many(300)
    await put(customers, calls)
    again = await put(customers, calls, size=77)
    assert sum(len(batch.new) for batch in again) == 0
    assert sum(batch.known for batch in again) == len(calls)
    assert await counted(customers) == recounted(calls)


async def test_the_order_and_the_size_of_batches_change_nothing(customers: Database) -> None:
    calls = many(300, days=3)
    shuffled = calls + calls[::3]
    Random(3).shuffle(shuffled)
    await put(customers, shuffled, size=41)
    assert await counted(customers) == recounted(calls)


async def test_the_same_call_twice_in_a_batch_is_one(customers: Database) -> None:
    (done,) = await put(customers, [a_call("1", talk=60), a_call("1", talk=60)])
    assert len(done.new) == 1
    assert await counted(customers) == recounted([a_call("1", talk=60)])


async def test_a_late_call_belongs_to_the_hour_in_which_it_began_and_leaves_the_day_of_the_counters(
    customers: Database,
) -> None:
    late = a_call("late", at=NOON - timedelta(days=3), talk=60)
    await put(customers, [a_call("now", talk=30)])
    await put(customers, [late])
    found = await counted(customers)
    assert found == recounted([a_call("now", talk=30), late])
    assert found.counters[1][0] == day_of(NOON)
    assert found.balances[1] == Decimal("100") - Decimal("0.025") - Decimal("0.05")


async def test_calls_of_nobody_are_kept_apart_and_go_when_somebody_is_recognised(customers: Database) -> None:
    (done,) = await put(customers, [a_call("a", customer=None), a_call("b", customer=4711), a_call("c")])
    assert (done.unknown, len(done.new)) == (2, 1)
    (again,) = await put(customers, [a_call("a", customer=None)])
    assert (again.unknown, again.known) == (0, 1)
    assert await rows_in(customers, call_unknown) == 2
    await put(customers, [a_call("a", customer=3)])
    assert await rows_in(customers, call_unknown) == 1
    assert {of for of, _ in (await counted(customers)).days} == {1, 3}


async def test_a_simulated_call_is_kept_but_counts_as_none(customers: Database) -> None:
    await put(customers, [a_call("1", talk=60, simulated=True)])
    (figures,) = (await counted(customers)).days.values()
    assert (figures.calls, figures.attempts, figures.charge) == (1, 0, Decimal(0))


async def test_a_call_without_a_price_is_counted_as_unrated(customers: Database) -> None:
    await put(customers, [a_call("1", talk=60, dialled="9991")])
    (figures,) = (await counted(customers)).days.values()
    assert (figures.unrated, figures.charge, figures.connected) == (1, Decimal(0), 1)


async def test_a_call_comes_back_as_it_was(customers: Database) -> None:
    call = a_call(
        "ü\0x", talk=1.234, paid="+49 30", cli="0049", number="\udcff44", q850=16, did_id=3, route_id=4,
        tries=(Try(carrier="alpha", began_ms=3, sip_code=503, rate=Decimal("0.0123")), Try(carrier="beta")),
    )  # fmt: skip
    await put(customers, [call])
    async with customers.reading() as connection:
        (row,) = await connection.execute(select(days.table_of(day_of(NOON))))
    assert call_of(dict(row._mapping)) == priced(replace(call, source_key="üx", number="?44"))


async def test_a_customer_whose_credit_is_used_up_is_warned_of(customers: Database) -> None:
    async with customers.writing() as connection:
        await connection.execute(
            counters.update().values(balance=Decimal("0.04"), authentications=1, routes=1, warnings=0)
        )
    await put(customers, [a_call("1", customer=1, talk=60), a_call("2", customer=2, talk=12)])
    async with customers.reading() as connection:
        question = select(counters.c.customer_id, counters.c.balance, counters.c.warnings)
        found = {row[0]: row[1:] for row in await connection.execute(question)}
    assert found[1] == (Decimal("-0.01"), 1)
    assert found[2] == (Decimal("0.03"), 0)


async def test_a_batch_that_fails_leaves_nothing(customers: Database) -> None:
    def broken(call: object) -> object:
        raise RuntimeError("rating broke")

    with pytest.raises(RuntimeError):
        async with customers.writing() as connection:
            await store(connection, many(10), broken)  # type: ignore[arg-type]
    assert (await counted(customers)).days == {}
    async with customers.reading() as connection:
        assert await days.stored(connection) == {}
    await put(customers, many(10))
    assert await counted(customers) == recounted(many(10))


async def test_tables_of_days_come_and_go_without_a_word_of_the_check(customers: Database) -> None:
    await put(customers, many(50))
    assert await schema.check(customers) is None
    async with customers.writing() as connection:
        (first, *_) = await days.hot(connection)
        await days.drop(connection, first)
    assert await schema.check(customers) is None
    assert not any(name.startswith("calls") for name in metadata.tables)


async def test_hours_that_are_kept_no_more_are_not_begun_anew(customers: Database) -> None:
    from cx_tui.db.calls.storing import forget_hours

    old = a_call("old", at=NOON - timedelta(hours=100), talk=60)
    await put(customers, [old, a_call("new")])
    async with customers.writing() as connection:
        await forget_hours(connection, NOON)
    assert await rows_in(customers, call_hours) == 1
    await put(customers, [replace(old, source_key="late")])
    assert await rows_in(customers, call_hours) == 1
    assert await rows_in(customers, call_days) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=60), st.integers(1, 20))
async def test_any_history_of_deliveries_is_counted_as_a_recount_says(
    customers: Database, deliveries: list[tuple[int, int]], size: int
) -> None:
    pool = many(31, customers=4, days=4, seed=hash((tuple(deliveries), size)) % 10_000)
    before = await counted(customers)
    await put(customers, [pool[place] for place, _ in deliveries], size)
    told = recounted([pool[place] for place, _ in deliveries])
    after = await counted(customers)
    for place, figures in told.days.items():
        earlier = before.days.get(place)
        assert (after.days[place].less(earlier) if earlier else after.days[place]) == figures
    assert sum(one.charge for one in after.days.values()) == sum(
        Decimal(100) - balance for balance in after.balances.values()
    )


@pytest.mark.parametrize(
    ("spent_before", "day", "spent", "is_moved"),
    [
        # On a new day nobody has to look again, unless the limit was reached or is now.
        ("1", NOON + timedelta(days=1), "4", False),
        ("5", NOON + timedelta(days=1), "4", True),
        ("1", NOON + timedelta(days=1), "5", True),
        ("1", NOON, "3", False),
        ("1", NOON, "4", True),
    ],
)
def test_a_daily_limit_is_looked_at_when_a_day_can_have_reached_it(
    spent_before: str, day: datetime, spent: str, is_moved: bool
) -> None:
    stands = Standing(day_of(NOON), Decimal(spent_before), Decimal(100), Decimal(0), Decimal(5))
    assert stands.is_moved_by(Decimal(spent), day_of(day), Decimal(spent)) is is_moved
