"""The price of a call, against sums made by hand and a slow twin that counts in Decimals and Fractions."""

from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cx_tui.domain.rating.cards import Rate
from cx_tui.domain.rating.money import MICROS, micros, money, written
from cx_tui.domain.rating.price import LONGEST, PLAIN, Price, Rounding, Rules, Tariff, longest, price
from tests.unit.telecoms import NOON, card, cents, rate, tariff

CENTS_UP = Rules(cost_rounding=Rounding.UP, cost_decimals=2)
CENTS = Rules(cost_rounding=Rounding.HALF, cost_decimals=2)
PYTHON = {Rounding.UP: ROUND_UP, Rounding.HALF: ROUND_HALF_UP, Rounding.DOWN: ROUND_DOWN}

rules = st.builds(
    Rules,
    st.sampled_from(Rounding),
    st.sampled_from((1, 1, 6, 60)),
    st.sampled_from(Rounding),
    st.integers(0, 6),
)
tariffs = st.builds(
    Tariff,
    st.integers(-MICROS, 5 * MICROS),
    st.one_of(st.just(0), st.integers(0, MICROS)),
    st.sampled_from((0, 1, 6, 10, 30, 60)),
    st.sampled_from((1, 6, 7, 60)),
)
talks = st.one_of(st.integers(0, 4_000), st.integers(0, 4_000_000))


def priced(rate: Tariff, seconds: float, by: Rules = PLAIN) -> Price:
    """The price of so many seconds of talk."""
    return price(rate, by, round(seconds * 1000))


