"""Calls that come and go, kept in the counters: here from the simulator."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from random import Random

from cx_tui.db import counters
from cx_tui.db.engine import Database
from cx_tui.errors import Unavailable
from cx_tui.ingest.calls import CallEvent, CallStarted
from cx_tui.ingest.simulator import Simulator, Subscriber

STEP = 0.25
FIRST_BY_NAME = 120
BUSIEST = 280
CALLS_A_SECOND = 40.0


class Traffic:
    """Simulated traffic on one database."""

    def __init__(
        self, database: Database, *, rate: float = CALLS_A_SECOND, random: Random | None = None
    ) -> None:
        self._database = database
        self._rate = rate
        self._random = random or Random()
        self._simulator: Simulator | None = None
        self._calling: set[int] = set()

    async def run(self) -> None:
        """Make calls until it is cancelled; a database that is away is waited for."""
        while True:
            try:
                await self.step(asyncio.get_running_loop().time())
            except Unavailable:
                await asyncio.sleep(1)
            await asyncio.sleep(STEP)

    async def step(self, now: float) -> int:
        """What happens in one step, written in one transaction: how many customers it changed."""
        if self._simulator is None:
            async with self._database.reading() as connection:
                found = await counters.callers(connection, FIRST_BY_NAME, BUSIEST)
            self._simulator = Simulator(
                [Subscriber(row.id, row.channels, row.live) for row in found], self._rate, self._random
            )
        return await self._count(self._simulator.advance(now, STEP))

    async def _count(self, events: list[CallEvent]) -> int:
        started = Counter(event.customer_id for event in events if isinstance(event, CallStarted))
        touched = {event.customer_id for event in events} | self._calling
        if not touched:
            return 0
        moment = datetime.now(UTC)
        async with self._database.writing() as connection:
            known = await counters.counters_of(connection, touched)
            for event in events:
                one = known.get(event.customer_id)
                if one is None:
                    continue
                if isinstance(event, CallStarted):
                    one.start_call(moment)
                else:
                    one.end_call(
                        moment,
                        answered=event.answered,
                        seconds=event.seconds,
                        ring_ms=event.ring_ms,
                        charge=event.charge,
                    )
            for one in known.values():
                one.cps = started[one.customer_id] / STEP
            await counters.keep(connection, known.values())
        self._calling = set(started)
        return len(known)
