"""A watched folder: each record once, whatever happens to the files."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cx_tui.domain.calls.events import Event, Records, Unread
from cx_tui.errors import Refused, Unavailable
from cx_tui.ingest.files.reading import open_calls
from cx_tui.ingest.folder import WatchedFolder
from tests.ingest import samples

HEADER, *ROWS = samples.ACC_CDRS.splitlines(keepends=True)
LATER = 4_000_000_000.0
"""A moment at which every file is settled."""


def watched(folder: Path, position: str = "", clock: Callable[[], float] = lambda: 0.0) -> WatchedFolder:
    return WatchedFolder("kam", folder, lambda path: open_calls(path, "kam"), position=position, clock=clock)


def keys(events: list[Event]) -> list[str]:
    return [call.source_key for one in events if isinstance(one, Records) for call in one.calls]


def last_position(events: list[Event]) -> str:
    return [one.position for one in events if isinstance(one, Records) and one.position][-1]


def test_what_is_new_in_a_file_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "cdrs.csv"
    file.write_text(HEADER + ROWS[0])
    folder = watched(tmp_path)
    assert keys(list(folder.look())) == ["184-1@192.0.2.21"]
    assert list(folder.look()) == []
    with file.open("a") as more:
        more.write(ROWS[1] + ROWS[2][:30])
    assert keys(list(folder.look())) == ["12-2@192.0.2.21"]
    with file.open("a") as more:
        more.write(ROWS[2][30:])
    assert keys(list(folder.look())) == ["1-3@192.0.2.26"]


def test_the_position_is_given_back_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "cdrs.csv"
    file.write_text(HEADER + ROWS[0])
    position = last_position(list(watched(tmp_path).look()))
    with file.open("a") as more:
        more.write(ROWS[1])
    assert keys(list(watched(tmp_path, position).look())) == ["12-2@192.0.2.21"]


def test_a_file_that_is_rotated_is_read_to_its_end_and_the_new_one_from_its_begin(tmp_path: Path) -> None:
    file = tmp_path / "cdrs.csv"
    file.write_text(HEADER + ROWS[0])
    folder = watched(tmp_path)
    list(folder.look())
    with file.open("a") as more:
        more.write(ROWS[1])
    file.rename(tmp_path / "cdrs.csv.1")
    file.write_text(HEADER + ROWS[2])
    assert sorted(keys(list(folder.look()))) == ["1-3@192.0.2.26", "12-2@192.0.2.21"]
    assert list(folder.look()) == []


def test_a_file_that_was_cut_and_written_anew_is_read_from_its_begin(tmp_path: Path) -> None:
    file = tmp_path / "cdrs.csv"
    file.write_text(HEADER + ROWS[0] + ROWS[1])
    folder = watched(tmp_path)
    list(folder.look())
    file.write_text(HEADER + ROWS[2])
    assert keys(list(folder.look())) == ["1-3@192.0.2.26"]
    file.write_text(HEADER + ROWS[3] + ROWS[0] + ROWS[1])
    assert keys(list(folder.look())) == ["1-4@192.0.2.22", "184-1@192.0.2.21", "12-2@192.0.2.21"]


def test_the_last_line_without_its_end_is_read_when_the_file_has_settled(tmp_path: Path) -> None:
    (tmp_path / "cdrs.csv").write_text(HEADER + ROWS[0] + ROWS[1].removesuffix("\n"))
    now = [0.0]
    folder = watched(tmp_path, clock=lambda: now[0])
    assert len(keys(list(folder.look()))) == 1
    now[0] = LATER
    assert keys(list(folder.look())) == ["12-2@192.0.2.21"]
    assert list(folder.look()) == []


def test_bad_rows_and_files_that_are_none_are_told_once_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "cdrs.csv").write_text(HEADER + "x,y\n" + ROWS[0])
    (tmp_path / "letter.txt").write_text("Dear customer,\n")
    folder = watched(tmp_path, clock=lambda: LATER)
    told = [one for one in folder.look() if isinstance(one, Unread)]
    assert [(one.where, one.source) for one in told] == [("cdrs.csv line 2", "kam"), ("letter.txt", "kam")]
    assert told[0].sentence == "has 2 fields where this format has 20"
    assert [one for one in folder.look() if isinstance(one, Unread)] == []


def test_a_json_record_that_is_half_written_is_waited_for(tmp_path: Path) -> None:
    whole = '{"variables": {"uuid": "u1", "direction": "inbound",\n "start_uepoch": "1796010591250000"}}\n'
    file = tmp_path / "u1.cdr.json"
    file.write_text(whole[:60])
    folder = watched(tmp_path)
    assert keys(list(folder.look())) == []
    file.write_text(whole)
    events = list(folder.look())
    assert keys(events) == ["u1"]
    assert list(watched(tmp_path, last_position(events)).look()) == []


def test_only_files_of_the_pattern_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + ROWS[0])
    (tmp_path / "a.log").write_text(HEADER + ROWS[1])
    folder = WatchedFolder("kam", tmp_path, lambda path: open_calls(path, "kam"), pattern="*.csv")
    assert keys(list(folder.look())) == ["184-1@192.0.2.21"]


def test_a_folder_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can't be read: No such file or directory"):
        list(watched(tmp_path / "nowhere").look())


def test_files_that_go_are_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "cdrs.csv"
    file.write_text(HEADER + ROWS[0])
    folder = watched(tmp_path)
    list(folder.look())
    file.unlink()
    list(folder.look())
    assert folder.position == "{}"


async def test_events_come_as_files_grow(tmp_path: Path) -> None:
    file = tmp_path / "cdrs.csv"
    file.write_text(HEADER + ROWS[0])
    folder = WatchedFolder("kam", tmp_path, lambda path: open_calls(path, "kam"), seconds=0)
    events = folder.events()
    assert keys([await anext(events)]) == ["184-1@192.0.2.21"]
    with file.open("a") as more:
        more.write(ROWS[1])
        more.flush()
        os.fsync(more.fileno())
    async with asyncio.timeout(30):
        assert keys([await anext(events)]) == ["12-2@192.0.2.21"]
    with pytest.raises(Refused, match="kam reads files; a call can't be ended there"):
        await folder.end("1:2")
