"""Calls that come and go while time goes on, told as a switch tells them."""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from cx_tui.domain.calls.call import Call, Release
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Answered, Ended, Event, Ringing, Snapshot, Started
from cx_tui.ingest.simulator.course import charge_of, cost_of
from cx_tui.ingest.simulator.making import Admit, Maker, call_of, everybody
from cx_tui.ingest.simulator.population import Caller, Population

STEP = 0.25
SNAPSHOT_EVERY = 40
"""Steps."""
QUIETEST = 0.2
"""Even at night somebody looks on."""


class Simulator:
    """A switch that there is not: about `rate` calls a second begin in the busy hour."""

    def __init__(
        self,
        population: Population,
        rate: float,
        *,
        seed: int = 1,
        name: str = "simulator",
        admit: Admit = everybody,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._population = population
        self._rate = rate
        self._name = name
        self._random = Random(seed)
        self._maker = Maker(name, seed, admit, self._random)
        self._clock = clock
        self._prefix = f"{seed}-{int(clock().timestamp())}"
        self._numbers = count(1)
        self._owed = 0.0
        self._planned: list[tuple[Caller, datetime]] = []
        self._coming: list[tuple[datetime, int, Event]] = []
        self._up: dict[str, tuple[Call, Caller]] = {}
        self._channels: Counter[int] = Counter()

    @property
    def name(self) -> str:
        """The source in the records that it brings."""
        return self._name

    @property
    def live(self) -> int:
        """How many calls are up."""
        return len(self._up)

    def callers(self, now: datetime, seconds: float) -> set[int]:
        """The customers who will call in the next `seconds`: who may not can be left out by `advance`."""
        if not self._planned and len(self._population):
            busy = max(QUIETEST, self._population.activity(now))
            self._owed += self._rate * busy * seconds
            while self._owed >= 1:
                self._owed -= 1
                moment = now + timedelta(seconds=self._random.random() * seconds)
                self._planned.append((self._population.pick(self._random, moment), moment))
        return {caller.customer_id for caller, _ in self._planned}

    def advance(
        self, now: datetime, seconds: float, may_call: Callable[[int], bool] = lambda _: True
    ) -> list[Event]:
        """What happens in the next `seconds` from `now`; those who may not call do not even dial."""
        self.callers(now, seconds)
        for caller, moment in self._planned:
            # A customer's own exchange dials no more than it has lines.
            if may_call(caller.customer_id) and self._channels[caller.customer_id] < caller.channels:
                self._begin(caller, moment)
        self._planned = []
        until, events = now + timedelta(seconds=seconds), []
        while self._coming and self._coming[0][0] <= until:
            event = heapq.heappop(self._coming)[2]
            if isinstance(event, Ended):
                self._forget(event.call.source_key)
            events.append(event)
        return events

    def take_over(self, caller: Caller, calls: int, now: datetime) -> None:
        """Calls that were up before: they are told of, go on, and end like others."""
        while calls:
            invited = now - timedelta(seconds=self._random.uniform(20, 90))
            values = self._maker.values(caller, self._key(), invited)
            call = call_of(values)
            if call.ended_at > now:
                calls -= 1
                self._plan(call, caller)

    def hang_up(self, now: datetime) -> list[Event]:
        """All that is up ends at this moment, as when a switch is stopped."""
        cut = [self._cut(key, now, Release.SWITCH) for key in list(self._up)]
        self._coming, self._planned = [], []
        return list(cut)

    def snapshot(self, now: datetime) -> Snapshot:
        """All calls that are up."""
        up = [self._started(call) for call, _ in self._up.values() if call.invited_at <= now]
        return Snapshot(source=self._name, at=now, calls=up)

    async def events(self) -> AsyncIterator[Event]:
        """What happens, for ever, as time goes on."""
        for step in count():
            now = self._clock()
            for event in self.advance(now, STEP):
                yield event
            if step % SNAPSHOT_EVERY == 0:
                yield self.snapshot(now)
            await asyncio.sleep(STEP)

    async def once(self) -> AsyncIterator[Event]:
        """What happens in a step from now."""
        for event in self.advance(self._clock(), STEP):
            yield event

    async def end(self, live_key: str) -> Ending:
        """End a call: its record comes at once."""
        if live_key not in self._up:
            return Ending.NOT_THERE
        now = self._clock()
        ended = self._cut(live_key, now, Release.OPERATOR)
        self._coming = [one for one in self._coming if _key_of(one[2]) != live_key]
        heapq.heapify(self._coming)
        self._later(now, ended)
        return Ending.ENDED

    def _key(self) -> str:
        return f"{self._prefix}-{next(self._numbers)}"

    def _begin(self, caller: Caller, moment: datetime) -> None:
        self._plan(call_of(self._maker.values(caller, self._key(), moment)), caller)

    def _plan(self, call: Call, caller: Caller) -> None:
        """What will be told of a call."""
        self._later(call.ended_at, Ended(call=call))
        self._up[call.source_key] = (call, caller)
        self._channels[caller.customer_id] += 1
        if call.gate:
            return
        self._later(call.invited_at, self._started(call))
        told = {"source": self._name, "key": call.source_key, "carrier": call.carrier}
        if call.ringing_at:
            self._later(call.ringing_at, Ringing(at=call.ringing_at, **told))
        if call.answered_at:
            self._later(call.answered_at, Answered(at=call.answered_at, **told))

    def _later(self, moment: datetime, event: Event) -> None:
        heapq.heappush(self._coming, (moment, next(self._numbers), event))

    def _started(self, call: Call) -> Started:
        return Started(
            source=self._name,
            key=call.source_key,
            live_key=call.source_key,
            customer_id=call.customer_id,
            invited_at=call.invited_at,
            auth=call.auth,
            cli=call.cli,
            dialled=call.dialled,
            number=call.number,
            carrier=call.tries[0].carrier if call.tries else call.carrier,
            src_ip=call.src_ip,
        )

    def _cut(self, key: str, now: datetime, release: Release) -> Ended:
        """The record of a call that ends earlier than it would have."""
        call, caller = self._up[key]
        self._forget(key)
        now = max(now, call.invited_at)
        if call.answered_at and call.answered_at <= now:
            talk = min(call.talk_ms, (now - call.answered_at) // timedelta(milliseconds=1))
            habits = self._maker.habits(caller)
            cut = replace(
                call,
                talk_ms=talk,
                billed_seconds=-(-talk // 1000),
                charge=charge_of(habits, talk),
                cost=cost_of(habits, talk),
            )
        else:
            rang = call.ringing_at if call.ringing_at and call.ringing_at <= now else None
            cut = replace(
                call,
                ringing_at=rang,
                answered_at=None,
                talk_ms=0,
                billed_seconds=0,
                charge=charge_of(self._maker.habits(caller), 0),
                cost=cost_of(self._maker.habits(caller), 0),
                sip_code=487,
                sip_reason="Request Terminated",
            )
        return Ended(call=replace(cut, ended_at=now, release=release))

    def _forget(self, key: str) -> None:
        if found := self._up.pop(key, None):
            customer = found[1].customer_id
            self._channels[customer] -= 1
            if not self._channels[customer]:
                del self._channels[customer]


def _key_of(event: Event) -> str:
    if isinstance(event, Ended):
        return event.call.source_key
    return str(getattr(event, "key", ""))
