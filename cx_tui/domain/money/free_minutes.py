"""Free minutes: which packages hold for a call, and how many of its billed seconds each of them pays.

The package with the longest of its prefixes that the number begins with is used first, then the older one.
A call that has more seconds than are left is split: the rest is paid.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cx_tui.domain.money.periods import Spell, period_of_day
from cx_tui.domain.records.package import Frequency


class Place(NamedTuple):
    """A period of a customer's package, by its first day."""

    own_id: int
    period: date


class Taken(NamedTuple):
    """Seconds of a period."""

    place: Place
    seconds: int


@dataclass(frozen=True, slots=True)
class Held:
    """A package with free minutes that a customer has."""

    own_id: int
    """The number of the customer's package."""
    seconds: int
    """What a whole period has."""
    starts: date
    ends: date | None = None
    frequency: Frequency = Frequency.MONTHLY
    days: tuple[int, ...] = ()
    destinations: tuple[str, ...] = ()

    def period(self, day: date) -> Spell | None:
        """The period of a day; none when it does not hold then."""
        return period_of_day(self, self.starts, self.ends, day)

    def reach(self, number: str) -> int | None:
        """How many digits of a number it names; none when it does not hold for it."""
        if not self.destinations:
            return 0
        named = (len(prefix) for prefix in self.destinations if number.startswith(prefix))
        return max(named, default=None)

    def granted(self, spell: Spell) -> int:
        """The seconds that a period has; a part of one has its part of them."""
        return int(self.seconds * spell.share)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of the newest period of a customer's package of which calls have taken any."""

    own_id: int
    period: date
    seconds: int


def that_hold(held: Iterable[Held], number: str, day: date) -> list[tuple[Held, Spell]]:
    """Those that hold for a call, in the order in which they are used."""
    found = []
    for one in held:
        reach, spell = one.reach(number), one.period(day)
        if reach is not None and spell is not None:
            found.append((-reach, one.own_id, one, spell))
    return [(one, spell) for *_, one, spell in sorted(found, key=lambda item: item[:2])]


def left_in(one: Held, spell: Spell, newest: Iterable[Left]) -> int:
    """The seconds that are left of a period, by what is known of the newest ones: older ones have none."""
    for known in newest:
        if known.own_id == one.own_id and known.period >= spell.first:
            return known.seconds if known.period == spell.first else 0
    return one.granted(spell)


def split(billed: int, places: Sequence[Place], left: Mapping[Place, int]) -> list[Taken]:
    """How many of the billed seconds each of these periods pays."""
    found = []
    for place in places:
        seconds = min(billed, left[place])
        if seconds > 0:
            found.append(Taken(place, seconds))
            billed -= seconds
    return found
