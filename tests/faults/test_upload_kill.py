"""kill -9 at a random moment of an upload: all or nothing, an intact database, and the next one completes it.

3 moments for each database, 10 in the slow set; CX_KILLS says another number.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cx_tui.db.engine import Database
from cx_tui.db.history_tables import operation
from cx_tui.db.tables import counters, customer, found_by
from cx_tui.services.session import Session
from tests.conftest import opened, run
from tests.db.sessions import ANA, changes_noted, found, scalar

KILLS = int(os.environ.get("CX_KILLS", "10"))
ALWAYS = 3
ROWS = 25_000
LONGEST = 60


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is uploaded in a second or two."""
    path = tmp_path_factory.mktemp("kill") / "many.csv"
    rows = "".join(f"Customer {n:05},EUR,{n % 90},E{n:05}\n" for n in range(ROWS))
    path.write_text(f"Name,Currency,Channels,External id\n{rows}")
    return path


def start(file: Path, url: str) -> "subprocess.Popen[bytes]":
    """Start an upload."""
    command = [sys.executable, "-m", "cx_tui", "upload", str(file), "--db", url]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def counted(database: Database) -> list[int]:
    """How many customers there are, with how many counters, documents and changes."""
    tables = (customer, counters, found_by)
    rows = [await scalar(database, select(func.count()).select_from(table)) for table in tables]
    return [*rows, await changes_noted(database)]


@pytest.fixture(scope="module")
def takes() -> dict[str, float]:
    """How long an upload takes on each kind of database, once that is known."""
    return {}


MOMENTS = [*range(ALWAYS), *(pytest.param(moment, marks=pytest.mark.slow) for moment in range(ALWAYS, KILLS))]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_killed_upload_is_all_or_nothing_and_the_next_completes_it(
    database_url: str, kind: str, file: Path, moment: int, takes: dict[str, float]
) -> None:
    began = time.monotonic()
    upload = start(file, database_url)
    lot = random.Random(f"{kind} {moment}")
    try:
        # The first goes to its end, to see how long one takes.
        upload.wait(takes[kind] * lot.uniform(0.2, 1.0) if kind in takes else LONGEST)
    except subprocess.TimeoutExpired:
        upload.send_signal(signal.SIGKILL)
        upload.wait()
    takes.setdefault(kind, time.monotonic() - began)
    async with opened(database_url) as database:
        if kind == "sqlite":
            assert await scalar(database, "PRAGMA quick_check") == "ok"
        assert await counted(database) in ([0] * 4, [ROWS] * 4)
    assert start(file, database_url).wait(LONGEST) == 0
    async with opened(database_url) as database:
        assert await counted(database) == [ROWS] * 4
        assert await scalar(database, select(func.count()).select_from(operation)) == 1
        assert len(await found(Session(database, ANA), "customer 2499")) == 10
        if kind == "sqlite":
            assert await scalar(database, "PRAGMA journal_mode") == "wal"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_upload_that_is_cancelled_leaves_nothing_behind(
    database_url: str, file: Path, ending: signal.Signals
) -> None:
    command = [sys.executable, "-m", "cx_tui", "upload", str(file), "--db", database_url, "--json",
               "--verdicts", str(file.with_name("verdicts"))]  # fmt: skip
    upload = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert upload.stdout
    for line in upload.stdout:
        if '"progress"' in line:
            break
    upload.send_signal(ending)
    _, said = upload.communicate()
    assert (upload.returncode, "Traceback" in said) == (130, False), said
    assert run(left(database_url)) == [0] * 4


async def left(url: str) -> list[int]:
    """What there is in a database."""
    async with opened(url) as database:
        return await counted(database)
