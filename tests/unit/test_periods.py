"""When packages are charged: short months, days of the week, periods that begin and end in the middle."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.money.periods import Due, due_of, missing, spells_of
from cx_tui.domain.records.package import Frequency, Package

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def package(frequency: Frequency = Frequency.MONTHLY, *days: int, **more: Any) -> Package:
    return Package(
        id=1, created_at=NOW, changed_at=NOW, name="Line", frequency=frequency, days=days, **more
    )  # fmt: skip


def days(found: list[Due]) -> list[str]:
    return [f"{due.day:%m-%d}" for due in found]


@pytest.mark.parametrize(
    ("frequency", "wanted", "starts", "until", "expected"),
    [
        (Frequency.MONTHLY, (15, 31), "2026-02-01", "2026-02-28", "02-15 02-28"),
        (Frequency.MONTHLY, (31,), "2026-04-01", "2026-04-30", "04-30"),
        (Frequency.MONTHLY, (), "2026-01-31", "2026-04-30", "01-31 02-28 03-31 04-30"),
        (Frequency.MONTHLY, (), "2028-01-30", "2028-03-01", "01-30 02-29"),
        (Frequency.MONTHLY, (1,), "2026-11-15", "2027-01-31", "12-01 01-01"),
        (Frequency.MONTHLY, (28, 31), "2026-02-01", "2026-02-28", "02-28 02-28"),
        (Frequency.WEEKLY, (), "2026-06-16", "2026-06-30", "06-16 06-23 06-30"),
        (Frequency.WEEKLY, (1, 5), "2026-06-16", "2026-06-26", "06-19 06-22 06-26"),
        (Frequency.DAILY, (), "2026-06-29", "2026-07-01", "06-29 06-30 07-01"),
        (Frequency.ONCE, (), "2026-06-29", "2026-07-01", "06-29"),
        (Frequency.ONCE, (), "2026-07-02", "2026-07-01", ""),
    ],
)
def test_the_days_of_a_package(
    frequency: Frequency, wanted: tuple[int, ...], starts: str, until: str, expected: str
) -> None:
    found = due_of(
        package(frequency, *wanted), date.fromisoformat(starts), None, None, date.fromisoformat(until)
    )
    assert days(found) == expected.split()
    assert len({due.key for due in found}) == len(found)


def test_nothing_is_due_before_the_start_or_after_the_end() -> None:
    found = due_of(package(Frequency.DAILY), date(2026, 6, 10), date(2026, 6, 12), None, date(2026, 7, 1))
    assert days(found) == ["06-10", "06-11", "06-12"]


@given(
    st.sampled_from(list(Frequency)),
    st.sets(st.integers(1, 7), max_size=3),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.lists(st.integers(0, 40), min_size=1, max_size=8),
)
def test_however_often_one_looks_each_period_is_due_once(
    frequency: Frequency, wanted: set[int], starts: date, steps: list[int]
) -> None:
    kept = wanted if frequency in (Frequency.WEEKLY, Frequency.MONTHLY) else set()
    one = package(frequency, *sorted(kept))
    after: date | None = None
    day, found = starts - timedelta(days=5), []
    for step in steps:
        day += timedelta(days=step)
        found += due_of(one, starts, None, after, day)
        after = day
    assert found == due_of(one, starts, None, None, day)


def test_a_period_is_over_on_the_day_after_its_last_one() -> None:
    one = package(Frequency.MONTHLY, 1)
    first, last = date(2026, 6, 1), date(2026, 6, 30)
    assert spells_of(one, first, None, None, last) == []
    (spell,) = spells_of(one, first, None, None, date(2026, 7, 1))
    assert (spell.first, spell.last, spell.share, spell.due.day) == (
        first, last, Decimal(1), date(2026, 7, 1),
    )  # fmt: skip
    assert spells_of(one, first, None, date(2026, 7, 1), date(2026, 7, 31)) == []


def test_half_a_period_needs_half_of_what_is_to_be_spent() -> None:
    one = package(Frequency.MONTHLY, 1)
    (half,) = spells_of(one, date(2026, 6, 16), None, None, date(2026, 7, 2))
    assert (half.first, half.last, half.share) == (date(2026, 6, 16), date(2026, 6, 30), Decimal("0.5"))
    (ended,) = spells_of(one, date(2026, 6, 1), date(2026, 6, 15), None, date(2026, 7, 2))
    assert (ended.last, ended.share) == (date(2026, 6, 15), Decimal("0.5"))


@pytest.mark.parametrize(("spent", "charged"), [("25", "25"), ("50", "0"), ("0", "50"), ("60", "0")])
def test_what_calls_do_not_reach_is_charged(spent: str, charged: str) -> None:
    assert missing(Decimal(50), Decimal(1), Decimal(spent)) == Decimal(charged)
    assert missing(Decimal(50), Decimal("0.5"), Decimal(0)) == 25
