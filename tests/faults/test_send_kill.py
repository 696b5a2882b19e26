"""Workers that send are killed at any moment: nothing is lost, and only what was on its way is doubled.

Each way is tried on one kind of database, and on the other one in the slow set.  CX_FAULT_MESSAGES sends
more, such as the 10,000 that must hold, with a kill for each 160 of them.
"""

import asyncio
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from cx_tui.db.engine import Database
from cx_tui.db.outbox_tables import message
from cx_tui.domain.outbox import State, Way
from cx_tui.messaging.catcher import Catcher, Caught
from cx_tui.messaging.stand_in import StandIn
from cx_tui.services.seeding import seed
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.handover import SMS_AT_ONCE
from cx_tui.services.sending.outbox import Outbox
from tests.conftest import WORLD_NOW, opened
from tests.db.sessions import ANA
from tests.messaging.deliveries import strangers
from tests.patience import patient

MESSAGES = int(os.environ.get("CX_FAULT_MESSAGES", "600"))
KILLS = max(6, MESSAGES // 160)
CONNECTIONS = 4
PATIENCE = patient(60 + MESSAGES / 20)
CUSTOMERS = 50

TEXT = "We had an outage in Frankfurt.\n" * 20


class Killer:
    """Runs one worker after the other, and kills each in the middle of what it does."""

    def __init__(self, url: str, seed: int) -> None:
        self._command = [sys.executable, "-m", "cx_tui", "worker", "--db", url]
        self._dice = random.Random(seed)
        self._moments = sorted(self._dice.sample(range(1, MESSAGES * 19 // 20), KILLS))
        self._worker: asyncio.subprocess.Process | None = None
        self.arrived = 0
        self.kills = 0

    def message_came(self) -> None:
        """A message is at the server, which has not said so yet."""
        self.arrived += 1
        if self._moments and self.arrived >= self._moments[0]:
            self._moments.pop(0)
            # Some at this very moment, others a little later.
            delay = self._dice.choice([0, 0, self._dice.uniform(0, 0.004)])
            asyncio.get_running_loop().call_later(delay, self._kill) if delay else self._kill()

    def _kill(self) -> None:
        if self._worker and self._worker.returncode is None:
            self._worker.kill()
            self.kills += 1

    async def run(self, database: Database, settings: Sequence[str]) -> None:
        """Go on until there is nothing to send any more."""
        self._command += [part for setting in settings for part in ("--set", setting)]
        while await waiting(database):
            self._worker = await asyncio.create_subprocess_exec(
                *self._command, stderr=asyncio.subprocess.DEVNULL, env={**os.environ, "CX_TOKEN": "secret"}
            )
            ended = asyncio.ensure_future(self._worker.wait())
            while not ended.done() and await waiting(database):
                await asyncio.wait([ended], timeout=0.2)
            if not ended.done():
                self._worker.terminate()
            await ended


async def states(database: Database) -> Counter[State]:
    async with database.reading() as connection:
        return Counter(row[0] for row in await connection.execute(select(message.c.state)))


async def waiting(database: Database) -> int:
    """How many messages are still to be sent."""
    found = await states(database)
    return found[State.QUEUED] + found[State.DELAYED] + found[State.SENDING]


async def order(database: Database, way: Way) -> None:
    await seed(database, CUSTOMERS, 7, now=WORLD_NOW)
    recipients = await strangers(database, MESSAGES, range(1, CUSTOMERS + 1), way)
    await Outbox(database, ANA).order(DraftMessage(way, TEXT, "Outage"), recipients)


def address(way: Way, number: int) -> str:
    return f"s{number}@acme.example" if way is Way.EMAIL else f"+4477009{number:05}"


@asynccontextmanager
async def catching(told: Callable[[Caught], None]) -> AsyncIterator[Catcher]:
    catcher = Catcher(told)
    await catcher.start()
    try:
        yield catcher
    finally:
        await catcher.close()


@asynccontextmanager
async def standing_in(told: Callable[[str, str], None]) -> AsyncIterator[StandIn]:
    twilio = StandIn(told)
    await twilio.start()
    try:
        yield twilio
    finally:
        await twilio.close()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def test_no_letter_is_lost_and_doubles_were_on_their_way_and_have_the_same_id(
    database_url: str, kind: str
) -> None:
    got: dict[str, list[str]] = defaultdict(list)
    killer = Killer(database_url, 1)

    def caught(letter: Caught) -> None:
        (recipient,) = letter.recipients
        got[recipient].append(letter.message_id)
        killer.message_came()

    async with opened(database_url) as database, catching(caught) as catcher:
        await order(database, Way.EMAIL)
        settings = (
            "mail.server=127.0.0.1", f"mail.port={catcher.port}", "mail.tls=none",
            "mail.from_address=noc@acme.example", f"mail.connections={CONNECTIONS}",
        )  # fmt: skip
        await asyncio.wait_for(killer.run(database, settings), PATIENCE)
        found = await states(database)
    doubled = sum(len(ids) - 1 for ids in got.values())
    print(f"{kind}: {MESSAGES:,} letters, {killer.kills} kills, {doubled} doubled", end=" ")
    assert killer.kills >= KILLS * 2 // 3
    assert found == {State.SENT: MESSAGES}
    assert set(got) == {address(Way.EMAIL, number) for number in range(MESSAGES)}
    assert all(len(set(ids)) == 1 for ids in got.values())
    assert doubled <= CONNECTIONS * killer.kills


@pytest.mark.parametrize("kind", ["postgresql", pytest.param("sqlite", marks=pytest.mark.slow)])
async def test_no_sms_is_doubled_and_those_on_their_way_are_held(database_url: str, kind: str) -> None:
    got: Counter[str] = Counter()
    killer = Killer(database_url, 2)

    def came(to: str, text: str) -> None:
        got[to] += 1
        killer.message_came()

    async with opened(database_url) as database, standing_in(came) as twilio:
        await order(database, Way.SMS)
        settings = (
            "sms.account=AC1", "sms.token=env:CX_TOKEN", "sms.sender=Acme", "sms.per_second=0",
            f"sms.base_url={twilio.url}",
        )  # fmt: skip
        await asyncio.wait_for(killer.run(database, settings), PATIENCE)
        found = await states(database)
    print(f"{kind}: {MESSAGES:,} SMS, {killer.kills} kills, {found[State.UNKNOWN]} held", end=" ")
    assert killer.kills >= KILLS * 2 // 3
    assert set(got.values()) == {1}
    assert found[State.SENT] + found[State.UNKNOWN] == MESSAGES
    assert found[State.UNKNOWN] <= SMS_AT_ONCE * killer.kills
    assert found[State.SENT] <= len(got)
