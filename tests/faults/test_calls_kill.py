"""kill -9 of a collector, a sealer and a program beside them, at moments by lot: every call is counted once.

Each file of calls is delivered twice, and some calls come when their day is sealed.  A few kills by default;
CX_KILLS says another number, and the slow test has 60 of them and 200,000 calls.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from cx_tui.calls.checking import Checking
from cx_tui.db import ledger_check
from cx_tui.db.calls import sources
from cx_tui.db.types import instant
from cx_tui.domain.calls.call import Call
from cx_tui.services.session import Session
from tests.calls.made import NOON, counted, many, recounted, some_customers
from tests.conftest import opened
from tests.faults.call_keeper import ROLES, collect, seal_due, sealing_of

KILLS = int(os.environ.get("CX_KILLS", "6"))
ROOT = Path(__file__).parents[2]
LATE = 0.05
"""Of so many calls the records come at any later time."""


def deliver(calls: Sequence[Call], folder: Path, a_file: int) -> None:
    """Files of calls, about in the order in which they began; all of them come a second time."""
    dice = random.Random(len(calls))
    order = sorted(range(len(calls)), key=lambda at: at + (dice.random() < LATE) * dice.random() * len(calls))
    folder.mkdir()
    for turn in "ab":
        for first in range(0, len(order), a_file):
            some = [calls[at] for at in order[first : first + a_file]]
            pl.DataFrame([_row(one) for one in some]).write_csv(folder / f"{turn}-{first:07}.csv")


def _row(call: Call) -> dict[str, object]:
    return {
        "key": call.source_key, "customer": call.customer_id, "invited": instant(call.invited_at),
        "ringing": _instant(call.ringing_at), "answered": _instant(call.answered_at),
        "ended": instant(call.ended_at), "talk": call.talk_ms, "dialled": call.dialled, "cli": call.cli,
        "carrier": call.carrier, "sip": call.sip_code, "gate": call.gate,
    }  # fmt: skip


def _instant(moment: datetime | None) -> int | None:
    return None if moment is None else instant(moment)


def start(role: str, url: str, place: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.faults.call_keeper", role, url, str(place)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def kill(url: str, place: Path, kills: int, longest: float) -> None:
    """Have all of them run, and kill one by lot after the other; none of them may have ended by itself."""
    dice = random.Random(kills)
    running = {role: start(role, url, place) for role in ROLES}
    try:
        for turn in range(kills):
            role = list(ROLES)[turn % len(ROLES)] if turn < len(ROLES) else dice.choice(list(ROLES))
            one = running[role]
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n", one.communicate()[1]
            time.sleep(dice.uniform(0, longest))
            assert one.poll() is None, one.communicate()[1]
            _end(one)
            running[role] = start(role, url, place)
    finally:
        for one in running.values():
            _end(one)


def _end(one: "subprocess.Popen[str]") -> None:
    one.send_signal(signal.SIGKILL)
    one.communicate()


async def is_right(url: str, place: Path, calls: Sequence[Call], monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is read by one who is not killed; then everything is as a slow recount says."""
    monkeypatch.setattr(sources, "GONE_AFTER", sources.GONE_AFTER * 0)
    async with opened(url) as database:
        await collect(database, place, once=True)
        await seal_due(sealing_of(database, place))
        assert await counted(database) == recounted(calls)
        checking = Checking(sealing_of(database, place))
        assert [str(one) async for one in checking.differences()] == []
        await Session(database).money.ledger.book_days(NOON)
        async with database.reading() as connection:
            # Customers were given their money by the test, and no payment says so.
            said = [str(one) for one in await ledger_check.differences(connection, 9)]
        assert [one for one in said if "the balance" not in one] == []


async def test_every_call_is_counted_once_whatever_is_killed(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = many(2_000, days=3)
    async with opened(database_url) as database:
        await some_customers(database)
    deliver(calls, tmp_path / "in", 250)
    await asyncio.to_thread(kill, database_url, tmp_path, KILLS, 0.7)
    await is_right(database_url, tmp_path, calls, monkeypatch)


@pytest.mark.slow
async def test_every_call_of_very_many_is_counted_once_after_60_kills(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = many(200_000, days=3)
    async with opened(database_url) as database:
        await some_customers(database)
    deliver(calls, tmp_path / "in", 5_000)
    began = time.perf_counter()
    await asyncio.to_thread(kill, database_url, tmp_path, 60, 2.5)
    print(f"60 kills took {time.perf_counter() - began:.0f} s")
    await is_right(database_url, tmp_path, calls, monkeypatch)
    print(f"with the rest {time.perf_counter() - began:.0f} s")
