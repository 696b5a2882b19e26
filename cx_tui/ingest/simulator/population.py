"""Who calls, and when: all customers by their weight, each in the busy hours of its own clock."""

from array import array
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import log
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

BUSY = (
    2.0, 1.4, 1.0, 0.9, 0.9, 1.3, 2.8, 6.0, 10.5, 14.5, 16.0, 15.5, 13.5, 14.0, 15.5, 15.0, 14.0, 11.5, 8.5,
    7.0, 6.0, 5.0, 4.0, 3.0,
)  # fmt: skip
"""How many calls an hour of a working day has, against the others."""
AT_WEEKENDS = 0.4
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Caller(NamedTuple):
    """A customer who may make calls."""

    customer_id: int
    channels: int
    currency: str
    zone: str = "UTC"
    address: str = ""
    """Where its calls come from; one that has none gets one that nobody has."""


@dataclass
class _Zone:
    """The customers of a zone, in columns: there may be a million."""

    clock: ZoneInfo
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    channels: "array[int]" = field(default_factory=lambda: array("l"))
    currencies: "array[int]" = field(default_factory=lambda: array("h"))
    weights: "array[float]" = field(default_factory=lambda: array("d"))
    """Each added to those before it."""


class Population:
    """Those who may call.  Some call far more than others, and those with many channels more than others."""

    def __init__(self, callers: Iterable[Caller] = (), *, seed: int = 1) -> None:
        self._seed = seed
        self._zones: dict[str, _Zone] = {}
        self._currencies: dict[str, int] = {}
        self._addresses: dict[int, str] = {}
        self._begin = self._end = LONG_AGO
        """The quarter of an hour that the shares are of."""
        self._shares: list[float] = []
        self.add(callers)

    def add(self, callers: Iterable[Caller]) -> None:
        """More of them."""
        self._begin = self._end = LONG_AGO
        for one in callers:
            zone = self._zones.get(one.zone)
            if zone is None:
                zone = self._zones[one.zone] = _Zone(_clock(one.zone))
            zone.ids.append(one.customer_id)
            if one.address:
                self._addresses[one.customer_id] = one.address
            zone.channels.append(one.channels)
            zone.currencies.append(self._currencies.setdefault(one.currency, len(self._currencies)))
            before = zone.weights[-1] if zone.weights else 0.0
            zone.weights.append(before + self._weight(one))
        self._names = list(self._currencies)

    def __len__(self) -> int:
        return sum(len(one.ids) for one in self._zones.values())

    def activity(self, moment: datetime) -> float:
        """How much is called at a moment, against the busiest hour there could be."""
        self._turn_to(moment)
        most = sum(one.weights[-1] for one in self._zones.values()) * max(BUSY)
        return self._shares[-1] / most if most else 0.0

    def pick(self, random: Random, moment: datetime) -> Caller:
        """Someone who calls at this moment."""
        self._turn_to(moment)
        draw = random.random
        zone = self._list[min(bisect(self._shares, draw() * self._shares[-1]), len(self._list) - 1)]
        weights = zone.weights
        at = min(bisect(weights, draw() * weights[-1]), len(weights) - 1)
        one = zone.ids[at]
        currency = self._names[zone.currencies[at]]
        return Caller(one, zone.channels[at], currency, zone.clock.key, self._addresses.get(one, ""))

    def by_hour(self, day: datetime, count: int) -> list[int]:
        """So many calls of a day, spread over its 24 hours (UTC)."""
        parts = list(accumulate(self.activity(day + timedelta(hours=hour, minutes=30)) for hour in range(24)))
        if not parts[-1]:
            return [0] * 24
        ends = [round(count * part / parts[-1]) for part in parts]
        return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]

    def _turn_to(self, moment: datetime) -> None:
        if self._begin <= moment < self._end:
            return
        hour = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
        self._begin, self._end = hour, hour + timedelta(minutes=15)
        self._list = list(self._zones.values())
        self._shares = list(
            accumulate(one.weights[-1] * _busy(hour.astimezone(one.clock)) for one in self._list)
        ) or [0.0]

    def _weight(self, one: Caller) -> float:
        chance = ((one.customer_id * 2654435761 + self._seed * 40503) % 4294967296 + 0.5) / 4294967296
        size: float = max(1, one.channels) ** 0.8
        return size * (0.02 + log(1 / chance) ** 2)


def _clock(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _busy(local: datetime) -> float:
    part = local.minute / 60
    now = BUSY[local.hour] * (1 - part) + BUSY[(local.hour + 1) % 24] * part
    return now * (AT_WEEKENDS if local.weekday() > 4 else 1.0)
