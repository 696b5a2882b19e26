"""The most channels and calls a second are kept as they happen, and the balance is told back from now."""

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cx_tui.db.calls import peaks
from cx_tui.db.calls.storing import forget_hours
from cx_tui.db.engine import Database
from cx_tui.domain.calls.events import Ended, Records, Snapshot, Started
from cx_tui.domain.calls.figures import hour_of
from cx_tui.domain.calls.peak import Peak
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.ingest import Ingest
from cx_tui.services.calls.peaks import Peaks
from cx_tui.services.calls.stats import back_from
from cx_tui.services.calls.summaries import Period, begin_of
from tests.calls.made import NOON, a_call, put, some_customers

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


@pytest.fixture
async def customers(database: Database) -> Database:
    """A database with 3 customers."""
    await some_customers(database, 3)
    return database


def begun(*keys: str, customer: int = 1, at: datetime | None = None) -> list[Started]:
    return [
        Started(source="sw1", key=one, live_key=one, customer_id=customer, invited_at=at or datetime.now(UTC))
        for one in keys
    ]


def ended(*keys: str, customer: int = 1) -> list[Ended]:
    return [Ended(call=a_call(one, customer=customer, at=datetime.now(UTC))) for one in keys]


async def kept(database: Database, period: str = "hour", first: datetime = NOON) -> dict[int, Peak]:
    """The highest of each customer, 0 for all."""
    async with database.reading() as connection:
        found = await peaks.read(connection, range(4), period, first)
    return {of: max(by.values()) for of, by in found.items()}


async def noted(database: Database, known: Peaks, of: Collection[int], cps: float, now: datetime) -> None:
    async with database.writing() as connection:
        await known.note(connection, of, cps, now)
    known.are_kept()


async def test_the_most_that_was_up_stays_when_calls_have_ended(customers: Database) -> None:
    ingest = Ingest(customers)
    await ingest.take([*begun("a", "b", "c"), *begun("d", customer=2)])
    await ingest.take(ended("a", "b", "c"))
    await ingest.take(begun("e"))
    for period in ("hour", "day"):
        found = await kept(customers, period)
        assert {of: peak.channels for of, peak in found.items()} == {0: 4, 1: 3, 2: 1}
        # Three and one in five seconds; then one more.
        assert found[1].cps == pytest.approx(0.8)


async def test_another_program_that_sees_less_lowers_nothing(customers: Database) -> None:
    await Ingest(customers).take(begun("a", "b"))
    await Ingest(customers).take(ended("a", "b"))
    await Ingest(customers).take(begun("c"))
    assert (await kept(customers))[1].channels == 2


async def test_a_call_that_lasts_is_up_in_the_next_hour_too(customers: Database) -> None:
    known = Peaks()
    await Ingest(customers).take(begun("a", "b"))
    later = datetime.now(UTC) + 3 * HOUR
    await noted(customers, known, (), 0, later)
    found = await kept(customers, first=hour_of(later))
    assert {of: peak.channels for of, peak in found.items()} == {0: 2, 1: 2}


async def test_what_was_rolled_back_is_kept_the_next_time(customers: Database) -> None:
    await Ingest(customers).take(begun("a"))
    known = Peaks()
    with suppress(ZeroDivisionError):
        async with customers.writing() as connection:
            await known.note(connection, {1}, 3.0, NOON + A_DAY)
            raise ZeroDivisionError
    known.are_not_kept()
    await noted(customers, known, {1}, 3.0, NOON + A_DAY)
    async with customers.reading() as connection:
        found = await peaks.read(connection, (0, 1), "hour", NOON + A_DAY)
    assert {of: next(iter(by.values())) for of, by in found.items() if NOON + A_DAY in by} == {
        0: Peak(1, 3.0),
        1: Peak(1, 0.2),
    }


async def test_days_stay_when_hours_are_let_go(customers: Database) -> None:
    known = Peaks()
    await noted(customers, known, {1}, 2.0, NOON - 5 * A_DAY)
    async with customers.writing() as connection:
        await forget_hours(connection, NOON)
    assert await kept(customers, "hour", NOON - 9 * A_DAY) == {}
    assert (await kept(customers, "day", NOON - 9 * A_DAY))[0] == Peak(0, 2.0)


async def test_nobody_knows_how_many_were_up_while_no_source_was_heard(
    customers: Database, tmp_path: Path
) -> None:
    calls = Calls(customers, str(tmp_path))
    known, now = Peaks(), datetime.now(UTC)
    await noted(customers, known, {1}, 2.0, now - 30 * HOUR)
    await noted(customers, known, {1}, 1.0, now)
    of_all = await calls.stats(Period.HOUR, None, now - 40 * HOUR)
    of_one = await calls.stats(Period.HOUR, 1, now - 40 * HOUR)
    heard = {hour_of(now - 30 * HOUR), hour_of(now)}
    assert set(of_all.peaks) == set(of_one.peaks) == heard
    # It was heard and the customer had nothing up: that is none, and not unknown.
    assert of_one.peaks[hour_of(now)] == Peak(0, 0.0)
    assert of_all.begins(now)[0] == hour_of(now - 30 * HOUR)
    assert len(of_all.begins(now)) == 31
    weeks = await calls.stats(Period.WEEK, None, now - 9 * A_DAY)
    assert weeks.peaks[begin_of(Period.WEEK, now - 30 * HOUR)].cps == 2.0


async def test_balances_are_those_at_the_end_of_each_period(customers: Database, tmp_path: Path) -> None:
    calls = Calls(customers, str(tmp_path))
    now = datetime.now(UTC)
    hours = [hour_of(now) - back * HOUR for back in (2, 1, 0)]
    # A minute costs 0.05.
    made = [
        a_call(f"{at}", at=at, talk=60 * minutes, dialled="44")
        for at, minutes in zip(hours, (20, 40, 60), strict=True)
    ]
    await put(customers, made)
    found = await calls.stats(Period.HOUR, 1, hours[0] - HOUR)
    assert [found.balances[at] for at in (hours[0] - HOUR, *hours)] == [100, 99, 97, 94]
    days = await calls.stats(Period.DAY, 1, now - 2 * A_DAY)
    assert list(days.balances.values())[-1] == 94
    assert (await calls.stats(Period.HOUR, None, now - 2 * A_DAY)).balances == {}


def test_a_move_after_now_is_taken_off_before() -> None:
    moves = {NOON - HOUR: Decimal(-3), NOON + HOUR: Decimal(5)}
    found = back_from(Decimal(10), moves, NOON - 2 * HOUR, NOON + timedelta(minutes=5))
    assert found == {NOON: 5, NOON - HOUR: 5, NOON - 2 * HOUR: 8}


async def test_a_snapshot_counts_too_and_an_empty_one_says_that_nothing_is_up(customers: Database) -> None:
    ingest = Ingest(customers)
    await ingest.take([Records(calls=[a_call("1", at=datetime.now(UTC))])])
    # A source that only tells of finished calls knows of no channel.
    assert await kept(customers) == {}
    await ingest.take([Snapshot(source="sw1", at=datetime.now(UTC), calls=())])
    assert await kept(customers) == {0: Peak(0, 0.0)}
    snapshot = Snapshot(source="sw1", at=datetime.now(UTC), calls=begun("a", "b", customer=3, at=NOON))
    await Ingest(customers).take([snapshot])
    assert (await kept(customers))[3].channels == 2
