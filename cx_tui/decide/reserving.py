"""Credit for calls at the same time: each has its own part, so together they never take more.

A call gets at most half of what can still be spent, but as much as a call of usual length costs, if that is
there; so the next calls find something.  What it may cost is reserved until it ends.  An end that is never
told frees its part by itself when the call can't be up any more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush

from cx_tui.domain.admission.engine import Decision
from cx_tui.domain.admission.facts import Account
from cx_tui.domain.rating.price import Rules, Tariff, longest

LONGEST = 7_200
"""Seconds of talk that a call gets at most."""
SHORTEST = 60
RINGS = 180.0
"""Seconds that a call may ring."""
SETTLES = 10.0
"""Seconds after its end until its record has changed the balance."""


@dataclass(slots=True)
class Reserved:
    """What is reserved for a call that is up."""

    account: Account
    amount: int
    """In millionths of the customer's currency."""
    tariff: Tariff
    rules: Rules
    since: float
    until: float


class Reservations:
    """The calls that are up, by their keys, with what is reserved for each."""

    def __init__(self, most: int = LONGEST, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._clock = clock
        self._calls: dict[str, Reserved] = {}
        self._ends: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._calls)

    def take(self, key: str, decision: Decision) -> int:
        """Reserve for an admitted call; says how many seconds it may last."""
        seconds = min(decision.seconds, self.most)
        price, customer = decision.tariff, decision.customer
        if price is None or customer is None:
            return seconds
        tariff, rules = price
        half = longest(tariff, rules, max(0, decision.spendable // 2), seconds)
        seconds = max(half, min(seconds, max(SHORTEST, customer.acd_seconds)))
        amount = cost(tariff, rules, seconds)
        if key and amount:
            now = self._clock()
            until = now + RINGS + seconds + SETTLES
            self._calls[key] = Reserved(customer.account, amount, tariff, rules, now, until)
            customer.account.reserved += amount
            heappush(self._ends, (until, key))
        return seconds

    def end(self, key: str, *, answered: bool) -> bool:
        """A call is over: what it can't have cost is free again, and the rest when its record is there."""
        call = self._calls.get(key)
        if call is None:
            return False
        now = self._clock()
        if not answered:
            self.free(key)
            return True
        spent = min(call.amount, cost(call.tariff, call.rules, int(now - call.since) + 1))
        call.account.reserved -= call.amount - spent
        call.amount, call.until = spent, now + SETTLES
        heappush(self._ends, (call.until, key))
        return True

    def free(self, key: str) -> None:
        """Nothing is reserved for a call any more."""
        if call := self._calls.pop(key, None):
            call.account.reserved -= call.amount

    def expire(self) -> None:
        """Free what was reserved for calls that can't be up any more."""
        now = self._clock()
        while self._ends and self._ends[0][0] <= now:
            until, key = heappop(self._ends)
            call = self._calls.get(key)
            if call is not None and call.until <= until:
                self.free(key)


def cost(tariff: Tariff, rules: Rules, seconds: int) -> int:
    """What so many seconds of talk cost, in millionths."""
    return rules.charge(tariff.sixtieths(tariff.billed(seconds)))
