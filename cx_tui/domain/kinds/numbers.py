"""Kinds of numbers.  Nothing is guessed: scientific notation, odd digits and lost places are refused."""

import re
from decimal import Decimal
from typing import Any

from cx_tui.domain.kinds.base import Align, BadValue, Kind, plain, quote

SCIENTIFIC = re.compile(r"[+-]?[0-9][0-9.,]*[eE][+-]?[0-9]+")
GROUPED = re.compile(r"([+-]?[0-9]{1,3})((?:,[0-9]{3})+)(\.[0-9]+)?")
WHOLE = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")


def scientific(text: str) -> str:
    """What is wrong with scientific notation: digits are missing."""
    return f"{quote(text)} is in scientific notation; write all of its digits"


def _digits(text: str) -> str:
    """The number's text without thousands separators; scientific notation is refused."""
    text = plain(text)
    if SCIENTIFIC.fullmatch(text):
        raise BadValue(scientific(text))
    return text.replace(",", "") if GROUPED.fullmatch(text) else text


class Integer(Kind):
    """A whole number."""

    align: Align = "right"
    plain_texts = r"0|-?[1-9][0-9]{0,17}"

    def __init__(self, minimum: int = 0, maximum: int = 2**31 - 1, width: int = 9) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.width = width

    def parse(self, text: str) -> Any:
        digits = _digits(text)
        if not WHOLE.fullmatch(digits):
            raise BadValue(f"{quote(text)} is not a whole number; write digits only, like 120")
        if len(digits) > 20 or not self.minimum <= int(digits) <= self.maximum:
            raise BadValue(f"{quote(text)} is out of range; {self.minimum} to {self.maximum} is possible")
        return int(digits)

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:,}"


class Integers(Kind):
    """Several whole numbers, each once, in their order."""

    width = 14

    def __init__(self, minimum: int, maximum: int) -> None:
        self.each = Integer(minimum, maximum)
        self.example = f"{minimum}, {maximum}"

    def parse(self, text: str) -> Any:
        words = filter(None, re.split(r"[\s,;]+", plain(text, also="\n\t")))
        return tuple(sorted(set(map(self.each.parse, words))))

    def write(self, value: Any) -> str:
        return ", ".join(map(str, value or ()))


class Exact(Kind):
    """A decimal number that keeps every digit or is refused."""

    align: Align = "right"
    plain_texts = r"0|-?[1-9][0-9]{0,11}|(?:0|-?[1-9][0-9]{0,11})\.[0-9]{1,4}"

    def __init__(self, minimum: Decimal, maximum: Decimal, places: int, width: int) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.places = places
        self.width = width

    def parse(self, text: str) -> Any:
        digits = _digits(text)
        found = DECIMAL.fullmatch(digits)
        if not found or not digits.strip("+-."):
            raise BadValue(f"{quote(text)} is not a number; write it like {self.example}")
        if len((found[3] or "").rstrip("0")) > self.places:
            raise BadValue(f"{quote(text)} has more than {self.places} decimal places")
        whole, places = found[2].lstrip("0"), (found[3] or "")[: self.places]
        number = Decimal(f"{found[1]}{whole[:20] or 0}.{places}") + 0
        if len(whole) > 20 or not self.minimum <= number <= self.maximum:
            raise BadValue(f"{quote(text)} is out of range; {self.minimum:f} to {self.maximum:f} is possible")
        return number

    def write(self, value: Any) -> str:
        return "" if value is None else f"{trimmed(value):f}"


class Money(Exact):
    """An amount of money, in the customer's currency, to a millionth."""

    example = "12.50"

    def __init__(self, minimum: str = "0") -> None:
        super().__init__(Decimal(minimum), Decimal("999999999999"), 6, width=14)

    def means(self, text: str, currency: str = "") -> str:
        """The amount with its thousands apart, and its currency."""
        try:
            amount = self.show(self.parse(text)) if text.strip() else ""
        except BadValue:
            return ""
        return amount and f"{amount} {currency or 'in the currency of the customer'}"

    def show(self, value: Any) -> str:
        return "" if value is None else f"{trimmed(value):,f}"


class Percent(Exact):
    """A percentage from 0 to 100."""

    example = "20"

    def __init__(self) -> None:
        super().__init__(Decimal(0), Decimal(100), 4, width=7)

    def parse(self, text: str) -> Any:
        return super().parse(plain(text).removesuffix("%"))

    def write(self, value: Any) -> str:
        return "" if value is None else f"{trimmed(value, 0):f}"


def trimmed(value: Decimal, places: int = 2) -> Decimal:
    """The same amount without idle zeros, but with at least `places` decimals."""
    if value.as_tuple().exponent >= -places:  # type: ignore[operator]  # no NaN comes here
        return value.quantize(Decimal(1).scaleb(-places))
    short = value.normalize()
    return short if short.as_tuple().exponent < -places else short.quantize(Decimal(1).scaleb(-places))  # type: ignore[operator]


class Figure(Kind):
    """A measured figure: shown, never typed."""

    align: Align = "right"

    def parse(self, text: str) -> Any:
        raise BadValue("this figure is measured; it can't be typed")


class Ratio(Figure):
    """A measured percentage."""

    width = 6

    def show(self, value: Any) -> str:
        return "" if value is None else f"{value:.1f}"


class Rate(Figure):
    """So many a second."""

    width = 6

    def show(self, value: Any) -> str:
        return f"{value:.1f}" if value else ""


class CallSeconds(Figure):
    """A length of time in calls: tenths below ten seconds, minutes above (3:12)."""

    width = 7

    def __init__(self, tenths: bool = False) -> None:
        self.tenths = tenths

    def show(self, value: Any) -> str:
        if value is None:
            return ""
        return f"{value:.1f}" if self.tenths else f"{int(value) // 60}:{int(value) % 60:02}"
