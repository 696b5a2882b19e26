"""The demo with a real switch: its calls are up in the program's database, and all ends with it."""

import asyncio
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from cx_tui.bootstrap.demo import real_switch, seed_for_demo
from tests.switch.parts import PATIENCE

CUSTOMERS = 300


def counted(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def wait_for(what: str, path: Path, table: str) -> None:
    end = time.monotonic() + PATIENCE
    while not counted(path, table):
        assert time.monotonic() < end, what
        time.sleep(0.1)


def test_calls_of_the_demo_are_up_in_the_program_and_end_with_it(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    url = f"sqlite:///{path}"
    asyncio.run(seed_for_demo(url, CUSTOMERS, 1, lambda *_: None))
    with real_switch(url, tmp_path, os.environ) as sources:
        assert list(sources) == ["switch"]
        wait_for("no call is up", path, "live_call")
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("SELECT DISTINCT source FROM live_call").fetchall()
        assert found == [("switch",)], "the simulator rests"
        folder = tmp_path / "kamailio"
        wait_for("no call was refused", folder / "records.db", "acc_cdrs")
    assert not running(tmp_path)


def running(folder: Path) -> list[str]:
    """Processes that were started in the folder."""
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdecimal() and one.joinpath("cmdline").exists():
            said = one.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in said:
                found.append(said)
    return found
