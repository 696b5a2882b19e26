"""Lists of calls over hot days, sealed days and late calls give what a slow look at all calls gives."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from cx_tui.calls.parquet import ParquetCalls
from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import Figures, day_of
from cx_tui.domain.calls.key import key_of_call
from cx_tui.domain.calls.query import CallQuery, conditions_of
from cx_tui.domain.query import Sort
from cx_tui.errors import Misconfigured
from cx_tui.services.calls.child import pivoted
from cx_tui.services.calls.listing import CallList
from tests.calls.made import NOON, many, priced, put, some_customers
from tests.conftest import opened

Lists: TypeAlias = Callable[[CallQuery], CallList]


def begun(call: Call) -> tuple[datetime, int]:
    """What calls are ordered by."""
    return call.invited_at, key_of_call(call)


CALLS = sorted(map(priced, many(600, days=4)), key=begun, reverse=True)


@pytest.fixture
async def lists(database: Database, tmp_path: Path) -> Lists:
    """Makes lists: of five days the first two are sealed, the first has late calls, the others are hot."""
    await some_customers(database)
    sealing = Sealing(database, Files(str(tmp_path)))
    first = min(day_of(call.invited_at) for call in CALLS)
    late = [call for call in CALLS if day_of(call.invited_at) == first][::7]
    await put(database, [call for call in CALLS if call not in late], 300)
    for day in (first, first + timedelta(days=1)):
        await sealing.seal(day)
    async with database.writing() as connection:
        assert (await store(connection, late, priced, sealing.in_files)).late == len(late)
    return lambda query: CallList(database, ParquetCalls(sealing), query)


async def all_of(calls: CallList, size: int = 90) -> list[Call]:
    found: list[Call] = []
    while part := await calls.rows(len(found), size):
        found += part
    return found


def same(found: Sequence[Call], wanted: Sequence[Call]) -> bool:
    return [call.source_key for call in found] == [call.source_key for call in wanted]


ASKED: list[tuple[str, Callable[[Call], bool]]] = [
    ("", lambda call: True),
    ("connected = yes", lambda call: call.connected),
    ("talk > 60.5 and carrier = alpha", lambda call: call.talk_ms > 60_500 and call.carrier == "alpha"),
    ("dialled begins 44 and dialled has 7", lambda call: call.dialled[:2] == "44" and "7" in call.dialled),
    (
        "sip_code >= 500 & gate != credit",
        lambda call: (call.sip_code or 0) >= 500 and not call.gate,
    ),
    (
        "charge <= 0.1 and charge > 0",
        lambda call: 0 < (call.charge or 0) <= Decimal("0.1"),
    ),
    ("release = caller", lambda call: call.release.value == "caller"),
    ("unrated != ''", lambda call: call.unrated != ""),
]


async def test_any_filter_gives_the_calls_that_a_look_at_all_gives(
    lists: Lists,
) -> None:
    for text, holds in ASKED:
        for customer in (None, 3):
            query = CallQuery(customer, conditions=conditions_of(text))
            wanted = [call for call in CALLS if holds(call) and customer in (None, call.customer_id)]
            assert wanted
            assert same(await all_of(lists(query)), wanted), text
            assert await lists(query).exact_count() == len(wanted)


async def test_any_window_of_a_list_is_the_same_as_that_of_the_whole(
    lists: Lists,
) -> None:
    calls = lists(CallQuery())
    assert (await calls.count()).number == len(CALLS)
    assert (await calls.count()).exact
    for _ in range(10):
        start, count = random.randrange(len(CALLS)), random.randrange(1, 120)
        assert await calls.rows(start, count) == CALLS[start : start + count]


async def test_a_list_between_two_moments_has_the_first_and_not_the_last(
    lists: Lists,
) -> None:
    first, until = CALLS[500].invited_at, CALLS[20].invited_at
    found = await all_of(lists(CallQuery(first=first, until=until)))
    assert same(found, CALLS[21:501])


async def test_the_oldest_first_is_the_reverse(lists: Lists) -> None:
    assert same(await all_of(lists(CallQuery(sort=(Sort("start"),)))), CALLS[::-1])


@pytest.mark.parametrize("column", ["talk", "charge", "sip_code", "dialled", "connected", "ringing"])
async def test_calls_are_ordered_by_any_column_in_both_directions(lists: Lists, column: str) -> None:
    def value(call: Call) -> Any:
        name = {"talk": "talk_ms", "ringing": "ringing_at"}.get(column, column)
        found = getattr(call, name)
        return (found is not None, found if found is not None else 0)

    for descending in (False, True):
        found = await all_of(lists(CallQuery(sort=(Sort(column, descending),))), 250)
        assert [value(call) for call in found] == sorted(map(value, CALLS), reverse=descending)
        assert len({call.source_key for call in found}) == len(CALLS)


async def test_with_conditions_the_first_count_is_at_least(lists: Lists) -> None:
    calls = lists(CallQuery(conditions=conditions_of("talk >= 0")))
    count = await calls.count()
    assert not count.exact
    assert 0 < count.number < len(CALLS)
    await calls.exact_count()
    assert (await calls.count()).number == len(CALLS)


async def test_groups_over_all_days_are_what_adding_up_gives(lists: Lists) -> None:
    groups = await lists(CallQuery()).group(["carrier", "sip_code"])
    wanted: dict[tuple[str, int | None], Figures] = {}
    for call in CALLS:
        wanted.setdefault((call.carrier, call.sip_code), Figures()).count(call)
    found = {(row["carrier"], row["sip_code"]): row for row in groups.iter_rows(named=True)}
    assert found.keys() == wanted.keys()
    for key, row in found.items():
        sums = wanted[key]
        assert (row["calls"], row["connected"], row["talk_ms"]) == (sums.calls, sums.connected, sums.talk_ms)
        assert Decimal(row["charge"]).scaleb(-6) == sums.charge


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("talk", '"talk" can\'t be read'),
        ("colour = red", "calls have no colour"),
        ("talk has 3", "talk is not text"),
        ("sip_code = many", 'sip_code is a whole number, not "many"'),
        ("connected = maybe", "yes or no"),
        ("talk > 3 and", 'something must follow "and"'),
    ],
)
def test_a_condition_that_makes_no_sense_is_explained(text: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said.replace("(", "\\(")):
        conditions_of(text)


def test_calls_at_noon_are_of_that_day() -> None:
    assert day_of(NOON).isoformat() == "2026-06-16"


async def test_a_pivot_in_a_process_of_its_own_is_the_same(database_url: str, tmp_path: Path) -> None:
    async with opened(database_url) as database:
        await some_customers(database)
        await put(database, CALLS, 300)
        await Sealing(database, Files(str(tmp_path))).seal(day_of(CALLS[-1].invited_at))
    found = await pivoted(database_url, str(tmp_path), CallQuery(), ["carrier"])
    assert sum(found["calls"]) == len(CALLS)


async def test_a_day_that_is_sealed_while_it_is_asked_is_found_in_its_file(
    lists: Lists, database: Database, tmp_path: Path
) -> None:
    shown = [lists(CallQuery()), lists(CallQuery()), lists(CallQuery(sort=(Sort("charge"),)))]
    for each in shown:
        assert await each.exact_count() == len(CALLS)  # they know which days have tables
    for day in {day_of(call.invited_at) for call in CALLS}:
        await Sealing(database, Files(str(tmp_path))).seal(day)
    assert await all_of(shown[0]) == CALLS
    assert sum((await shown[1].group(["carrier"]))["calls"]) == len(CALLS)
    assert len(await all_of(shown[2])) == len(CALLS)
