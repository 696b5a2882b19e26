"""What a spreadsheet may have done to the cells of a column: it can't be known, so it is warned of."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

KEPT_DIGITS, MOST_DIGITS = 15, 40
"""So many digits of a number does a spreadsheet keep, and nobody writes more."""

NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Doubt:
    """One thing that may have been done, and in which cells of a column."""

    sentence: str
    where: Callable[[pl.Series], pl.Series]


def _shorter(texts: pl.Series) -> pl.Series:
    """Which texts are digits, one less than nearly all others have."""
    digits = texts.str.contains(r"^[0-9]+$")
    length = texts.str.len_bytes()
    usual = length.filter(digits).mode().max()
    if not isinstance(usual, int) or usual < 4 or digits.sum() < len(texts) * NEARLY_ALL:
        return _nowhere(texts)
    return digits & (length == usual - 1)


def _rounded(texts: pl.Series) -> pl.Series:
    """Which texts are so many digits as nearly all of these a spreadsheet would have changed."""
    long = texts.str.contains(rf"^[0-9]{{{KEPT_DIGITS + 1},{MOST_DIGITS}}}$")
    places = long.arg_true()
    rounded = pl.Series([_is_rounded(text) for text in texts.gather(places)], dtype=pl.Boolean)
    if rounded.sum() < max(1, len(places) * NEARLY_ALL):
        return _nowhere(texts)
    return _nowhere(texts).scatter(places, rounded)


def _is_rounded(digits: str) -> bool:
    number = int(digits)
    return not digits[KEPT_DIGITS:].strip("0") or (number > 2**53 and int(float(number)) == number)


def _shares(texts: pl.Series) -> pl.Series:
    """Which texts are less than one, if all of them are."""
    numbers = texts.cast(pl.Float64, strict=False).fill_null(0)
    return numbers > 0 if numbers.max() < 1 else _nowhere(texts)  # type: ignore[operator]  # of no null


def _nowhere(texts: pl.Series) -> pl.Series:
    return pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)


SHORTER = Doubt("it has one digit less than the others; a leading zero may be lost", _shorter)
ROUNDED = Doubt("a spreadsheet keeps 15 digits of a number; the last ones may be lost", _rounded)
SHARES = Doubt("it is less than 1 %; a spreadsheet may have written 20 % as 0.2", _shares)

DOUBTS = {"shorter": SHORTER, "rounded": ROUNDED, "shares": SHARES}
"""The doubts by the names that fields know them by."""
