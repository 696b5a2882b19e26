"""Credit for calls at the same time: each has its own part, so together they never take more.

A call gets at most half of what can still be spent, but as much as a call of usual length costs, if that is
there; so the next calls find something.  What it may cost is reserved until it ends.  An end that is never
told frees its part by itself when the call can't be up any more.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from heapq import heappop, heappush

from cx_tui.decide.sharing import Wish
from cx_tui.domain.admission.engine import Decision
from cx_tui.domain.admission.facts import Account, Customer
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

    customer: int
    account: Account
    amount: int
    """In millionths of the customer's currency."""
    tariff: Tariff
    rules: Rules
    since: float
    until: float
    free: int = 0
    """Free seconds that it may take."""


class Reservations:
    """The calls that are up, by their keys, with what is reserved for each."""

    def __init__(self, most: int = LONGEST, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._clock = clock
        self._calls: dict[str, Reserved] = {}
        self._ends: list[tuple[float, str]] = []
        self.changed: dict[str, None] = {}
        """Keys of which something has changed since it was last written down."""

    def __len__(self) -> int:
        return len(self._calls)

    def keys(self) -> Collection[str]:
        """The keys of the calls that are up."""
        return self._calls.keys()

    def take(self, key: str, decision: Decision, parts: int = 1) -> int:
        """Reserve for an admitted call; says how many seconds it may last.

        Of what can be spent a call gets something out of one of so many parts.
        """
        price, customer = decision.tariff, decision.customer
        if price is None or customer is None or not decision.takes_money:
            return min(decision.seconds, self.most)
        left = shares_of(customer.account, decision.spendable, decision.free, parts)
        return self.reserve(key, customer, price, left, decision.seconds)

    def reserve(
        self, key: str, customer: Customer, price: tuple[Tariff, Rules], left: tuple[int, int], most: int
    ) -> int:
        """Reserve for a call that costs something, of the money and the free seconds that are left for it;
        says how many seconds it may last, 0 for none."""
        tariff, rules = price
        spendable, free = max(0, left[0]), max(0, left[1])
        most = min(most, self.most)
        seconds = longest(tariff, rules, spendable // 2, most, free // 2)
        if seconds < most:
            whole = longest(tariff, rules, spendable, most, free)
            seconds = max(seconds, min(whole, max(SHORTEST, customer.acd_seconds)))
        free = min(free, tariff.billed(seconds))
        amount = cost(tariff, rules, seconds, free)
        if key and (amount or free):
            self.put(key, customer, price, (amount, free), RINGS + seconds + SETTLES)
        return seconds

    def put(
        self,
        key: str,
        customer: Customer,
        price: tuple[Tariff, Rules],
        taken: tuple[int, int],
        lasts: float,
    ) -> None:
        """Note the money and the free seconds that are reserved for a call, for so many seconds at most."""
        now, (amount, free) = self._clock(), taken
        self._calls[key] = Reserved(customer.id, customer.account, amount, *price, now, now + lasts, free)
        customer.account.reserved += amount
        customer.account.free_reserved += free
        heappush(self._ends, (now + lasts, key))
        self.changed[key] = None

    def wish_of(self, key: str) -> tuple[Wish, tuple[int, int], float] | None:
        """What a call wishes, the money and free seconds that are reserved for it, and for how many seconds
        still; None when nothing is."""
        call = self._calls.get(key)
        if call is None:
            return None
        left = call.until - self._clock()
        return Wish(key, call.customer, call.tariff, call.rules, int(left)), (call.amount, call.free), left

    def end(self, key: str, *, answered: bool) -> bool:
        """A call is over: what it can't have cost is free again, and the rest when its record is there."""
        call = self._calls.get(key)
        if call is None:
            return False
        now = self._clock()
        if not answered:
            self.free(key)
            return True
        talked = int(now - call.since) + 1
        spent = min(call.amount, cost(call.tariff, call.rules, talked, call.free))
        used = min(call.free, call.tariff.billed(talked))
        call.account.reserved -= call.amount - spent
        call.account.free_reserved -= call.free - used
        call.amount, call.free, call.until = spent, used, now + SETTLES
        self.changed[key] = None
        heappush(self._ends, (call.until, key))
        return True

    def free(self, key: str) -> None:
        """Nothing is reserved for a call any more."""
        if call := self._calls.pop(key, None):
            call.account.reserved -= call.amount
            call.account.free_reserved -= call.free
            self.changed[key] = None

    def expire(self) -> None:
        """Free what was reserved for calls that can't be up any more."""
        now = self._clock()
        while self._ends and self._ends[0][0] <= now:
            until, key = heappop(self._ends)
            call = self._calls.get(key)
            if call is not None and call.until <= until:
                self.free(key)


def shares_of(account: Account, spendable: int, free: int, parts: int) -> tuple[int, int]:
    """What is left of one of so many equal parts of a customer's money and free seconds, by what was given
    out of it here."""
    return _part(spendable, account.reserved, parts), _part(free, account.free_reserved, parts)


def _part(left: int, reserved: int, parts: int) -> int:
    return (left + reserved) // parts - reserved


def cost(tariff: Tariff, rules: Rules, seconds: int, free: int = 0) -> int:
    """What so many seconds of talk cost when some of the billed ones are free, in millionths."""
    return rules.charge(tariff.sixtieths(max(0, tariff.billed(seconds) - free)))
