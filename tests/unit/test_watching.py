"""Alerts at, before and behind their thresholds, as a table."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.money.watching import Step, step
from cx_tui.domain.records.alert import Alert, Area, Operator

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)


def alert(operator: Operator, threshold: int, reset: int | None = None, **more: Any) -> Alert:
    return Alert(
        id=1, created_at=NOW, changed_at=NOW, customer_id=1, title="Low", area=Area.BALANCE,
        operator=operator,
        threshold=Decimal(threshold), reset=None if reset is None else Decimal(reset), **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("operator", "reset", "value", "ready", "fired"),
    [
        (Operator.BELOW, 31, 29, Step.FIRES, Step.STAYS),
        (Operator.BELOW, 31, 30, Step.STAYS, Step.STAYS),
        (Operator.AT_MOST, 31, 30, Step.FIRES, Step.STAYS),
        (Operator.AT_MOST, 31, 31, Step.STAYS, Step.STAYS),
        (Operator.AT_MOST, 31, 32, Step.STAYS, Step.CLEARS),
        (Operator.ABOVE, 20, 31, Step.FIRES, Step.STAYS),
        (Operator.ABOVE, 20, 30, Step.STAYS, Step.STAYS),
        (Operator.AT_LEAST, 20, 30, Step.FIRES, Step.STAYS),
        (Operator.AT_LEAST, 20, 20, Step.STAYS, Step.STAYS),
        (Operator.AT_LEAST, 20, 19, Step.STAYS, Step.CLEARS),
        (Operator.BELOW, None, 30, Step.STAYS, Step.CLEARS),
        (Operator.AT_MOST, None, 30, Step.FIRES, Step.STAYS),
    ],
)
def test_an_alert_fires_at_its_threshold_and_is_ready_again_behind_the_other(
    operator: Operator, reset: int | None, value: int, ready: Step, fired: Step
) -> None:
    assert step(alert(operator, 30, reset), Decimal(value), NOW) is ready
    assert step(alert(operator, 30, reset, fired_at=NOW, told_at=NOW), Decimal(value), NOW) is fired


def test_it_is_told_again_as_long_as_it_lasts_and_a_clock_that_goes_back_changes_nothing() -> None:
    one = alert(Operator.BELOW, 30, repeat=10, fired_at=NOW, told_at=NOW)
    steps = [step(one, Decimal(1), NOW + timedelta(minutes=minutes)) for minutes in (-60, 9, 10)]
    assert steps == [Step.STAYS, Step.STAYS, Step.AGAIN]
    assert step(alert(Operator.BELOW, 30, fired_at=NOW), Decimal(1), NOW + timedelta(days=9)) is Step.STAYS


def test_a_figure_that_is_not_known_neither_fires_nor_clears() -> None:
    assert step(alert(Operator.BELOW, 30), None, NOW) is Step.UNKNOWN
    assert step(alert(Operator.BELOW, 30, fired_at=NOW), None, NOW) is Step.UNKNOWN


@given(st.sampled_from(list(Operator)), st.integers(0, 9), st.integers(0, 4), st.integers(0, 20))
def test_no_figure_both_fires_and_clears(operator: Operator, threshold: int, apart: int, value: int) -> None:
    reset = threshold + (apart if operator.downwards else -apart)
    ready = step(alert(operator, threshold, reset), Decimal(value), NOW)
    fired = step(alert(operator, threshold, reset, fired_at=NOW), Decimal(value), NOW)
    assert (ready, fired) != (Step.FIRES, Step.CLEARS)
