"""Calls that other programs count wrongly: very short ones, those over midnight, those with many tries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from cx_tui.calls.recalculating import Recalculating, call_by_call
from cx_tui.db.engine import Database
from cx_tui.db.tables import counters
from cx_tui.domain.calls.call import Call, Try
from cx_tui.domain.calls.figures import day_of, hour_of
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.calls.recalculation import Operation, Recalculation
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.summaries import Period
from cx_tui.services.calls.written import write_calls
from tests.calls.made import NOON, a_call, counted, priced, put, some_customers

A_DAY = timedelta(days=1)
MIDNIGHT = NOON.replace(hour=0)


def dearer(call: Call) -> Call:
    """Three times the price."""
    one = priced(call)
    return replace(one, charge=one.charge * 3) if one.charge else one


@pytest.fixture
async def calls(database: Database, tmp_path: Path) -> Calls:
    """The calls of two customers."""
    await some_customers(database, 2)
    return Calls(database, str(tmp_path / "sealed"), rate=priced)


async def test_half_a_second_is_an_answered_call(calls: Calls, database: Database) -> None:
    await put(database, [a_call("short", talk=0.5, dialled="44"), a_call("none")])
    (found,) = await calls.summaries.by(Period.DAY, 1)
    assert (found.sums.connected, found.sums.asr, found.sums.acd) == (1, 50.0, 0.5)


async def test_three_carriers_that_were_tried_are_one_attempt(calls: Calls, database: Database) -> None:
    tries = tuple(Try(carrier=name, sip_code=503) for name in ("alpha", "beta", "gamma"))
    await put(database, [a_call("tried", tries=tries, carrier="gamma")])
    (found,) = await calls.summaries.by(Period.HOUR, 1, first=NOON)
    assert found.sums.attempts == found.sums.calls == 1
    (row,) = await calls.list(CallQuery(1)).rows(0, 9)
    assert [one.carrier for one in row.tries] == ["alpha", "beta", "gamma"]


async def test_a_call_over_midnight_is_of_the_day_in_which_it_began(calls: Calls, database: Database) -> None:
    await put(database, [a_call("over", at=MIDNIGHT - timedelta(minutes=1), talk=300, dialled="44")])
    found = await calls.summaries.by(Period.DAY, 1)
    assert [one.begins for one in found] == [MIDNIGHT - A_DAY]
    both = [CallQuery(1, MIDNIGHT - A_DAY, MIDNIGHT), CallQuery(1, MIDNIGHT, MIDNIGHT + A_DAY)]
    assert [await calls.list(one).exact_count() for one in both] == [1, 0]


async def test_the_same_key_at_two_switches_is_two_calls(calls: Calls, database: Database) -> None:
    await put(database, [a_call("same"), a_call("same", source="sw2"), a_call("same")])
    (found,) = await calls.summaries.by(Period.DAY, 1)
    assert found.sums.attempts == 2


async def test_a_late_record_changes_the_bar_of_its_hour(calls: Calls, database: Database) -> None:
    now = datetime.now(UTC)
    old = hour_of(now) - timedelta(hours=20)

    async def bars() -> dict[datetime, int]:
        found = await calls.stats(Period.HOUR, 1, now - timedelta(hours=47))
        return {one.begins: one.sums.attempts for one in found.summaries}

    await put(database, [a_call("1", at=old), a_call("2", at=now)])
    assert await bars() == {old: 1, hour_of(now): 1}
    await put(database, [a_call("3", at=old + timedelta(minutes=59))])
    assert await bars() == {old: 2, hour_of(now): 1}


async def test_what_was_paid_since_the_dry_run_stays(calls: Calls, database: Database) -> None:
    await put(database, [a_call("1", talk=60, dialled="44")])

    recalculating = Recalculating(calls.sealing, call_by_call(dearer))
    plan = await recalculating.dry_run(Recalculation(day=day_of(NOON), operation=Operation.RATE))
    async with database.writing() as connection:
        paid = update(counters).where(counters.c.customer_id == 1)
        await connection.execute(paid.values(balance=counters.c.balance + 7))
    await recalculating.apply(plan)
    assert (await counted(database)).balances[1] == 100 + 7 - Decimal("0.15")


async def test_currencies_are_never_added_up(calls: Calls, database: Database) -> None:
    both = [
        a_call("1", talk=60, dialled="44"),
        a_call("2", customer=2, talk=60, dialled="44", currency="USD"),
    ]
    await put(database, both)

    recalculating = Recalculating(calls.sealing, call_by_call(dearer))
    plan = await recalculating.dry_run(Recalculation(day=day_of(NOON), operation=Operation.RATE))
    assert {(one.customer_id, one.currency) for one in plan.changes} == {(1, "EUR"), (2, "USD")}


async def test_no_cell_of_an_export_is_a_formula_and_no_zero_is_lost(
    calls: Calls, database: Database, tmp_path: Path
) -> None:
    odd = a_call("1", dialled="0044", cli="+44", carrier="=cmd|'/c calc'!A1", number="00123")
    await put(database, [odd])
    file = tmp_path / "calls.csv"
    only = ("dialled", "cli", "carrier", "number")
    assert await write_calls(calls.list(CallQuery()), file, only) == 1
    assert file.read_text().splitlines()[1].split(",") == ["0044", "'+44", "'=cmd|'/c calc'!A1", "00123"]
