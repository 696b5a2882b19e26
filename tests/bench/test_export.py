"""Exports of all customers, in each kind of file, beside what the `sqlite3` shell takes for the columns."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.bench.conftest import CUSTOMERS, ENV, PROGRAM
from tests.bench.figures import Figures
from tests.bench.test_upload import Ran

pytestmark = pytest.mark.bench

IN_A_SHEET = 200_000


def ran(*command: str, home: Path) -> Ran:
    """Run a command of the program to its end."""
    began = time.perf_counter()
    pid = os.posix_spawn(PROGRAM[0], [*PROGRAM, *command], ENV | {"HOME": str(home)})
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, f"{command} failed"
    return Ran(time.perf_counter() - began, usage.ru_maxrss / 1024)


def dumped(url: str, home: Path) -> float:
    """Seconds that the database's own shell takes to write all columns of all customers."""
    began = time.perf_counter()
    with (home / "dump.csv").open("wb") as file:
        command = ["sqlite3", "-csv", url.removeprefix("sqlite:///"), "SELECT * FROM customer"]
        subprocess.run(command, stdout=file, check=True)
    return time.perf_counter() - began


def test_exports(sqlite: str, tmp_path: Path, figures: Figures) -> None:
    bare = dumped(sqlite, tmp_path)
    seconds = {}
    for kind in ("csv", "parquet", "json"):
        one = ran("export", str(tmp_path / f"all.{kind}"), "--db", sqlite, home=tmp_path)
        seconds[kind] = one.seconds
        most = {"csv": bare / 0.25, "parquet": seconds["csv"]}.get(kind)
        share = bare / one.seconds
        beside = f"{CUSTOMERS / one.seconds:,.0f} rows/s, {share:.2f} x of the dump, {one.peak_mb:.0f} MB"
        figures.show(f"export, {kind}", one.seconds, "s", most, beside)
    figures.all_met()


def test_spreadsheets(sqlite: str, tmp_path: Path, figures: Figures) -> None:
    rows = min(CUSTOMERS, IN_A_SHEET)
    file = str(tmp_path / "some.xlsx")
    written = ran("export", file, "--db", sqlite, "--where", f"id<={rows}", home=tmp_path)
    beside = f"{rows / written.seconds:,.0f} rows/s, {written.peak_mb:.0f} MB"
    figures.show("export, xlsx", written.seconds, "s", rows / 10_000, beside)
    read = ran("upload", file, "--db", sqlite, "--dry-run", home=tmp_path)
    figures.show("reading a spreadsheet", read.peak_mb, "MB", 400, f"{rows / read.seconds:,.0f} rows/s")
    figures.all_met()
