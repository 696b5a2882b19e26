"""Rate cards: which rate holds for a number at a moment, found in an index of all prefixes of a card."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cx_tui.domain.kinds.choices import Labelled
from cx_tui.domain.rating.price import PLAIN, Rules, Tariff


class Side(Labelled):
    """Who pays by a card."""

    CUSTOMER = "customer", "Customer"
    CARRIER = "carrier", "Carrier"


class Strategy(Labelled):
    """How the carriers of a card are ordered."""

    PRIORITY = "priority", "Priority"
    LEAST_COST = "least_cost", "Least cost"
    PERCENTAGE = "percentage", "Percentage"


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of the numbers with a prefix, from a moment until just before another."""

    id: int
    prefix: str
    tariff: Tariff
    destination: str = ""
    blocked: bool = False
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def valid(self, moment: datetime) -> bool:
        """Whether it holds then: from <= moment < to."""
        begun = self.valid_from is None or self.valid_from <= moment
        return begun and (self.valid_to is None or moment < self.valid_to)


@dataclass(slots=True)
class RateCard:
    """A card and its rates."""

    id: int
    name: str
    currency: str
    side: Side = Side.CUSTOMER
    rules: Rules = PLAIN
    carrier_id: int | None = None
    strategy: Strategy = Strategy.PRIORITY
    attempt_fee: int = 0
    """What a carrier takes each time it is tried, answered or not; in millionths."""
    _rates: dict[str, Rate | tuple[Rate, ...]] = field(default_factory=dict)
    _lengths: tuple[int, ...] = ()
    """The lengths of prefixes that there are, the longest first."""

    @classmethod
    def of(cls, rates: Iterable[Rate], **card: object) -> "RateCard":
        """A card with rates."""
        made = cls(**card)  # type: ignore[arg-type]  # the caller's words are checked by the class
        for rate in rates:
            made.add(rate)
        return made

    def add(self, rate: Rate) -> None:
        """Add a rate; of several of a prefix, the one that began last holds."""
        known = self._rates.get(rate.prefix)
        if known is None:
            self._rates[rate.prefix] = rate
            if len(rate.prefix) not in self._lengths:
                self._lengths = tuple(sorted((*self._lengths, len(rate.prefix)), reverse=True))
            return
        several = (*(known if isinstance(known, tuple) else (known,)), rate)
        self._rates[rate.prefix] = tuple(sorted(several, key=_begin, reverse=True))

    def __len__(self) -> int:
        return len(self._rates)

    def attempt(self, tariff: Tariff, billed: int) -> int:
        """What an attempt costs that so many seconds are billed of; exact, in sixtieths of a millionth."""
        return self.attempt_fee * 60 + tariff.sixtieths(billed)

    def rate_of(self, number: str, moment: datetime) -> Rate | None:
        """The rate of the longest prefix of a number that is valid then."""
        rates, digits = self._rates, len(number)
        for length in self._lengths:
            if length <= digits and (found := rates.get(number[:length])) is not None:
                if isinstance(found, tuple):
                    for rate in found:
                        if rate.valid(moment):
                            return rate
                elif found.valid_from is None is found.valid_to or found.valid(moment):
                    return found
        return None

    def rates(self) -> Iterator[Rate]:
        """Every rate."""
        for found in self._rates.values():
            yield from found if isinstance(found, tuple) else (found,)


def _begin(rate: Rate) -> tuple[bool, float, int]:
    """The order of rates of a prefix: when it begins, and of two the one that was added last."""
    begin = rate.valid_from
    return begin is not None, begin.timestamp() if begin else 0.0, rate.id
