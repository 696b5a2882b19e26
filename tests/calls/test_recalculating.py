"""A recalculation shows what it would do, does that or nothing, and can be turned back."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from cx_tui.calls.checking import Checking
from cx_tui.calls.months import Months
from cx_tui.calls.parquet import ParquetCalls
from cx_tui.calls.places import Files
from cx_tui.calls.recalculating import Recalculating, call_by_call
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls.storing import store
from cx_tui.db.calls.tables import call_days
from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call, Release
from cx_tui.domain.calls.figures import day_of
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.calls.recalculation import Operation, Recalculation
from cx_tui.errors import Refused
from cx_tui.services.calls.listing import CallList
from tests.calls.made import NOON, a_call, counted, many, priced, put, recounted, some_customers

DAY = day_of(NOON)
CALLS = [call for call in many(500, days=1) if day_of(call.invited_at) == DAY]


def dearer(call: Call) -> Call:
    """Twice the price."""
    one = priced(call)
    return one if one.charge is None else replace(one, charge=one.charge * 2)


@pytest.fixture
async def sealing(database: Database, tmp_path: Path) -> Sealing:
    """A day of calls, not sealed yet."""
    await some_customers(database)
    await put(database, CALLS, 200)
    return Sealing(database, Files(str(tmp_path / "calls")), "ana")


@pytest.fixture
def recalculating(sealing: Sealing) -> Recalculating:
    """Recalculates with other prices than those at which the calls came in."""
    return Recalculating(sealing, call_by_call(dearer))


RATE = Recalculation(day=DAY, operation=Operation.RATE)


async def is_right(sealing: Sealing) -> bool:
    return [one async for one in Checking(sealing).differences()] == []


@pytest.mark.parametrize("sealed", [False, True])
async def test_a_dry_run_changes_nothing_and_apply_does_what_it_showed(
    sealing: Sealing, recalculating: Recalculating, sealed: bool
) -> None:
    if sealed:
        await sealing.seal(DAY)
    before = await counted(sealing.database)
    plan = await recalculating.dry_run(RATE)
    assert await counted(sealing.database) == before
    assert {change.customer_id for change in plan.changes} == set(before.balances)
    for change in plan.changes:
        assert change.currency == "EUR"
        assert change.after == 2 * change.before == 2 * before.days[change.customer_id, DAY].charge
    assert await recalculating.apply(plan) == 1
    after = await counted(sealing.database)
    for change in plan.changes:
        assert after.balances[change.customer_id] == before.balances[change.customer_id] - change.more
        assert after.counters[change.customer_id][7] == change.after
    assert await is_right(sealing)
    calls = CallList(sealing.database, ParquetCalls(sealing), CallQuery())
    wanted = {call.source_key: dearer(call).charge for call in CALLS}
    assert {call.source_key: call.charge for call in await calls.rows(0, 1000)} == wanted


async def test_the_same_again_changes_nothing(sealing: Sealing, recalculating: Recalculating) -> None:
    await recalculating.apply(await recalculating.dry_run(RATE))
    assert (await recalculating.dry_run(RATE)).changes == ()


async def test_undo_turns_it_back_once(sealing: Sealing, recalculating: Recalculating) -> None:
    before = await counted(sealing.database)
    number = await recalculating.apply(await recalculating.dry_run(RATE))
    assert number is not None
    assert await Months(sealing).forget_unused() == 0
    await recalculating.undo(number)
    assert await counted(sealing.database) == before
    assert await is_right(sealing)
    with pytest.raises(Refused, match="undone already"):
        await recalculating.undo(number)


async def test_undo_keeps_calls_that_came_since(sealing: Sealing, recalculating: Recalculating) -> None:
    number = await recalculating.apply(await recalculating.dry_run(RATE))
    assert number is not None
    late = a_call("late", talk=60)
    async with sealing.database.writing() as connection:
        assert (await store(connection, [late], priced, sealing.in_files)).late == 1
    await recalculating.undo(number)
    assert await counted(sealing.database) == recounted([*CALLS, late])
    assert await is_right(sealing)


async def test_undo_is_refused_when_the_day_was_changed_again(
    sealing: Sealing, recalculating: Recalculating
) -> None:
    first = await recalculating.apply(await recalculating.dry_run(RATE))
    cheap = Recalculating(sealing, call_by_call(priced))
    await cheap.apply(await cheap.dry_run(RATE))
    assert first is not None
    with pytest.raises(Refused, match="can't be undone any more"):
        await recalculating.undo(first)


async def test_apply_is_refused_when_calls_came_since_the_dry_run(
    sealing: Sealing, recalculating: Recalculating
) -> None:
    plan = await recalculating.dry_run(RATE)
    await put(sealing.database, [a_call("more", talk=60)])
    before = await counted(sealing.database)
    with pytest.raises(Refused, match="have changed since the dry run"):
        await recalculating.apply(plan)
    assert await counted(sealing.database) == before


async def test_only_one_customer_is_touched_when_one_is_asked_for(
    sealing: Sealing, recalculating: Recalculating
) -> None:
    before = await counted(sealing.database)
    plan = await recalculating.dry_run(replace(RATE, customer_id=2))
    assert [change.customer_id for change in plan.changes] == [2]
    await recalculating.apply(plan)
    after = await counted(sealing.database)
    assert {of for of in before.balances if before.balances[of] != after.balances[of]} == {2}
    assert await is_right(sealing)


async def test_durations_from_a_minimum_on_become_the_new_one(sealing: Sealing) -> None:
    recalculating = Recalculating(sealing, call_by_call(priced))
    asked = Recalculation(
        day=DAY, operation=Operation.DURATION, minimum_ms=200_000, new_ms=30_000, releases=[Release.CALLER]
    )
    await recalculating.apply(await recalculating.dry_run(asked))
    calls = await CallList(sealing.database, ParquetCalls(sealing), CallQuery()).rows(0, 1000)
    for call in calls:
        (was,) = [one for one in CALLS if one.source_key == call.source_key]
        adjusted = was.talk_ms >= 200_000 and was.release is Release.CALLER
        assert call.talk_ms == (30_000 if adjusted else was.talk_ms)
    assert await is_right(sealing)


async def test_nothing_is_applied_when_a_call_would_lose_its_price(sealing: Sealing) -> None:
    def without(call: Call) -> Call:
        if call.dialled.startswith("44"):
            return replace(call, charge=None, cost=None, unrated="no rate for 44")
        return priced(call)

    recalculating = Recalculating(sealing, call_by_call(without))
    plan = await recalculating.dry_run(RATE)
    assert plan.unpriced == ("no rate for 44",)
    with pytest.raises(Refused, match="no rate for 44"):
        await recalculating.apply(plan)
    assert await counted(sealing.database) == recounted(CALLS)


@pytest.mark.parametrize("operation", [Operation.SUMMARIES, Operation.CREDIT])
async def test_what_was_counted_wrongly_is_counted_anew(
    sealing: Sealing, recalculating: Recalculating, operation: Operation
) -> None:
    these = (call_days.c.customer_id == 2) & (call_days.c.day == DAY)
    async with sealing.database.writing() as connection:
        await connection.execute(
            update(call_days).where(these).values(charge=call_days.c.charge + Decimal(3))
        )
    plan = await recalculating.dry_run(Recalculation(day=DAY, operation=operation))
    assert [(change.customer_id, change.more) for change in plan.changes] == [(2, Decimal(-3))]
    assert await recalculating.apply(plan) is None
    assert await is_right(sealing)
    found = await counted(sealing.database)
    assert found.balances[2] == recounted(CALLS).balances[2] + 3
