"""A second store of sealed days answers where it has them just as they count; else files do."""

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from cx_tui.calls.clickhouse import ClickHouseCalls
from cx_tui.calls.frames import calls_of
from cx_tui.calls.mirrored import Mirrored
from cx_tui.calls.parquet import ParquetCalls
from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from cx_tui.config.settings import Settings
from cx_tui.db.engine import Database
from cx_tui.domain.calls.figures import day_of
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import Misconfigured, Unavailable
from cx_tui.services.calls.calls import Calls
from tests.calls.made import NOON, a_call, many, put, some_customers

CALLS = many(120, days=2)
DAYS = sorted({day_of(call.invited_at) for call in CALLS})
ALL = CallQuery()


class Kept(ClickHouseCalls):
    """The store without its server: what was put, and how often it was asked."""

    def __init__(self) -> None:
        self.days: dict[date, tuple[int, pl.DataFrame]] = {}
        self.counted = 0
        self.is_away = False

    def make(self) -> None:
        if self.is_away:
            raise Unavailable("ClickHouse does not answer")

    async def generations(self) -> dict[date, int]:
        if self.is_away:
            raise Unavailable("ClickHouse does not answer")
        return {day: generation for day, (generation, _) in self.days.items()}

    async def put_generation(self, day: date, generation: int, rows: pl.LazyFrame) -> None:
        self.days[day] = (generation, rows.collect())

    async def forget_day(self, day: date) -> None:
        del self.days[day]

    async def count(self, query: CallQuery, days: Sequence[date]) -> int:
        self.counted += 1
        return sum(len(self.days[day][1]) for day in days)


@pytest.fixture
async def sealing(database: Database, tmp_path: Path) -> Sealing:
    """Calls of three days, all sealed."""
    await some_customers(database)
    await put(database, CALLS)
    made = Sealing(database, Files(str(tmp_path / "calls")))
    for day in DAYS:
        await made.seal(day)
    return made


def calls_on(day: date) -> int:
    return sum(day_of(call.invited_at) == day for call in CALLS)


async def test_days_are_brought_once_and_answered_there(sealing: Sealing) -> None:
    server = Kept()
    both = Mirrored(sealing, lambda: server)
    assert await both.count(ALL, DAYS) == len(CALLS)
    assert server.counted == 0
    assert await both.bring() == DAYS
    assert await both.bring() == []
    assert {day: len(frame) for day, (_, frame) in server.days.items()} == {
        day: calls_on(day) for day in DAYS
    }
    assert await both.count(ALL, DAYS) == len(CALLS)
    assert server.counted == 1


async def test_a_day_that_changed_is_read_from_files_until_it_is_brought_again(sealing: Sealing) -> None:
    server = Kept()
    both = Mirrored(sealing, lambda: server)
    await both.bring()
    late = a_call("late", at=NOON - timedelta(days=1))
    await put(sealing.database, [late])
    day = day_of(late.invited_at)
    # Not even the late call is overlooked while it is in no file.
    assert await both.count(ALL, DAYS) == len(CALLS) + 1
    await sealing.seal(day)
    assert await both.count(ALL, DAYS) == len(CALLS) + 1
    assert server.counted == 0
    assert await both.bring() == [day]
    assert await both.count(ALL, DAYS) == len(CALLS) + 1
    assert server.counted == 1


async def test_days_that_were_let_go_go_there_too(sealing: Sealing, tmp_path: Path) -> None:
    server = Kept()
    both = Mirrored(sealing, lambda: server)
    await both.bring()
    await Calls(sealing.database, str(tmp_path / "calls")).let_go(1, DAYS[1] + timedelta(days=1))
    await both.bring()
    assert sorted(server.days) == DAYS[1:]


async def test_files_answer_while_the_server_is_away(sealing: Sealing) -> None:
    server = Kept()
    both = Mirrored(sealing, lambda: server)
    await both.bring()
    server.is_away = True
    assert await both.count(ALL, DAYS) == len(CALLS)
    page = calls_of(await both.page(ALL, DAYS, 0, 5))
    assert page == calls_of(await ParquetCalls(sealing).page(ALL, DAYS, 0, 5))
    with pytest.raises(Unavailable):
        await both.bring()


async def test_a_setting_says_where_the_server_is(sealing: Sealing, monkeypatch: pytest.MonkeyPatch) -> None:
    without = Calls(sealing.database, sealing.files.place)
    assert without.mirrored is None
    assert isinstance(without.sealed, ParquetCalls)
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    with_one = Calls(sealing.database, sealing.files.place, clickhouse="http://127.0.0.1:8123/calls")
    assert with_one.sealed is with_one.mirrored
    with pytest.raises(Misconfigured, match="pip install"):
        await with_one.sealed.count(ALL, DAYS)


def test_usually_there_is_no_server() -> None:
    assert Settings().calls.clickhouse == ""
