"""What is counted of a customer while calls begin and end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Call:
    """One finished call."""

    answered: bool
    seconds: int
    ring_ms: int
    charge: Decimal


calls = st.lists(
    st.builds(
        Call,
        st.booleans(),
        st.integers(0, 7200),
        st.integers(0, 60_000),
        st.decimals(0, 100, places=6),
    )
)


def after(some: Iterable[Call], counters: Counters | None = None, now: datetime = NOON) -> Counters:
    """The counters after these calls, one after the other."""
    counters = counters or Counters(customer_id=1)
    for call in some:
        counters.start_call(now)
        counters.end_call(
            now, answered=call.answered, seconds=call.seconds, ring_ms=call.ring_ms, charge=call.charge
        )
    return counters


@given(calls)
def test_counters_are_the_sums_of_their_calls(some: list[Call]) -> None:
    found = after(some)
    answered = [call for call in some if call.answered]
    assert found.live == 0
    assert found.attempts == len(some)
    assert found.connected == len(answered)
    assert found.answered_seconds == sum(call.seconds for call in answered)
    assert found.total_seconds == sum(call.seconds for call in some)
    assert found.ring_ms == sum(call.ring_ms for call in some)
    assert found.day_spend == -found.balance == sum((call.charge for call in some), Decimal(0))


@given(calls)
def test_ratios_are_those_of_their_figures(some: list[Call]) -> None:
    found = after(some)
    if not some:
        assert (found.asr, found.acd, found.acd_all, found.pdd) == (None, None, None, None)
        return
    assert found.asr == 100 * found.connected / found.attempts
    assert found.acd_all == found.total_seconds / found.attempts
    assert found.pdd == found.ring_ms / 1000 / found.attempts
    assert found.acd == (found.answered_seconds / found.connected if found.connected else None)


def test_a_call_that_is_up_is_a_channel_and_neither_a_failure_nor_a_success_yet() -> None:
    found = Counters(customer_id=1)
    found.start_call(NOON)
    found.start_call(NOON)
    assert (found.live, found.attempts, found.connected) == (2, 0, 0)
    assert found.last_call_at == NOON
    assert (found.asr, found.acd) == (None, None)
    end(found, NOON)
    assert (found.live, found.attempts, found.asr) == (1, 1, 100)


def test_a_call_that_was_not_answered_has_no_part_in_the_answered_time() -> None:
    found = after([Call(False, 30, 9000, Decimal(0)), Call(True, 60, 1000, Decimal("0.5"))])
    assert (found.asr, found.acd, found.acd_all, found.pdd) == (50, 60, 45, 5)


def test_a_call_on_another_day_begins_the_figures_anew_but_not_the_balance() -> None:
    found = after([Call(True, 60, 1000, Decimal("1.25"))])
    found.start_call(NOON + timedelta(days=1))
    assert found.day == date(2026, 6, 17)
    assert (found.attempts, found.connected, found.answered_seconds, found.asr) == (0, 0, 0, None)
    assert (found.total_seconds, found.ring_ms) == (0, 0)
    assert found.day_spend == 0
    assert found.balance == Decimal("-1.25")


def test_the_day_is_that_of_utc() -> None:
    found = after([Call(True, 60, 0, Decimal(1))], now=datetime(2026, 6, 16, 23, 59, 59, tzinfo=UTC))
    after([Call(True, 60, 0, Decimal(2))], found, now=datetime(2026, 6, 17, tzinfo=UTC))
    assert (found.day, found.attempts) == (date(2026, 6, 17), 1)
    assert found.day_spend == 2


def end(counters: Counters, now: datetime, *, answered: bool = True) -> None:
    """A call of a minute is over."""
    charge = Decimal(answered)
    counters.end_call(now, answered=answered, seconds=60, ring_ms=2000, charge=charge)


def test_a_call_counts_on_the_day_of_its_end() -> None:
    found = after([Call(True, 30, 1000, Decimal(5))], now=NOON)
    found.start_call(NOON.replace(hour=23, minute=59))
    end(found, NOON + timedelta(days=1))
    assert found.day == date(2026, 6, 17)
    assert (found.attempts, found.connected, found.answered_seconds, found.ring_ms) == (1, 1, 60, 2000)
    assert (found.day_spend, found.balance) == (Decimal(1), Decimal(-6))


def test_calls_that_are_up_at_midnight_are_attempts_of_the_day_on_which_they_end() -> None:
    found = Counters(customer_id=1)
    for _ in range(3):
        found.start_call(NOON)
    tomorrow = NOON + timedelta(days=1)
    end(found, tomorrow)
    assert (found.live, found.attempts, found.asr) == (2, 1, 100)
    found.start_call(tomorrow)
    end(found, tomorrow, answered=False)
    assert (found.live, found.attempts, found.asr) == (2, 2, 50)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 20))), st.integers(0, 9))
def test_no_more_calls_are_connected_than_tried(turns: list[tuple[bool, bool, int]], live: int) -> None:
    """Whatever was missed, and however many midnights pass."""
    found = Counters(customer_id=1, live=live)
    now = NOON
    for starts, answered, hours in turns:
        now += timedelta(hours=hours)
        found.start_call(now) if starts else end(found, now, answered=answered)
        assert found.asr is None or 0 <= found.asr <= 100
        assert found.day == now.date()


def test_an_answered_end_without_a_beginning_is_an_attempt() -> None:
    found = Counters(customer_id=1)
    end(found, NOON)
    assert (found.attempts, found.connected, found.asr) == (1, 1, 100)


def test_an_end_without_a_beginning_leaves_no_negative_channels() -> None:
    found = Counters(customer_id=1)
    found.end_call(NOON, answered=False, seconds=0, ring_ms=0, charge=Decimal(0))
    assert (found.live, found.attempts, found.asr) == (0, 1, 0)


def test_amounts_stay_exact() -> None:
    found = after([Call(True, 1, 1, Decimal("0.000001"))] * 1000)
    assert found.balance == Decimal("-0.001")


def test_what_is_not_known_is_none_and_not_zero() -> None:
    new = Counters(customer_id=1)
    counted_from_records = {"authentications", "routes", "shared_ips"}
    unknown = {name for name, one in fields_of(Counters).items() if one.optional} - counted_from_records
    assert {name for name in unknown if getattr(new, name) is not None} == set()
    assert {"contract_due", "asr"} <= unknown
    assert {name for name in counted_from_records if getattr(new, name) != 0} == set()
