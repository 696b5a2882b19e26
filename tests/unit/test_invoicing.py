"""What is printed on invoices: the total is the sum of the printed parts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.money.invoicing import (
    DayCalls,
    PackageCharge,
    Period,
    last_period,
    lines_of,
    number_of,
    period_of,
    printed,
    series_of,
    totals_of,
)
from cx_tui.domain.records.customer import InvoiceSchedule


def test_the_total_is_the_sum_of_the_printed_parts() -> None:
    totals = totals_of([printed(Decimal("193.33333"), "EUR")], Decimal(25), "EUR")
    assert (totals.net, totals.tax, totals.total) == (
        Decimal("193.33"), Decimal("48.33"), Decimal("241.66"),
    )  # fmt: skip


@pytest.mark.parametrize(("currency", "shown"), [("EUR", "1.24"), ("JPY", "1"), ("KWD", "1.235")])
def test_amounts_are_printed_with_the_decimals_of_their_currency(currency: str, shown: str) -> None:
    assert f"{printed(Decimal('1.2350'), currency)}" == shown


@given(
    st.lists(st.decimals(Decimal(0), Decimal(10**6), places=6), max_size=30),
    st.sampled_from([Decimal(0), Decimal(7), Decimal("8.1"), Decimal(25)]),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_whatever_is_on_it_the_lines_add_up(charges: list[Decimal], tax: Decimal, currency: str) -> None:
    days = [
        DayCalls(day=date(2026, 6, 1 + place), charge=charge, calls=1, billed_seconds=1)
        for place, charge in enumerate(charges[:30])
    ]
    lines = lines_of(days, [], currency)
    totals = totals_of((line.amount for line in lines), tax, currency)
    assert sum(line.amount for line in lines) == totals.net
    assert totals.net + totals.tax == totals.total
    assert totals.total == printed(totals.total, currency)


def test_late_calls_stand_on_a_line_of_their_month_and_packages_after_the_calls() -> None:
    def day(text: str, charge: str, *, late: bool = False) -> DayCalls:
        return DayCalls(
            day=date.fromisoformat(text), charge=Decimal(charge), calls=1, billed_seconds=60, late=late
        )

    found = lines_of(
        [day("2026-05-01", "0.5", late=True), day("2026-05-09", "0.25", late=True), day("2026-06-02", "3")],
        [PackageCharge(entry_id=1, day=date(2026, 6, 1), name="Line", amount=Decimal(10))],
        "EUR",
    )
    assert [(line.text, f"{line.amount}", line.calls) for line in found] == [
        ("Late calls of May 2026", "0.75", 2), ("Calls of 2026-06-02", "3.00", 1),
        ("Line, 2026-06-01", "10.00", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-06-16", "2026-06-16", "2026-06-16"),
        ("2026-W14", "2026-03-30", "2026-04-05"),
        ("2026-06-01..2026-06-15", "2026-06-01", "2026-06-15"),
    ],
)
def test_a_period_as_it_is_written(text: str, first: str, last: str) -> None:
    assert period_of(text) == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "June", "2026-13", "2026-06-31", "2026-06-15..2026-06-01", "2026-W54"])
def test_what_is_no_period_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a period|before it begins"):
        period_of(text)


def test_a_series_of_a_year_begins_anew_with_the_year() -> None:
    assert series_of("INV-{year}-", date(2026, 12, 31)) != series_of("INV-{year}-", date(2027, 1, 1))
    assert number_of("INV-2026-", 12) == "INV-2026-000012"


@pytest.mark.parametrize(
    ("schedule", "today", "expected"),
    [
        (InvoiceSchedule.DAILY, "2026-07-01", "2026-06-30"),
        (InvoiceSchedule.WEEKLY, "2026-06-22", "2026-06-15 to 2026-06-21"),
        (InvoiceSchedule.WEEKLY, "2026-06-21", "2026-06-08 to 2026-06-14"),
        (InvoiceSchedule.MONTHLY, "2026-03-01", "2026-02-01 to 2026-02-28"),
        (InvoiceSchedule.MONTHLY, "2026-01-31", "2025-12-01 to 2025-12-31"),
    ],
)
def test_the_last_period_of_a_schedule_is_over(schedule: InvoiceSchedule, today: str, expected: str) -> None:
    assert str(last_period(schedule, date.fromisoformat(today))) == expected
