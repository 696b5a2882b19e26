"""The counters of a customer: its money, its calls of the last day, and what is up now."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from math import exp
from random import Random
from typing import Any

from cx_tui.domain.records.customer import Status

COLUMNS = (
    "customer_id",
    "balance",
    "live",
    "cps",
    "last_call_at",
    "day",
    "attempts",
    "connected",
    "answered_seconds",
    "total_seconds",
    "ring_ms",
    "day_spend",
    "asr",
    "acd",
    "acd_all",
    "pdd",
    "contacts",
    "emails_verified",
    "mobiles_verified",
)

ZERO = Decimal(0)
A_DAY = 86_400
MOST_ATTEMPTS = 150_000
"""So that milliseconds to ringing fit their column."""

NO_CALLS = (None, 0, 0, 0, 0, 0, ZERO, None, None, None, None)

Figures = tuple[Any, ...]


def amount(number: float, places: int = 2) -> Decimal:
    """An amount with so many decimal places."""
    return Decimal(round(number * 10**places)).scaleb(-places)


class Traffic:
    """Draws counters as of one moment."""

    def __init__(self, rng: Random, now: datetime) -> None:
        self._random = rng.random
        self._now = now
        self._of_today = (now.hour * 3600 + now.minute * 60 + now.second) / A_DAY
        self._days: dict[date, date] = {}
        self._sizes = tuple(min(9.0, exp(rng.gauss(3.2, 1.6))) for _ in range(4000))
        self._moneys = tuple(exp(rng.gauss(5.2, 1.5)) for _ in range(20_000))
        self._asrs = tuple(min(0.93, max(0.05, rng.betavariate(4.5, 5.5))) for _ in range(4000))
        self._acds = tuple(min(480.0, max(20.0, exp(rng.gauss(4.9, 0.55)))) for _ in range(4000))
        self._pdds = tuple(min(12.0, max(0.8, exp(rng.gauss(0.95, 0.5)))) for _ in range(4000))
        self._rates = tuple(min(0.3, exp(rng.gauss(-4.6, 0.8))) for _ in range(4000))

    def balance(self, status: Status, debit_limit: Decimal, units: int) -> Decimal:
        """What is on the account: above its limit mostly, as calls stop there."""
        chance = self._random()
        money = self._moneys[int(self._random() * 20_000)] * units
        if status is Status.PENDING_APPROVAL:
            return ZERO if chance < 0.7 else amount(money / 10)
        if debit_limit > 0:
            owed = float(debit_limit) * self._random()
            return amount(
                money if chance < 0.3 else -owed if chance < 0.96 else -owed / 20 - float(debit_limit)
            )
        if chance < 0.05:
            return ZERO if chance < 0.02 else amount(-money / 100)
        return amount(money - float(debit_limit))

    def calls(
        self,
        status: Status,
        channels: int,
        flow_speed: int,
        cap: Decimal | None,
        units: int,
        since: datetime,
        can_call: bool,
    ) -> Figures:
        """Live channels, calls a second, the last call, and the figures of its day."""
        random = self._random
        if not channels or status is Status.PENDING_APPROVAL:
            return (0, 0.0, None, *NO_CALLS)
        live, cps = 0, 0.0
        if status is Status.ACTIVE and can_call and random() < 0.032:
            live = 1 + int(channels * random() ** 2)
            cps = round(live * (0.01 + random() / 20), 1)
            cps = min(cps, float(flow_speed)) if flow_speed else cps
            ago = random() * 90
        else:
            ago = self._ago(status)
        last = self._now - timedelta(seconds=int(ago))
        if ago < 0 or last < since:
            return (0, 0.0, None, *NO_CALLS)
        return (live, cps, last, *self._figures(last, channels, cap, units))

    def _ago(self, status: Status) -> float:
        """Seconds since the last call; below 0 there was none."""
        random = self._random
        chance = random()
        if status is Status.ACTIVE:
            if chance < 0.05:
                return -1
            return random() ** 3 * 2 * A_DAY if chance < 0.82 else A_DAY * (1 + random() ** 3 * 200)
        if status is Status.PENALTY:
            return A_DAY * 40 * random()
        return -1 if chance < 0.15 else A_DAY * (30 + 1500 * random() ** 2)

    def _figures(self, last: datetime, channels: int, cap: Decimal | None, units: int) -> Figures:
        random = self._random
        day = last.date()
        day = self._days.setdefault(day, day)
        today = day == self._now.date()
        part = self._of_today if today else 1.0
        attempts = min(MOST_ATTEMPTS, 1 + int(channels * part * self._sizes[int(random() * 4000)]))
        connected = min(attempts, round(attempts * self._asrs[int(random() * 4000)]))
        answered = int(connected * self._acds[int(random() * 4000)])
        total = answered + int((attempts - connected) * (4 + 14 * random()))
        ring_ms = int(attempts * self._pdds[int(random() * 4000)] * 1000)
        spend = amount(answered / 60 * self._rates[int(random() * 4000)] * units, 4)
        if cap is not None and today:
            if random() < 0.05:
                spend = cap + amount(random() * units)
            elif spend > cap:
                spend = amount(float(cap) * (0.2 + 0.7 * random()))
        return (
            day,
            attempts,
            connected,
            answered,
            total,
            ring_ms,
            spend,
            100 * connected / attempts,
            answered / connected if connected else None,
            total / attempts,
            ring_ms / 1000 / attempts,
        )
