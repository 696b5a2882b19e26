"""kill -9 of a collector that seals too, again and again: every call is counted once in the end.

Four kills by default; CX_KILLS says another number, and the slow test has 60 of them and 200,000 calls.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cx_tui.calls.checking import Checking
from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from tests.calls.made import counted, many, recounted, some_customers
from tests.conftest import opened

KILLS = int(os.environ.get("CX_KILLS", "4"))
KEEPER = Path(__file__).with_name("call_keeper.py")


def start(url: str, place: Path, number: int, seed: int) -> "subprocess.Popen[str]":
    command = [sys.executable, str(KEEPER), url, str(place), str(number), str(seed)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def killed(url: str, place: Path, number: int, kills: int, longest: float) -> None:
    """Kill it at random moments, then let it come to its end."""
    for seed in range(kills):
        with start(url, place, number, seed) as keeper:
            try:
                keeper.wait(random.uniform(0, longest))
            except subprocess.TimeoutExpired:
                keeper.send_signal(signal.SIGKILL)
    with start(url, place, number, kills) as keeper:
        said, _ = keeper.communicate()
    assert said == "done\n"


async def is_right(url: str, place: Path, number: int) -> None:
    async with opened(url) as database:
        assert await counted(database) == recounted(many(number, days=3))
        sealing = Sealing(database, Files(str(place)))
        assert [one async for one in Checking(sealing).differences()] == []


async def test_every_call_is_counted_once_whenever_its_collector_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    async with opened(database_url) as database:
        await some_customers(database)
    killed(database_url, tmp_path, 1500, KILLS, 3)
    await is_right(database_url, tmp_path, 1500)


@pytest.mark.slow
async def test_every_call_of_very_many_is_counted_once_after_60_kills(
    database_url: str, tmp_path: Path
) -> None:
    async with opened(database_url) as database:
        await some_customers(database)
    began = time.perf_counter()
    killed(database_url, tmp_path, 200_000, 60, 30)
    print(f"60 kills took {time.perf_counter() - began:.0f} s")
    await is_right(database_url, tmp_path, 200_000)
