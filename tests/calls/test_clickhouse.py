"""The statements for ClickHouse give what files give, carried out by chdb where that is installed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cx_tui.calls.clickhouse import ClickHouseCalls, create, order, where
from cx_tui.calls.frames import calls_of, frame_of_calls
from cx_tui.domain.calls.figures import NAMES, Figures, day_of
from cx_tui.domain.calls.key import key_of_call
from cx_tui.domain.calls.query import CallQuery, conditions_of
from cx_tui.domain.query import Sort
from tests.calls.made import NOON, many, priced

CALLS = sorted(map(priced, many(500, days=2)), key=lambda call: (call.invited_at, key_of_call(call)))
DAYS = sorted({day_of(call.invited_at) for call in CALLS})


class Embedded:
    """chdb, over files."""

    def __init__(self, folder: Path) -> None:
        chdb = pytest.importorskip("chdb.session")
        self._folder = folder
        self._session: Any = chdb.Session(str(folder / "ch"))
        self.command("CREATE DATABASE IF NOT EXISTS ours ENGINE = Atomic")

    def command(self, statement: str) -> None:
        self._session.query(statement)

    def ask(self, question: str) -> pl.DataFrame:
        file = self._folder / "answer.parquet"
        file.write_bytes(self._session.query(question, "Parquet").bytes())
        return pl.read_parquet(file)

    def add(self, table: str, rows: pl.DataFrame) -> None:
        file = self._folder / "rows.parquet"
        rows.write_parquet(file)
        names = ", ".join(f"`{name}`" for name in rows.columns)
        self.command(f"INSERT INTO {table} ({names}) SELECT {names} FROM file('{file}', Parquet)")

    def close(self) -> None:
        self._session.close()


@pytest.mark.slow
async def test_days_on_clickhouse_are_read_as_they_were_put(tmp_path: Path) -> None:
    server = Embedded(tmp_path)
    calls = ClickHouseCalls(server, "ours.calls")
    calls.make()
    for day in DAYS:
        mine = frame_of_calls(call for call in CALLS if day_of(call.invited_at) == day)
        await calls.put_day(day, mine.lazy())
        # A day that is put again replaces itself.
        await calls.put_day(day, mine.lazy())
    assert await calls.count(CallQuery(), DAYS) == len(CALLS)
    query = CallQuery(sort=(Sort("start", descending=True),))
    assert calls_of(await calls.page(query, DAYS, 100, 50)) == CALLS[::-1][100:150]
    asked = CallQuery(3, conditions=conditions_of("talk > 60.5 and dialled has 7 and release != error"))
    wanted = [
        call
        for call in CALLS
        if call.customer_id == 3
        and call.talk_ms > 60_500
        and "7" in call.dialled
        and call.release.value != "error"
    ]
    assert await calls.count(asked, DAYS) == len(wanted)
    found = await calls.by_keys(DAYS, frame_of_calls(CALLS[:9]))
    assert {call.source_key for call in calls_of(found)} == {call.source_key for call in CALLS[:9]}
    whole = Figures()
    for call in CALLS:
        whole.count(call)
    (row,) = (await calls.group(CallQuery(), DAYS, [])).iter_rows(named=True)
    assert [row[name] for name in NAMES[:-2]] == list(whole.values())[:-2]
    by_hour = await calls.group(CallQuery(), DAYS, ["hour", "carrier"])
    assert sum(by_hour["calls"]) == len(CALLS)
    server.close()


@pytest.mark.slow
async def test_a_day_is_there_when_all_of_it_is(tmp_path: Path) -> None:
    server = Embedded(tmp_path)
    calls = ClickHouseCalls(server, "ours.calls")
    calls.make()
    calls.make()
    day = DAYS[0]
    mine = frame_of_calls(call for call in CALLS if day_of(call.invited_at) == day)
    assert await calls.generations() == {}
    await calls.put_generation(day, 3, mine.lazy())
    assert await calls.generations() == {day: 3}
    await calls.put_generation(day, 4, mine.lazy().head(2))
    assert await calls.generations() == {day: 4}
    assert await calls.count(CallQuery(), [day]) == 2
    await calls.forget_day(day)
    assert await calls.generations() == {}
    assert await calls.count(CallQuery(), [day]) == 0
    server.close()


def test_what_was_typed_is_never_taken_for_a_statement() -> None:
    text = where(CallQuery(conditions=conditions_of('carrier = "x\'; DROP TABLE calls --\\"')), [])
    assert "carrier` = 'x\\'; DROP TABLE calls --\\\\'" in text


def test_a_table_has_a_partition_a_day_and_the_order_of_files() -> None:
    made = create("calls")
    assert "PARTITION BY intDiv(start, 86400000000) ORDER BY (customer_id, start, key)" in made
    assert order([Sort("talk", descending=True)]).startswith("talk_ms DESC NULLS LAST, `customer_id` ASC")
    assert (NOON - timedelta(days=1)).date() in DAYS
