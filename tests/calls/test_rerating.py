"""Prices made column by column are those that exact decimals give, call by call."""

from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import count

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.calls.frames import calls_of, frame_of_calls
from cx_tui.calls.rerating import DOWN, HALF, RATES, UP, Rates, Rounding, priced
from cx_tui.db.types import instant
from cx_tui.domain.calls.call import Call
from tests.calls.made import NOON, a_call

WAYS = {UP: ROUND_CEILING, HALF: ROUND_HALF_UP, DOWN: ROUND_FLOOR}
CARDS = pl.DataFrame({"customer_id": [1, 2], "card": [7, 8]})


def rates(*rows: tuple[int, str, int, int, int, int, datetime | None, datetime | None]) -> Rates:
    """Rates: card, prefix, a minute, connect fee, minimum, pulse, valid from and to."""
    named = [
        (card, prefix, f"to {prefix}", minute, fee, least, pulse, *(t and instant(t) for t in times))
        for card, prefix, minute, fee, least, pulse, *times in rows
    ]
    return Rates.of(pl.DataFrame(named, schema=RATES, orient="row"))


def one(call: Call, table: Rates, rounding: Rounding | None = None) -> Call:
    (found,) = calls_of(priced(frame_of_calls([call]), CARDS, table, rounding=rounding or Rounding()))
    return found


def test_the_trades_examples_are_billed_as_the_trade_says() -> None:
    table = rates((7, "44", 60_000, 0, 60, 6, None, None), (7, "49", 60_000, 0, 30, 60, None, None))
    billed = {
        ("44", 10): 60, ("44", 60): 60, ("44", 60.001): 66, ("44", 61): 66, ("44", 67): 72, ("49", 12): 30,
        ("49", 31): 90,
    }  # fmt: skip
    for (prefix, talk), seconds in billed.items():
        assert one(a_call(talk=talk, number=f"{prefix}123"), table).billed_seconds == seconds, (prefix, talk)


def test_the_longest_prefix_that_was_valid_then_decides() -> None:
    later = NOON + timedelta(hours=1)
    table = rates(
        (7, "44", 1, 0, 1, 1, None, None),
        (7, "447", 2, 0, 1, 1, None, later),
        (7, "447", 3, 0, 1, 1, later, None),
        (8, "4479", 9, 0, 1, 1, None, None),
    )
    call = a_call(talk=60, number="4479")
    assert one(call, table).charge == Decimal("0.000002")
    assert one(a_call(talk=60, number="4479", at=later), table).charge == Decimal("0.000003")
    assert one(a_call(talk=60, number="4411"), table).prefix == "44"


def test_a_call_without_a_rate_says_so_and_one_without_talk_costs_nothing() -> None:
    table = rates((7, "44", 60_000, 500_000, 30, 6, None, None))
    lost = one(a_call(talk=60, number="49"), table)
    assert (lost.charge, lost.unrated) == (None, "no rate for 49")
    silent = one(a_call(number="44", answered_at=NOON, talk_ms=0), table)
    assert (silent.charge, silent.billed_seconds, silent.unrated) == (Decimal(0), 0, "")
    fee = one(a_call(talk=60, number="44"), table)
    assert fee.charge == Decimal("0.56")


@given(
    st.lists(
        st.tuples(st.integers(1, 7_200_000), st.integers(-500_000, 900_000), st.integers(0, 100_000)),
        min_size=1, max_size=20,
    ),
    st.integers(1, 90), st.integers(1, 90), st.sampled_from(list(WAYS)), st.integers(0, 6),
)  # fmt: skip
def test_any_price_is_that_of_exact_decimals(
    cases: list[tuple[int, int, int]], least: int, pulse: int, way: str, decimals: int
) -> None:
    numbers = count(100)
    made = [(f"{next(numbers)}", *case) for case in cases]
    table = rates(*((7, number, minute, fee, least, pulse, None, None) for number, _, minute, fee in made))
    calls = [a_call(number, talk=talk / 1000, talk_ms=talk, number=number) for number, talk, _, _ in made]
    rounding = Rounding(charge=way, decimals=decimals)
    found = {
        one.number: one for one in calls_of(priced(frame_of_calls(calls), CARDS, table, rounding=rounding))
    }
    for number, talk, minute, fee in made:
        seconds = -(-talk // 1000)
        billed = least + -(-max(0, seconds - least) // pulse) * pulse
        exact = Decimal(fee).scaleb(-6) + Decimal(billed) * Decimal(minute).scaleb(-6) / 60
        rounded = abs(exact).quantize(Decimal(1).scaleb(-decimals), WAYS[way]).copy_sign(exact)
        assert (found[number].billed_seconds, found[number].charge) == (billed, rounded)
