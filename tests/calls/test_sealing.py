"""A day becomes a file, and nothing is lost or counted twice on the way."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cx_tui.calls.frames import calls_of
from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls import days, manifest, reading
from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import day_of
from cx_tui.domain.calls.key import key_of_call
from cx_tui.errors import Refused
from tests.calls.made import NOON, a_call, counted, many, priced, put, recounted, some_customers

TODAY = day_of(NOON)


@pytest.fixture
async def customers(database: Database) -> Database:
    """A database with 6 customers."""
    await some_customers(database)
    return database


@pytest.fixture
def sealing(customers: Database, tmp_path: Path) -> Sealing:
    """What seals into a folder."""
    return Sealing(customers, Files(f"{tmp_path}/calls"), "ana")


def of_today(number: int) -> list[Call]:
    midnight = NOON + timedelta(hours=11, minutes=59)
    return [call for call in many(number, days=1, last=midnight) if day_of(call.invited_at) == TODAY]


async def in_file(sealing: Sealing) -> list[Call]:
    async with sealing.database.reading() as connection:
        held = (await manifest.files_of(connection, [TODAY]))[TODAY]
    return [call for frame in sealing.sealed(TODAY, held) for call in calls_of(frame.collect())]


def files_in(sealing: Sealing) -> list[Path]:
    return [one for one in Path(sealing.files.place).rglob("*") if one.is_file()]


def in_order(calls: list[Call]) -> list[Call]:
    return sorted(
        map(priced, calls), key=lambda call: (call.customer_id or 0, call.invited_at, key_of_call(call))
    )


async def test_a_sealed_day_has_every_call_as_it_was(sealing: Sealing) -> None:
    calls = [*of_today(200), a_call("odd", talk=1, cli='=cmd"\n,', paid="ü", number="NULL", gate="\\N")]
    await put(sealing.database, calls)
    made = await sealing.seal(TODAY)
    assert made is not None
    assert made.sums.calls == len(calls)
    assert await in_file(sealing) == in_order(calls)
    async with sealing.database.reading() as connection:
        assert await days.hot(connection) == []
    assert await counted(sealing.database) == recounted(calls)


async def test_a_day_that_was_sealed_is_not_sealed_again_without_late_calls(sealing: Sealing) -> None:
    await put(sealing.database, of_today(20))
    await sealing.seal(TODAY)
    assert await sealing.seal(TODAY) is None
    with pytest.raises(Refused, match="no calls of 2026-06-15"):
        await sealing.seal(TODAY - timedelta(days=1))


async def test_a_day_whose_rows_are_not_what_was_counted_is_not_sealed(sealing: Sealing) -> None:
    await put(sealing.database, of_today(20))
    table = days.table_of(TODAY)
    async with sealing.database.writing() as connection:
        await connection.execute(table.update().values(talk_ms=table.c.talk_ms + 1))
    with pytest.raises(Refused, match="not what was counted"):
        await sealing.seal(TODAY)
    async with sealing.database.reading() as connection:
        assert await days.hot(connection) == [TODAY]
    assert files_in(sealing) == []


async def test_late_calls_of_a_sealed_day_are_counted_once_and_go_into_its_next_generation(
    sealing: Sealing,
) -> None:
    calls = of_today(100)
    await put(sealing.database, calls[:80])
    await sealing.seal(TODAY)
    for _ in range(2):
        async with sealing.database.writing() as connection:
            done = await store(connection, calls[60:], priced, sealing.in_files)
    assert (len(done.new), done.known) == (0, len(calls) - 60)
    assert await counted(sealing.database) == recounted(calls)
    async with sealing.database.reading() as connection:
        assert len(await reading.late_of(connection, TODAY)) == len(calls) - 80
        assert await reading.late_days(connection) == {TODAY}
    assert await sealing.due(TODAY + timedelta(days=9), 3) == [TODAY]
    made = await sealing.seal(TODAY)
    assert made is not None
    assert made.generation == 2
    assert await in_file(sealing) == in_order(calls)
    assert await sealing.due(TODAY + timedelta(days=9), 3) == []
    async with sealing.database.writing() as connection:
        assert (await store(connection, calls, priced, sealing.in_files)).known == len(calls)


async def test_two_programs_do_not_seal_the_same_day(sealing: Sealing) -> None:
    await put(sealing.database, of_today(20))
    other = Sealing(sealing.database, sealing.files)
    async with other.alone(f"{TODAY}"):
        with pytest.raises(Refused, match="another program"):
            await sealing.seal(TODAY)
    assert await sealing.seal(TODAY) is not None


async def test_a_late_call_of_a_day_without_any_makes_that_day_hot(sealing: Sealing) -> None:
    old = replace(a_call("old"), invited_at=NOON - timedelta(days=40))
    await put(sealing.database, [old])
    assert await sealing.due(TODAY, 3) == [day_of(old.invited_at)]
