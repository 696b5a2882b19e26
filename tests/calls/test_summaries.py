"""Summaries add up, checks find what is wrong, months are put together, old days go."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from cx_tui.calls.checking import Checking, Difference
from cx_tui.calls.months import Months
from cx_tui.calls.parquet import ParquetCalls
from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls import manifest
from cx_tui.db.calls.storing import forget_hours, store
from cx_tui.db.calls.tables import call_days, call_hours
from cx_tui.db.engine import Database
from cx_tui.db.tables import counters
from cx_tui.domain.calls.figures import Figures, day_of, hour_of
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import Refused
from cx_tui.screens.calls.figures import period_text
from cx_tui.services.calls.listing import CallList
from cx_tui.services.calls.summaries import Period, Summaries, begin_of, end_of
from tests.calls.made import NOON, a_call, counted, many, priced, put, recounted, some_customers

CALLS = many(400, days=4)
DAYS = sorted({day_of(call.invited_at) for call in CALLS})


@pytest.fixture
async def sealing(database: Database, tmp_path: Path) -> Sealing:
    """Calls of five days, of which the first two are sealed."""
    await some_customers(database)
    await put(database, CALLS, 200)
    made = Sealing(database, Files(str(tmp_path / "calls")))
    for day in DAYS[:2]:
        await made.seal(day)
    return made


@pytest.fixture
def summaries(sealing: Sealing) -> Summaries:
    """The summaries of these calls."""
    return Summaries(sealing.database, ParquetCalls(sealing))


async def differences(sealing: Sealing) -> list[Difference]:
    return [one async for one in Checking(sealing).differences()]


async def test_hours_days_weeks_and_months_have_the_same_sum(summaries: Summaries) -> None:
    wanted = Figures()
    for call in CALLS:
        wanted.count(priced(call))
    first, until = CALLS[0].invited_at, NOON
    for period in Period:
        total = Figures()
        for one in await summaries.by(period, first=first, until=until):
            total.add(one.sums)
        assert total == wanted, period


async def test_hours_that_are_kept_no_more_are_made_of_the_calls(
    summaries: Summaries, sealing: Sealing
) -> None:
    first = CALLS[0].invited_at
    before = await summaries.by(Period.HOUR, first=first, until=NOON)
    async with sealing.database.writing() as connection:
        await forget_hours(connection, NOON)
    after = await summaries.by(Period.HOUR, first=first, until=NOON)
    assert [(one.begins, one.sums) for one in after] == [(one.begins, one.sums) for one in before]


async def test_a_period_without_calls_is_a_gap_and_the_running_one_is_marked(
    summaries: Summaries, sealing: Sealing
) -> None:
    old = NOON - timedelta(days=9)
    await put(sealing.database, [a_call("old", at=old, talk=60)])
    found = await summaries.by(Period.DAY, 1, now=NOON)
    assert found[0].begins.date() == old.date()
    assert [one.running for one in found] == [False] * (len(found) - 1) + [True]
    series = await summaries.series(lambda sums: sums.asr, Period.DAY, 1)
    assert series[0] == (begin_of(Period.DAY, old), 100.0)
    assert series[1][1] is None


def test_weeks_begin_on_monday_and_months_are_as_long_as_they_are() -> None:
    new_year = datetime(2026, 1, 1, 5, tzinfo=UTC)
    assert begin_of(Period.WEEK, new_year).date() == date(2025, 12, 29)
    assert period_text(Period.WEEK, begin_of(Period.WEEK, new_year)) == "2026 week 01"
    assert period_text(Period.WEEK, begin_of(Period.WEEK, datetime(2027, 1, 3, tzinfo=UTC))) == "2026 week 53"
    assert end_of(Period.MONTH, datetime(2026, 2, 1, tzinfo=UTC)).date() == date(2026, 3, 1)


async def test_a_check_of_what_is_right_finds_nothing(sealing: Sealing) -> None:
    late = a_call("late", at=CALLS[0].invited_at, talk=60)
    async with sealing.database.writing() as connection:
        await store(connection, [late], priced, sealing.in_files)
    assert await differences(sealing) == []


async def test_a_check_names_each_thing_that_differs(sealing: Sealing) -> None:
    last = CALLS[-1]
    async with sealing.database.writing() as connection:
        await connection.execute(
            update(call_hours)
            .where(
                call_hours.c.customer_id == last.customer_id, call_hours.c.hour == hour_of(last.invited_at)
            )
            .values(attempts=99)
        )
        these = (call_days.c.customer_id == 2) & (call_days.c.day == DAYS[0])
        await connection.execute(update(call_days).where(these).values(charge=Decimal(7)))
        await connection.execute(update(counters).where(counters.c.customer_id == 3).values(connected=77))
        held = await manifest.files_of(connection, [DAYS[1]])
    spoil(Path(sealing.files.whole(held[DAYS[1]][0].path)))
    said = "\n".join(map(str, await differences(sealing)))
    assert f"{DAYS[0]}, customer #2: charge is 7" in said
    assert f"customer #{last.customer_id}: attempts from {hour_of(last.invited_at):%H:%M} is 99" in said
    assert "customer #3: the counter connected is 77" in said
    assert f"{DAYS[1]}: 2026/06/" in said
    assert "is not as it was written" in said


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


async def test_a_month_is_put_together_by_customer_and_read_as_before(sealing: Sealing) -> None:
    months = Months(sealing)
    with pytest.raises(Refused, match="is not sealed yet; run: cx-tui calls seal --day"):
        await months.put_together(DAYS[0])
    for day in DAYS[2:]:
        await sealing.seal(day)
    query = CallQuery(3)
    lists = [CallList(sealing.database, ParquetCalls(sealing), query) for _ in range(2)]
    before = await lists[0].rows(0, 1000)
    files = await months.put_together(DAYS[0])
    assert sum(one.sums.calls for one in files) == len(CALLS)
    assert await lists[1].rows(0, 1000) == before
    assert await differences(sealing) == []
    assert await months.forget_unused() == len(DAYS)
    assert await differences(sealing) == []
    async with sealing.database.writing() as connection:
        again = await store(connection, CALLS, priced, sealing.in_files)
    assert (again.known, again.new) == (len(CALLS), [])
    late = a_call("late", customer=3, at=CALLS[0].invited_at, talk=60)
    async with sealing.database.writing() as connection:
        await store(connection, [late], priced, sealing.in_files)
    made = await sealing.seal(day_of(late.invited_at))
    assert made is not None
    assert await differences(sealing) == []
    assert await counted(sealing.database) == recounted([*CALLS, late])


async def test_old_days_are_let_go_and_what_was_counted_stays(sealing: Sealing) -> None:
    assert await Months(sealing).let_go(DAYS[3]) == 3
    assert await counted(sealing.database) == recounted(CALLS)
    assert await differences(sealing) == []
    left = [call for call in CALLS if day_of(call.invited_at) >= DAYS[3]]
    calls = CallList(sealing.database, ParquetCalls(sealing), CallQuery())
    assert (await calls.count()).number == len(left)
    assert len(await calls.rows(0, 1000)) == len(left)
