"""Sources of calls, read by one program at a time."""

import asyncio
from pathlib import Path

import pytest

from cx_tui.config.sources import CallSource
from cx_tui.db.engine import Database
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import Misconfigured
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.collecting import Collector
from cx_tui.services.calls.traffic import Traffic
from cx_tui.services.seeding import seed
from tests.ingest import samples
from tests.patience import patient


@pytest.fixture
def folder(tmp_path: Path) -> CallSource:
    """A folder with calls of an Asterisk."""
    place = tmp_path / "asterisk"
    place.mkdir()
    (place / "Master.csv").write_text(samples.MASTER)
    return CallSource(kind="folder", folder=str(place), zone="UTC", pattern="*.csv", seconds=0.2)


@pytest.fixture
def calls(database: Database, tmp_path: Path) -> Calls:
    """The calls of a database."""
    return Calls(database, str(tmp_path / "sealed"))


async def test_what_a_source_has_is_brought_in_once(calls: Calls, folder: CallSource) -> None:
    said: list[str] = []
    first = (await Collector(calls, {"ast-1": folder}, said.append).once())["ast-1"]
    assert first.tally.read == first.tally.new + first.tally.unknown_customer > 0
    again = (await Collector(calls, {"ast-1": folder}, said.append).once())["ast-1"]
    assert (again.tally.new, again.tally.unknown_customer) == (0, 0)
    assert said == ["ast-1 is read", "ast-1 is read"]


async def test_a_source_that_another_program_reads_is_left_to_it(calls: Calls, folder: CallSource) -> None:
    other = calls.ingest()
    assert await other.own("ast-1") is not None
    said: list[str] = []
    found = await Collector(calls, {"ast-1": folder}, said.append).once()
    assert (found["ast-1"].tally.read, said) == (0, ["ast-1 is read by another program"])
    await other.leave("ast-1")
    found = await Collector(calls, {"ast-1": folder}, said.append).once()
    assert found["ast-1"].tally.read > 0


async def test_it_says_ready_reads_until_it_shall_end_and_leaves_no_call_up(
    calls: Calls, database: Database, folder: CallSource
) -> None:
    await seed(database, 100, 7)
    said: list[str] = []
    ending = asyncio.Event()
    sources = {"ast-1": folder, "sim": CallSource(kind="simulator", rate=400)}
    running = asyncio.ensure_future(Collector(calls, sources, said.append).run(ending))
    async with asyncio.timeout(patient(10)):
        while not (await calls.live() and "ready" in said):
            pass
    ending.set()
    await running
    assert set(said) == {"ast-1 is read", "sim makes calls", "ready"}
    assert said[-1] == "ready"
    assert await calls.live() == []
    assert {one.source for one in await calls.list(CallQuery()).rows(0, 5_000)} == {"sim"}
    # Both can be read by others at once.
    assert await calls.ingest().own("ast-1") is not None
    assert await calls.ingest().own("sim") is not None


def test_who_has_no_sources_is_told_how_one_is_added(calls: Calls) -> None:
    with pytest.raises(Misconfigured, match=r"\[sources.NAME\]"):
        Collector(calls, {}, print).check()


async def test_two_programs_do_not_make_the_calls_of_a_simulator_twice(
    calls: Calls, database: Database
) -> None:
    await seed(database, 100, 7)
    assert await calls.ingest().own("sim") is not None
    traffic = Traffic(database, name="sim", rate=400, seed=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(traffic.run(), 0.6)
    assert await calls.live() == []
    assert await calls.latest() == []
