"""Records that a Kamailio wrote into files while its database was away."""

import re
from contextlib import AsyncExitStack
from importlib.resources import files
from pathlib import Path

import pytest

from cx_tui.config.sources import CallSource
from cx_tui.domain.calls.events import Records
from cx_tui.ingest.kamailio.adapter import Kamailio
from cx_tui.ingest.kamailio.spare import COLUMNS, SpareFiles
from cx_tui.services.calls.sources import open_source

VALUES = {
    "start_time": "1796009943", "end_time": "1796009973", "duration": "30.250000", "customer": "101",
    "src_ip": "192.0.2.21", "dialled": "442079460000", "number": "442079460000", "carrier": "Northline",
    "sip_code": "200", "sip_reason": "OK", "invited_at": "1796009940.500000",
    "answered_at": "1796009943.000000", "release": "downstream BYE",
}  # fmt: skip


def line(key: str, **values: str) -> str:
    """A record as the module db_flatstore writes it."""
    return "|".join({**VALUES, "callid": key, **values}.get(name, "") for name in COLUMNS) + "\n"


def test_a_line_has_the_columns_that_the_configuration_names() -> None:
    text = files("cx_tui.decide.kamailio").joinpath("kamailio.cfg").read_text("utf-8")
    (extra,) = re.findall(r'"cdr_extra", "([^"]+)"', text)
    assert ("start_time", "end_time", "duration", *(one.split("=")[0] for one in extra.split(";"))) == COLUMNS


async def test_lines_of_all_files_are_calls_and_come_once_also_after_a_restart(tmp_path: Path) -> None:
    (tmp_path / "acc_cdrs_5.log").write_text(line("a") + line("b%7Cc", carrier="x%7Cy"))
    (tmp_path / "acc_cdrs_6.log").write_text(line("d") + "half of a li")
    spare = SpareFiles("switch", tmp_path)
    found = [*(await spare.next())[0], *(await spare.next())[0]]
    assert [one.source_key for one in found] == ["a", "b|c", "d"]
    assert (found[1].carrier, found[0].customer_id, found[0].talk_ms) == ("x|y", 101, 30_250)
    assert await spare.next() == ([], [])
    with (tmp_path / "acc_cdrs_6.log").open("a") as file:
        file.write("ne\n" + line("e"))
    again = SpareFiles("switch", tmp_path, position=spare.position)
    calls, bad = await again.next()
    assert [one.source_key for one in calls] == ["e"]
    assert [one.sentence for one in bad] == ["it has not 21 columns"]
    (tmp_path / "acc_cdrs_5.log").write_text(line("f"))
    assert [one.source_key for one in (await again.next())[0]] == ["f"], "another file by the same name"


async def test_both_places_of_records_have_one_position(tmp_path: Path) -> None:
    (tmp_path / "acc_cdrs_5.log").write_text(line("a"))
    adapter = Kamailio("switch", spare=SpareFiles("switch", tmp_path))
    (told,) = [event async for event in adapter.once()]
    assert isinstance(told, Records)
    assert told.position == f'0 {{"acc_cdrs_5.log":{len(line("a"))}}}'


@pytest.mark.parametrize("position", ["", "7", '7 {"acc_cdrs_5.log":3}'])
async def test_a_source_goes_on_at_its_position(tmp_path: Path, position: str) -> None:
    source = CallSource(kind="kamailio", database=f"sqlite:///{tmp_path}/records.db", spare=str(tmp_path))
    async with AsyncExitStack() as until_closed:
        adapter = open_source("switch", source, until_closed, position=position)
        assert isinstance(adapter, Kamailio)
        last, _, in_files = adapter.position.partition(" ")
        assert (last, in_files) == (position[:1] or "0", position[2:] or "{}")
