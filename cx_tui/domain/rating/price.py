"""The price of one call, as the trade says "30/6": the one place where that rule is.

The talk time is rounded to seconds by the card's rule; no talk costs nothing, not even the connect fee.
Else the first interval is billed whole, and beyond it as many next intervals as it takes.  The charge is
kept exact (in sixtieths of a millionth, as prices are per minute) and rounded once.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cx_tui.domain.kinds.choices import Labelled
from cx_tui.domain.rating.money import MICROS, micros, money, written

LONGEST = 86_400
"""Seconds that a call may last when nothing else ends it."""


class Rounding(Labelled):
    """Where a value between two steps goes."""

    UP = "up", "Up"
    HALF = "half", "Half up"
    DOWN = "down", "Down"


def divided(value: int, by: int, rounding: Rounding) -> int:
    """A value divided and rounded; up and half go away from zero, so that a credit mirrors a charge."""
    size = abs(value)
    if rounding is Rounding.UP:
        whole = -(-size // by)
    elif rounding is Rounding.HALF:
        whole = (2 * size + by) // (2 * by)
    else:
        whole = size // by
    return -whole if value < 0 else whole


@dataclass(frozen=True, slots=True)
class Rules:
    """How a rate card rounds: the length of talk, and the charge."""

    duration_rounding: Rounding = Rounding.UP
    duration_step: int = 1
    cost_rounding: Rounding = Rounding.HALF
    cost_decimals: int = 6

    def seconds(self, talk_ms: int) -> int:
        """The talk time in seconds."""
        step = max(1, self.duration_step)
        return divided(talk_ms, 1000 * step, self.duration_rounding) * step

    def charge(self, sixtieths: int) -> int:
        """An exact charge, rounded; in millionths."""
        unit: int = 10 ** (6 - self.cost_decimals)
        return divided(sixtieths, 60 * unit, self.cost_rounding) * unit

    def most(self, credit: int) -> int:
        """The largest exact charge (in sixtieths of a millionth) that is rounded to no more than a credit."""
        unit: int = 10 ** (6 - self.cost_decimals)
        whole = credit // unit
        if self.cost_rounding is Rounding.UP:
            return whole * unit * 60
        if self.cost_rounding is Rounding.HALF:
            return (2 * whole + 1) * unit * 30 - 1
        return (whole + 1) * unit * 60 - 1


PLAIN = Rules()


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a rate says of the price: millionths a minute and for the connection, first and next interval."""

    per_minute: int
    connect_fee: int = 0
    minimum: int = 1
    pulse: int = 1

    def billed(self, seconds: int) -> int:
        """The seconds that are billed for so many of talk."""
        if seconds <= 0:
            return 0
        if seconds <= self.minimum:
            return self.minimum
        pulse = max(1, self.pulse)
        return self.minimum - (self.minimum - seconds) // pulse * pulse

    def sixtieths(self, billed: int) -> int:
        """The exact charge of billed seconds, in sixtieths of a millionth."""
        return self.connect_fee * 60 + billed * self.per_minute if billed else 0


@dataclass(frozen=True, slots=True)
class Price:
    """What a call costs, and how that came about."""

    tariff: Tariff
    rules: Rules
    talk_seconds: int
    billed_seconds: int
    sixtieths: int

    @property
    def micros(self) -> int:
        """The charge without tax, in millionths."""
        return self.rules.charge(self.sixtieths)

    @property
    def charge(self) -> Decimal:
        """The charge without tax."""
        return money(self.micros)

    def paid(self, free: int) -> int:
        """The charge in millionths when so many of the billed seconds are free.  A call that is free in whole
        has no connect fee either."""
        return self.rules.charge(self.tariff.sixtieths(max(0, self.billed_seconds - free)))

    def gross(self, tax: Decimal) -> Decimal:
        """The charge with so many per cent of tax: from what was not rounded yet."""
        factor = 100 * MICROS + micros(tax)
        unit = 10 ** (6 - self.rules.cost_decimals)
        whole = divided(self.sixtieths * factor, 60 * 100 * MICROS * unit, self.rules.cost_rounding)
        return money(whole * unit)

    @property
    def sum(self) -> str:
        """The sum as it is written: `0.15 + 66 s x 0.05/60 = 0.205 -> 0.21`."""
        if not self.billed_seconds:
            return "nothing, as there was no talk"
        fee = f"{written(self.tariff.connect_fee)} + " if self.tariff.connect_fee else ""
        exact = exactly(self.sixtieths)
        rounded = written(self.micros, self.rules.cost_decimals if self.rules.cost_decimals < 6 else 2)
        end = "" if exact == rounded else f" -> {rounded}"
        return f"{fee}{self.billed_seconds} s x {written(self.tariff.per_minute)}/60 = {exact}{end}"


def exactly(sixtieths: int) -> str:
    """An exact charge in decimals; one that has no end is cut after ten, and says so."""
    value = Fraction(sixtieths, 60 * MICROS)
    ten = value * 10**10
    whole = abs(ten.numerator) // ten.denominator
    decimals = f"{whole % 10**10:010}".rstrip("0").ljust(2, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{whole // 10**10:,}.{decimals}{'' if ten.denominator == 1 else '...'}"


def price(tariff: Tariff, rules: Rules, talk_ms: int) -> Price:
    """The price of a call that was answered and talked for so long; 0 when it was not."""
    seconds = rules.seconds(talk_ms) if talk_ms > 0 else 0
    billed = tariff.billed(seconds)
    return Price(tariff, rules, seconds, billed, tariff.sixtieths(billed))


def longest(tariff: Tariff, rules: Rules, credit: int, at_most: int = LONGEST, free: int = 0) -> int:
    """The most seconds of talk that a credit (in millionths) pays for, when so many of the billed ones are
    free; 0 when not even the first interval.  The connect fee is paid as soon as any second is."""
    first = tariff.billed(1)
    budget = rules.most(credit) - tariff.connect_fee * 60
    if tariff.per_minute <= 0 and budget >= first * tariff.per_minute:
        return at_most
    billed = free + (max(0, budget // tariff.per_minute) if tariff.per_minute > 0 else 0)
    if billed < first:
        return 0
    pulse = max(1, tariff.pulse)
    return min(at_most, first + (billed - first) // pulse * pulse)
