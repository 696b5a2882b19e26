"""Prices for very many calls at once, column by column: the same rule as for one call, in whole numbers.

The longest prefix of a card that is valid when the call began decides; the first interval is billed whole,
beyond it as many next intervals as it takes; the charge is exact in sixtieths of a millionth, and rounded
once.  An answered call without talk costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cx_tui.calls.frames import C

RATES = {
    "card": pl.Int32, "prefix": pl.String, "destination": pl.String, "per_minute": pl.Int64,
    "connect_fee": pl.Int64, "minimum": pl.Int64, "pulse": pl.Int64, "valid_from": pl.Int64,
    "valid_to": pl.Int64,
}  # fmt: skip
"""The columns of rates: amounts in millionths, moments in microseconds, none is always."""

UP, HALF, DOWN = "up", "half", "down"


@dataclass(frozen=True, kw_only=True)
class Rounding:
    """How a card rounds: the talk to steps of seconds, the charge to decimals."""

    seconds: str = UP
    step: int = 1
    charge: str = HALF
    decimals: int = 6


@dataclass(frozen=True)
class Rates:
    """The rates of cards, ready to be looked up."""

    frame: pl.DataFrame
    lengths: Sequence[int]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> "Rates":
        """Rates of a frame."""
        whole = frame.select(C(name).cast(kind) for name, kind in RATES.items())
        lengths = whole["prefix"].str.len_bytes().unique().sort(descending=True).to_list()
        return cls(whole.with_columns(length=C.prefix.str.len_bytes()), lengths)


def priced(
    calls: pl.DataFrame, cards: pl.DataFrame, rates: Rates, *, rounding: Rounding, number: str = "number"
) -> pl.DataFrame:
    """Calls with the prices of their customers' cards (`customer_id`, `card`), in the same order; a call
    without a rate says so."""
    numbered = calls.with_row_index("_row").join(
        cards.select("customer_id", "card"), on="customer_id", how="left"
    )
    found = _looked_up(numbered, rates, number)
    whole = numbered.join(found, on="_row", how="left", maintain_order="left")
    talked = C.answered.is_not_null() & (C.talk_ms > 0)
    known = C.per_minute.is_not_null()
    seconds = _divided(C.talk_ms, 1000 * rounding.step, rounding.seconds) * rounding.step
    beyond = (seconds - C.minimum).clip(lower_bound=0)
    billed = C.minimum + _divided(beyond, C.pulse, UP) * C.pulse
    sixtieths = C.connect_fee * 60 + billed * C.per_minute
    unit = 10 ** (6 - rounding.decimals)
    charge = _divided(sixtieths, 60 * unit, rounding.charge) * unit
    none = pl.format("no rate for {}", C(number))
    return whole.with_columns(
        billed_seconds=pl.when(talked & known).then(billed).otherwise(0).cast(pl.Int32),
        charge=pl.when(known & talked).then(charge).when(~talked).then(0),
        prefix=C.found_prefix.fill_null(""),
        destination=C.found_destination.fill_null(""),
        unrated=pl.when(known | ~talked).then(pl.lit("")).otherwise(none),
    ).select(calls.columns)


def _looked_up(numbered: pl.DataFrame, rates: Rates, number: str) -> pl.DataFrame:
    """The rate of each call, by its row: the longest prefix first, what is found is not looked for again."""
    left = numbered.select("_row", "card", "start", C(number).alias("_number"))
    found = []
    for length in rates.lengths:
        if left.is_empty():
            break
        of_length = rates.frame.filter(C.length == length)
        begun = left.with_columns(prefix=C._number.str.slice(0, length))
        near = begun.join(of_length, on=["card", "prefix"], how="inner").filter(
            C.valid_from.is_null() | (C.valid_from <= C.start),
            C.valid_to.is_null() | (C.start < C.valid_to),
        )
        # Of several that hold, the one that began last.
        near = (
            near.sort("valid_from", nulls_last=False).unique("_row", keep="last")
            if _several(of_length)
            else near
        )
        found.append(near)
        left = left.join(near.select("_row"), on="_row", how="anti")
    empty = pl.DataFrame(schema={"_row": pl.UInt32, "prefix": pl.String, **RATES})
    rows = pl.concat(found, how="diagonal_relaxed") if found else empty
    named = {"prefix": "found_prefix", "destination": "found_destination"}
    return rows.select(
        "_row", "per_minute", "connect_fee", "minimum", "pulse", *(C(a).alias(b) for a, b in named.items())
    )


def _several(rates: pl.DataFrame) -> bool:
    return rates.select("card", "prefix").is_duplicated().any()


def _divided(value: pl.Expr, by: pl.Expr | int, rounding: str) -> pl.Expr:
    """Divided and rounded; a half, and up, go away from zero."""
    size = value.abs()
    whole = {
        UP: (size + by - 1) // by,
        HALF: (2 * size + by) // (2 * by),
        DOWN: size // by,
    }[rounding]
    return pl.when(value < 0).then(-whole).otherwise(whole)