def slowly(rate: Tariff, by: Rules, talk_ms: int) -> tuple[int, Decimal]:
    """Billed seconds and charge as a person counts them: step by step, and rounded by Python's Decimal."""
    if talk_ms <= 0:
        return 0, Decimal(0)
    steps = (Decimal(talk_ms) / 1000 / by.duration_step).quantize(Decimal(1), PYTHON[by.duration_rounding])
    seconds = int(steps) * by.duration_step
    if seconds == 0:
        return 0, Decimal(0)
    billed = rate.minimum
    while billed < seconds:
        billed += rate.pulse
    exact = Fraction(rate.connect_fee, MICROS) + Fraction(rate.per_minute, MICROS) * billed / 60
    # Twelve digits are more than rounding looks at; one behind them says that there was more.
    digits = Decimal(exact.numerator * 10**12 // exact.denominator).scaleb(-12)
    if exact * 10**12 % 1:
        digits += Decimal("1e-15")
    return billed, digits.quantize(Decimal(1).scaleb(-by.cost_decimals), PYTHON[by.cost_rounding])


@given(tariffs.filter(lambda one: one.per_minute >= 0), rules, talks)
@example(Tariff(50_000, 150_000, 60, 6), CENTS, 66_000)
def test_a_price_is_what_a_slow_twin_counts(rate: Tariff, by: Rules, talk_ms: int) -> None:
    found = price(rate, by, talk_ms)
    assert (found.billed_seconds, found.charge) == slowly(rate, by, talk_ms)


@given(tariffs, rules, talks)
def test_a_credit_mirrors_a_charge(rate: Tariff, by: Rules, talk_ms: int) -> None:
    mirrored = Tariff(-rate.per_minute, -rate.connect_fee, rate.minimum, rate.pulse)
    assert price(mirrored, by, talk_ms).micros == -price(rate, by, talk_ms).micros


@given(tariffs.filter(lambda one: one.per_minute > 0), rules, st.integers(0, 50 * MICROS))
def test_the_longest_call_is_paid_for_and_one_interval_more_is_not(
    rate: Tariff, by: Rules, credit: int
) -> None:
    seconds = longest(rate, by, credit)
    if seconds:
        assert by.charge(rate.sixtieths(rate.billed(seconds))) <= credit
    if seconds < LONGEST:
        assert by.charge(rate.sixtieths(rate.billed(seconds + 1))) > credit


def test_the_sum_of_a_call_is_written_out() -> None:
    assert priced(tariff("0.05", "0.15", 60, 6), 65, CENTS).sum == "0.15 + 66 s x 0.05/60 = 0.205 -> 0.21"
    assert priced(tariff("0.05"), 60).sum == "60 s x 0.05/60 = 0.05"
    assert priced(tariff("0.01"), 1, CENTS_UP).sum == "1 s x 0.01/60 = 0.0001666666... -> 0.01"
    assert priced(tariff("1234.56"), 60).sum == "60 s x 1,234.56/60 = 1,234.56"
    assert priced(tariff("0.05", "0.15"), 0).sum == "nothing, as there was no talk"


@pytest.mark.parametrize(
    ("seconds", "billed"), [(0, 0), (1, 60), (10, 60), (60, 60), (60.001, 66), (61, 66), (66, 66), (67, 72)]
)
def test_60_6_bills_a_minute_and_then_tenths(seconds: float, billed: int) -> None:
    assert priced(tariff("1", "0", 60, 6), seconds).billed_seconds == billed


@pytest.mark.parametrize(
    ("minimum", "pulse", "seconds", "billed"),
    [(30, 60, 12, 30), (30, 60, 31, 90), (10, 60, 61, 70), (30, 7, 31, 37), (30, 6, 30, 30), (0, 60, 1, 60)],
)
def test_a_first_interval_need_not_be_a_multiple_of_the_next(
    minimum: int, pulse: int, seconds: int, billed: int
) -> None:
    assert priced(tariff("1", "0", minimum, pulse), seconds).billed_seconds == billed


@pytest.mark.parametrize(("seconds", "charge"), [(32, "0.0036"), (57, "0.006"), (75, "0.0078")])
def test_30_6_at_a_small_rate(seconds: int, charge: str) -> None:
    assert priced(tariff("0.006", "0", 30, 6), seconds).charge == Decimal(charge)


def test_a_whole_minute_costs_the_rate_exactly() -> None:
    assert priced(tariff("0.05"), 60).charge == Decimal("0.05")
    assert priced(tariff("0.10"), 180, Rules(cost_rounding=Rounding.UP, cost_decimals=4)).charge == Decimal(
        "0.3"
    )


def test_fee_and_talk_are_rounded_together_and_once() -> None:
    assert priced(tariff("0.05", "0.15"), 24, CENTS_UP).charge == Decimal("0.17")


def test_gross_comes_from_the_net_that_was_not_rounded() -> None:
    found = priced(tariff("0.056"), 1, Rules(cost_rounding=Rounding.UP, cost_decimals=4))
    assert found.charge == Decimal("0.0010")
    assert found.gross(Decimal(23)) == Decimal("0.0012")
    assert found.gross(Decimal(0)) == found.charge


def test_no_talk_costs_nothing_and_a_little_costs_the_first_interval() -> None:
    rate = tariff("0.60", "0.15", 30, 6)
    assert [price(rate, PLAIN, talk).charge for talk in (0, 1, 400)] == [0, Decimal("0.45"), Decimal("0.45")]
    rounded_down = Rules(duration_rounding=Rounding.HALF)
    assert [price(rate, rounded_down, talk).micros for talk in (400, 500)] == [0, cents("0.45")]


def test_part_of_a_second_is_rounded_as_the_card_says() -> None:
    bills = [
        Rules(duration_rounding=how).seconds(3_200) for how in (Rounding.UP, Rounding.HALF, Rounding.DOWN)
    ]
    assert bills == [4, 3, 3]
    assert Rules(duration_step=10).seconds(11_000) == 20


def test_currencies_have_the_decimals_of_their_card() -> None:
    yen, dinar = (Rules(cost_rounding=Rounding.UP, cost_decimals=places) for places in (0, 3))
    assert priced(tariff("0.5"), 61, yen).charge == 1
    assert priced(tariff("0.5"), 61, dinar).charge == Decimal("0.509")


def test_a_free_call_is_free_and_a_reverse_rate_pays_the_customer() -> None:
    assert priced(tariff("0"), 600).charge == 0
    assert priced(tariff("-0.05"), 60).charge == Decimal("-0.05")


def test_large_charges_stay_exact() -> None:
    assert priced(tariff("1234.56"), 60).charge == Decimal("1234.56")
    assert money(micros(Decimal("1000000000.000001"))) == Decimal("1000000000.000001")
    assert written(micros(Decimal("1234.56"))) == "1,234.56"
    assert written(micros(Decimal("-0.5"))) == "-0.50"
    with pytest.raises(ValueError, match="finer than a millionth"):
        micros(Decimal("0.0000001"))


def test_calls_a_day_long_round_up_no_worse_than_once() -> None:
    found = priced(tariff("0.010001"), 86_400, CENTS_UP)
    assert found.charge == Decimal("14.41")
    assert found.charge == (Decimal("0.010001") * 1440).quantize(Decimal("0.01"), ROUND_CEILING)


@pytest.mark.parametrize(
    ("per_minute", "fee", "minimum", "pulse", "credit", "seconds"),
    [
        ("3", "0", 1, 1, "60", 1200),
        ("3", "0", 1, 1, "0.00001", 0),
        ("3", "0", 60, 60, "2.99", 0),
        ("3", "0", 60, 60, "3", 60),
        ("3", "0", 60, 60, "5.99", 60),
        ("3", "0", 30, 6, "1.80", 36),
        ("0.05", "0.15", 60, 6, "0.20", 60),
        ("0.05", "0.15", 60, 6, "0.19", 0),
        ("0", "0", 1, 1, "0", LONGEST),
        ("0", "0.10", 1, 1, "0.05", 0),
        ("-0.05", "0", 1, 1, "0.01", LONGEST),
    ],
)
def test_how_long_a_credit_lasts(
    per_minute: str, fee: str, minimum: int, pulse: int, credit: str, seconds: int
) -> None:
    assert longest(tariff(per_minute, fee, minimum, pulse), PLAIN, cents(credit)) == seconds


@pytest.mark.parametrize(
    ("fee", "minimum", "pulse", "credit", "free", "seconds"),
    [
        ("0", 1, 1, "0", 90, 90),
        ("0", 60, 6, "0", 59, 0),
        ("0", 60, 6, "0", 65, 60),
        ("0", 60, 6, "0.005", 60, 66),
        ("0.10", 1, 1, "0.10", 60, 60),
        ("0.10", 1, 1, "0.15", 60, 120),
        ("0.10", 1, 1, "0.05", 60, 60),
        ("0.10", 1, 1, "-3", 60, 60),
    ],
)
def test_free_seconds_lengthen_a_call_and_have_no_connect_fee(
    fee: str, minimum: int, pulse: int, credit: str, free: int, seconds: int
) -> None:
    assert longest(tariff("0.05", fee, minimum, pulse), PLAIN, cents(credit), free=free) == seconds


def test_the_longest_prefix_decides() -> None:
    some = card(1, [rate("44", "0.01", 1), rate("447", "0.02", 2), rate("4479", "0", 3, blocked=True)])
    found = [some.rate_of(number, NOON) for number in ("441632", "447700", "447900", "49", "4", "")]
    assert [one.id if one else None for one in found] == [1, 2, 3, None, None, None]


def test_a_rate_is_valid_from_its_first_instant_until_before_its_last() -> None:
    second = timedelta(microseconds=1)
    old = rate("44", "0.01", 1, valid_to=NOON)
    new = rate("44", "0.02", 2, valid_from=NOON, valid_to=NOON + timedelta(days=1))
    some = card(1, [old, new])
    moments = (NOON - second, NOON, NOON + timedelta(days=1) - second, NOON + timedelta(days=1))
    found = [some.rate_of("441632", moment) for moment in moments]
    assert [one.id if one else None for one in found] == [1, 2, 2, None]


def test_a_shorter_prefix_decides_while_the_longer_is_not_valid() -> None:
    some = card(1, [rate("44", id=1), rate("447", id=2, valid_from=NOON)])
    before = some.rate_of("447700", NOON - timedelta(seconds=1))
    assert before
    assert before.id == 1


def test_of_rates_that_overlap_the_one_that_began_last_decides() -> None:
    began = [NOON - timedelta(days=days) for days in (3, 1, 2)]
    some = card(1, [rate("44", id=n, valid_from=moment) for n, moment in enumerate(began, 1)])
    found = some.rate_of("44", NOON)
    assert found
    assert found.id == 2


made_rates = st.lists(
    st.tuples(st.text("0123", min_size=1, max_size=5), st.integers(0, 3), st.integers(1, 3)), max_size=40
)


@given(made_rates, st.text("0123", max_size=7), st.integers(0, 6))
def test_the_index_finds_what_a_search_through_all_rates_finds(
    made: list[tuple[str, int, int]], number: str, day: int
) -> None:
    rates = [
        Rate(n, prefix, tariff("1"), "", False, NOON + timedelta(days=a), NOON + timedelta(days=a + b))
        for n, (prefix, a, b) in enumerate(made)
    ]
    moment = NOON + timedelta(days=day)
    valid = [one for one in rates if number.startswith(one.prefix) and one.valid(moment)]
    best = max(valid, key=lambda one: (len(one.prefix), one.valid_from, one.id), default=None)
    assert card(1, rates).rate_of(number, moment) == best
    assert sorted(one.id for one in card(1, rates).rates()) == [one.id for one in rates]
