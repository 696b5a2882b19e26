"""Thousands of calls while parts of the whole are killed and come back: all answered, each counted once."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cx_tui.db.tables import counters
from cx_tui.domain.calls.call import Call
from tests.switch.callers import A_SECOND, Callers
from tests.switch.conftest import Network
from tests.switch.parts import Process, until
from tests.switch.sip import Carrier

CALLS = int(os.environ.get("CX_SWITCH_CALLS", "5000"))
A_MINUTE = Decimal("0.02")

pytestmark = pytest.mark.slow


def collector(network: Network) -> Process:
    """`cx-tui collect` for the switch of the test."""
    settings = network.folder / "collect.toml"
    wanted = network.switch.wanted
    settings.write_text(
        f'[sources.switch]\nkind = "kamailio"\nrpc = "http://{wanted.rpc}/RPC"\n'
        f'database = "{wanted.records_url}"\nspare = "{wanted.spare}"\nseconds = 0.3\n'
    )
    return Process(
        network.folder / "collect.log", "env", f"CX_TUI_CONFIG={settings}", sys.executable, "-m", "cx_tui",
        "collect", "--db", network.url,
    )  # fmt: skip


async def balance(network: Network) -> Decimal:
    async with network.session.database.reading() as connection:
        asked = select(func.sum(counters.c.balance))
        return Decimal((await connection.execute(asked)).scalar_one())


def cost(talk_ms: int) -> Decimal:
    """What a call costs: by whole seconds, rounded to millionths."""
    return (A_MINUTE * -(-talk_ms // 1000) / 60).quantize(Decimal("0.000001"))


def hold(path: Path) -> sqlite3.Connection:
    """Another program writes, and does not come to its end."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_every_call_is_answered_counted_once_and_paid_for_while_parts_are_killed(
    network: Network,
) -> None:
    await network.save("customer", 1, channels=1_000, debit_limit=Decimal(1_000_000))
    before = await balance(network)
    callers, reading = Callers(network, CALLS), collector(network)
    await reading.start()
    await callers.start()
    north = network.carriers[0]
    try:
        await until(lambda: len(north.invites) > CALLS / 6, "calls are made", patience=60)
        await network.decide.stop(signal.SIGKILL)
        await network.decide.start()
        await until(lambda: len(north.invites) > CALLS / 3, "calls go on", patience=60)
        await reading.stop(signal.SIGKILL)
        await reading.start()
        if network.url.startswith("sqlite"):
            with closing(hold(Path(network.url.removeprefix("sqlite:///")))):
                await until(lambda: len(north.invites) > CALLS / 2, "calls go on", patience=60)
        network.decide.signal(signal.SIGSTOP)
        await asyncio.sleep(1)  # a server that hangs for a second
        network.decide.signal(signal.SIGCONT)
        await until(callers.ended, "all calls are over", patience=60 + CALLS / A_SECOND)
        said = callers.counted()
        assert int(said["TotalCallCreated"]) == int(said["SuccessfulCall(C)"]) == CALLS, said
        assert callers.longest() <= 3
        records = await network.records(len(north.invites))
        assert set(Counter(one.source_key for one in records).values()) == {1}
        assert len(records) > CALLS * 0.8, "most were answered"
        await all_paid(network, before, records)
    finally:
        await callers.stop()
        await reading.stop()


def has_more(carrier: Carrier, calls: float) -> bool:
    """Whether a carrier had more calls than that."""
    return len(carrier.invites) > calls


async def all_paid(network: Network, before: Decimal, records: Sequence[Call]) -> None:
    """Each of these calls was paid for once, and nothing else."""
    paid = sum((cost(one.talk_ms or 0) for one in records), Decimal(0))
    loop = asyncio.get_running_loop()
    end = loop.time() + 30
    spent = Decimal(0)
    for _ in range(1_000):
        spent = before - await balance(network)
        if spent >= paid or loop.time() > end:
            break
        await asyncio.sleep(0.2)
    assert spent == paid, "each was paid once"


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_when_kamailio_is_killed_every_record_counts_once_and_balances_are_right(
    network: Network,
) -> None:
    await network.save("customer", 1, channels=1_000, debit_limit=Decimal(1_000_000))
    before = await balance(network)
    # Whoever was being answered when it was killed hears no more: such a call is given up.
    callers = Callers(network, CALLS // 5, "-recv_timeout", "5000")
    reading = collector(network)
    await reading.start()
    north = network.carriers[0]
    try:
        long = [asyncio.create_task(network.call(talk=8)) for _ in range(5)]
        await until(lambda: len(north.up) == 5, "calls are up")
        await callers.start()
        for few in (callers.calls / 3, callers.calls * 2 / 3):
            await until(partial(has_more, north, few), "calls are made", patience=60)
            await network.switch.stop(signal.SIGKILL)
            await network.switch.start()
        await until(callers.ended, "all calls are over", patience=60 + CALLS / A_SECOND)
        await asyncio.gather(*long)
        said = callers.counted()
        print(f"\n  killed twice: {said['SuccessfulCall(C)']} of {said['TotalCallCreated']} calls", end="")
        records = await network.settled_records()
        assert set(Counter(one.source_key for one in records).values()) == {1}
        print(f", {len(records)} records of {len(north.invites)} that reached the carrier", end="")
        lost = len(north.invites) - len(records)
        assert lost <= 2 * 1.5 * A_SECOND, "no more than were up, or being set up, when it was killed"
        await all_paid(network, before, records)
    finally:
        await callers.stop()
        await reading.stop()
