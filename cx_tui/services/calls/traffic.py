"""Calls that come and go, made up for the customers of a database and told like those of any switch."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cx_tui.db import counters
from cx_tui.db.calls import days, live
from cx_tui.db.engine import Database
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Event
from cx_tui.errors import Unavailable
from cx_tui.ingest.simulator import Caller, Population, Simulator, finished_calls
from cx_tui.services.calls.ingest import Ingest

SIMULATOR = "simulator"
"""The source in the records of a demo."""
STEP = 0.25
CALLS_A_SECOND = 40.0
A_PAGE = 1_000
A_CALL = 80.0
"""Seconds that a simulated call takes on average, those that fail too."""
MOST_TAKEN_OVER = 2_000
"""Calls that were up before and go on."""
AT_ONCE = 250
"""Events in one transaction: keys are answered in between."""
OWNS_AGAIN = 5.0
"""Seconds after which it says that it still makes the calls of its source."""
PAST_DAYS = 7
A_PAST_DAY = 9_000
"""Calls that a day before the first start has had."""
DEMO_RATE = 4.0
"""Calls a second of a demo in its busy hour: an hour that one looks on is no tower beside those before."""


class Traffic:
    """Simulated traffic on one database: all customers who may call do, some far more than others.

    Of all programs on a database one makes the calls of a source.  What it makes has keys of its own, so it
    need not be looked for in sealed days.
    """

    def __init__(
        self,
        database: Database,
        *,
        name: str = SIMULATOR,
        rate: float = CALLS_A_SECOND,
        seed: int | None = None,
        past_days: int = 0,
    ) -> None:
        self._database = database
        self._ingest = Ingest(database)
        self._name = name
        self._rate = rate
        self._seed = seed
        self._past_days = past_days
        self._simulator: Simulator | None = None
        self._population = Population()
        self._untold: list[Event] = []
        self._owned_at = 0.0

    async def run(self) -> None:
        """Make calls until it is cancelled, and end them then; a database that is away is waited for."""
        past: asyncio.Task[None] | None = None
        try:
            while True:
                try:
                    if await self._is_ours():
                        await self.step(datetime.now(UTC))
                        past = past or asyncio.ensure_future(self._fill_past(datetime.now(UTC)))
                except Unavailable:
                    await asyncio.sleep(1)
                await asyncio.sleep(STEP)
        finally:
            if past:
                past.cancel()
                await asyncio.gather(past, return_exceptions=True)
            await self.hang_up(datetime.now(UTC))
            await self._ingest.leave(self._name)

    async def begin(self, now: datetime) -> Simulator:
        """Have the calls up that are to be up at the start."""
        if self._simulator is None:
            self._simulator = await self._begun(now)
        return self._simulator

    async def step(self, now: datetime) -> int:
        """What happens in one step; says how many events these were."""
        simulator = await self.begin(now)
        callers = simulator.callers(now, STEP)
        allowed: set[int] = set()
        if callers:
            async with self._database.reading() as connection:
                allowed = await counters.who_may_call(connection, callers)
        return await self._tell(simulator.advance(now, STEP, allowed.__contains__))

    async def end(self, live_key: str) -> Ending:
        """End a call as an operator wants it: it has ended when its record is there."""
        if self._simulator is None:
            return Ending.NOT_THERE
        return await self._simulator.end(live_key)

    async def hang_up(self, now: datetime) -> None:
        """End all calls that are up: nobody would do it later."""
        if self._simulator is None:
            return
        simulator, self._simulator = self._simulator, None
        # Those that were to end just now have ended; what is only planned never was a call.
        await self._tell([*simulator.advance(now, 0, lambda _: False), *simulator.hang_up(now)])
        await no_traffic(self._database, self._name)

    async def _is_ours(self) -> bool:
        """Whether this program makes the calls; when another began to, ours have ended."""
        if time.monotonic() - self._owned_at > OWNS_AGAIN:
            if await self._ingest.own(self._name) is None:
                self._simulator = None
                self._untold.clear()
                return False
            self._owned_at = time.monotonic()
        return True

    async def _begun(self, now: datetime) -> Simulator:
        """A simulator for the customers of this database.  Calls that were up there go on in it, no more than
        it can replace when they end: what an operator sees at the start does not melt away."""
        seed = int(now.timestamp()) if self._seed is None else self._seed
        population = Population(seed=seed)
        simulator = Simulator(population, self._rate, seed=seed, name=self._name)
        up = await self._customers(population)
        most = min(MOST_TAKEN_OVER, self._rate * population.activity(now) * A_CALL)
        share = min(1.0, most / max(1, sum(up.values())))
        owed = 0.0
        for caller, calls in up.items():
            owed += calls * share
            simulator.take_over(caller, int(owed), now)
            owed -= int(owed)
        begun = [one for one in simulator.advance(now, 0, lambda _: False) if isinstance(one, live.Telling)]
        self._population = population
        # All at once: nobody sees that they are counted anew.
        async with self._database.writing() as connection:
            await live.forget_source(connection, self._name)
            await live.hear(connection, begun)
            await live.settle(connection)
        return simulator

    async def _customers(self, population: Population) -> dict[Caller, int]:
        """All who call become the population; how many calls they have up."""
        found: dict[Caller, int] = {}
        after = 0
        # Small pages: keys are answered in between.
        while True:
            async with self._database.reading() as connection:
                rows = await counters.callers(connection, after, A_PAGE)
            callers = [
                Caller(row.id, row.channels, row.currency, row.time_zone, row.address or "") for row in rows
            ]
            population.add(callers)
            found.update((one, row.live) for one, row in zip(callers, rows, strict=True) if row.live)
            if len(rows) < A_PAGE:
                return found
            after = rows[-1].id

    async def _tell(self, events: Sequence[Event]) -> int:
        """Tell the database; what could not be told, as it is away or the program ends, is told next time."""
        self._untold.extend(events)
        while True:
            await self._ingest.take(self._untold[:AT_ONCE])
            del self._untold[:AT_ONCE]
            if not self._untold:
                return len(events)

    async def _fill_past(self, now: datetime) -> None:
        """The calls of the last days, where no call is known yet: a demo has something to look back at."""
        if not self._past_days:
            return
        async with self._database.reading() as connection:
            if any(day < now.date() for day in await days.stored(connection)):
                return
        seed = self._seed or 1
        for back in range(self._past_days):
            day = now.date() - timedelta(days=back)
            calls = finished_calls(self._population, day, A_PAST_DAY, seed=seed, source=self._name, until=now)
            for batch in calls:
                for first in range(0, len(batch), AT_ONCE):
                    await self._ingest.store(batch[first : first + AT_ONCE])
                    await asyncio.sleep(STEP)


async def no_traffic(database: Database, name: str = SIMULATOR) -> None:
    """No call of a simulation is up: one that was killed ended none, and a seed only says that some are."""
    async with database.writing() as connection:
        await live.forget_source(connection, name)
        await live.settle(connection)
