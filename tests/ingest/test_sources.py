"""The sources of the settings, opened as what they are."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from cx_tui.config.sources import CallSource
from cx_tui.db.engine import connect
from cx_tui.domain.calls.events import Records, Snapshot, Started
from cx_tui.errors import Misconfigured
from cx_tui.ingest.simulator import Caller, Population
from cx_tui.services.calls.sources import by_name, open_source
from tests.ingest import samples


async def test_a_folder_reads_with_its_zone_and_goes_on_where_it_was_left(tmp_path: Path) -> None:
    (tmp_path / "Master.csv").write_text(samples.MASTER)
    source = CallSource(kind="folder", folder=str(tmp_path), zone="UTC", pattern="*.csv", seconds=0.2)
    async with AsyncExitStack() as until_closed:
        events = open_source("ast-1", source, until_closed, recognise={"101": 7}.get).events()
        first = await anext(events)
        assert isinstance(first, Records)
        assert [(one.source, one.customer_id) for one in first.calls] == [("ast-1", 7)]
        with (tmp_path / "Master.csv").open("a") as more:
            more.write(samples.MASTER.splitlines(keepends=True)[1].replace("592.5", "999.5"))
        again = open_source("ast-1", source, until_closed, position=first.position).events()
        second = await anext(again)
        assert isinstance(second, Records)
        assert "1796010591.1+10" in {one.source_key for one in second.calls}


async def test_a_kamailio_reads_its_table_behind_the_position(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kam.db'}"
    database = connect(url)
    async with database.writing() as connection:
        await connection.execute(
            text(
                "CREATE TABLE acc_cdrs (id, start_time, end_time, duration, callid, invited_at, answered_at)"
            )
        )
        for number in (1, 2):
            row = f"({number}, '', '', 1.5, 'c{number}', '1796009941.5', '1796009943.25')"
            await connection.execute(text(f"INSERT INTO acc_cdrs VALUES {row}"))
    await database.close()
    async with AsyncExitStack() as until_closed:
        source = CallSource(kind="kamailio", database=url)
        adapter = open_source("kam-1", source, until_closed, position="1")
        found = await anext(adapter.events())
        assert isinstance(found, Records)
        assert ([one.source_key for one in found.calls], found.position) == (["c2"], "2")


async def test_a_simulator_has_its_name_in_its_calls() -> None:
    async with AsyncExitStack() as until_closed:
        population = Population([Caller(1, 500, "USD")])
        source = CallSource(kind="simulator", rate=400)
        adapter = open_source("demo", source, until_closed, population=population)
        found = await anext(adapter.events())
        assert isinstance(found, Started | Snapshot)
        assert (adapter.name, found.source) == ("demo", "demo")


def test_a_source_that_there_is_not_is_said() -> None:
    with pytest.raises(Misconfigured, match=r'there is no source "x"; add a table \[calls\.x\] to the'):
        by_name({}, "x")
    with pytest.raises(Misconfigured, match='there is no source "x"; there are a, b'):
        by_name({"a": CallSource(), "b": CallSource()}, "x")
    assert by_name({"a": CallSource()}, "a") == CallSource()
