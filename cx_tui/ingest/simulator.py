"""Believable calls, made up: each customer has a quality and a price of its own."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from cx_tui.ingest.calls import CallEnded, CallEvent, CallStarted

CENT = Decimal("0.0001")


@dataclass(frozen=True)
class Subscriber:
    """A customer who makes calls: how many at most, how many are up now."""

    customer_id: int
    channels: int
    live: int


class Simulator:
    """Makes calls begin and end, `rate` of them a second, as time goes on."""

    def __init__(self, subscribers: Iterable[Subscriber], rate: float, random: Random) -> None:
        self._random = random
        self._rate = rate
        self._limits = {one.customer_id: one.channels for one in subscribers}
        self._live = dict.fromkeys(self._limits, 0)
        self._callers = list(self._limits)
        self._quality = {one: random.triangular(0.08, 0.75, 0.45) for one in self._callers}
        self._price = {one: Decimal(random.randint(40, 900)) * CENT for one in self._callers}
        self._ends: list[tuple[float, int, int, CallEnded]] = []
        self._number = 0
        self._owed = 0.0
        for one in subscribers:
            for _ in range(one.live):
                self._begin(one.customer_id, random.uniform(-120.0, 0.0))

    def advance(self, now: float, seconds: float) -> list[CallEvent]:
        """What happens in the next `seconds` from `now`."""
        events: list[CallEvent] = []
        while self._ends and self._ends[0][0] <= now + seconds:
            _, _, customer_id, ended = heapq.heappop(self._ends)
            self._live[customer_id] -= 1
            events.append(ended)
        self._owed += self._rate * seconds
        while self._owed >= 1 and self._callers:
            self._owed -= 1
            # Some call far more than others.
            customer_id = self._callers[int(self._random.random() ** 2 * len(self._callers))]
            if self._live[customer_id] < self._limits[customer_id]:
                self._begin(customer_id, now)
                events.append(CallStarted(customer_id))
        return events

    def _begin(self, customer_id: int, now: float) -> None:
        random = self._random
        answered = random.random() < self._quality[customer_id]
        ringing = random.triangular(0.6, 11.0, 2.2)
        talk = random.expovariate(1 / 95) if answered else random.uniform(0, 18)
        charge = (
            (self._price[customer_id] * Decimal(int(talk)) / 60).quantize(CENT) if answered else Decimal(0)
        )
        ended = CallEnded(customer_id, answered, int(talk), int(ringing * 1000), charge)
        self._number += 1
        self._live[customer_id] += 1
        heapq.heappush(self._ends, (now + ringing + talk, self._number, customer_id, ended))
