"""Groups in memory and as a table: very many values across, ratios of nothing, totals of some groups."""

from decimal import Decimal
from typing import Any

import pytest

from cx_tui.domain.columns import ListColumn
from cx_tui.domain.filter_values import filter_columns
from cx_tui.domain.records.customer import Status
from cx_tui.domain.rolling import Group, Groups
from cx_tui.screens.groups.sums import sums_line
from cx_tui.screens.groups.table import MOST_VALUES, OTHERS, Table
from cx_tui.services.lists.grouping import grouping_of

COUNT = ("count", "")


def columns(*names: str) -> tuple[ListColumn, ...]:
    """Columns of customers."""
    return tuple(filter_columns("customer")[name] for name in names)


def counted(keys: tuple[str, ...], numbers: dict[tuple[Any, ...], int]) -> Groups:
    """Groups of which only is known how many there are."""
    groups = tuple(Group(key, None, {COUNT: number}) for key, number in numbers.items())
    return Groups(columns(*keys), (COUNT,), groups)


def test_of_very_many_values_across_the_largest_stand_there_and_the_others_are_added_up() -> None:
    numbers = {
        (status, f"C{place:03}"): place + 1
        for status in (Status.ACTIVE, Status.PENDING_APPROVAL)
        for place in range(180)
    }
    found = counted(("status", "country"), numbers)
    table = Table(columns("status"), grouping_of("customer", "status", "count").totals, columns("country")[0])
    values = table.values(found)
    assert [text for text, _ in values] == [f"C{place:03}" for place in range(130, 180)] + [OTHERS]
    assert len(values) == MOST_VALUES + 1
    for row in table.rows(found):
        assert row.cell(f"v{MOST_VALUES}").text == f"{sum(range(1, 131)):,}"
        assert row.cell("v0").text == "131"
        assert row.cell("whole").text == f"{sum(range(1, 181)):,}"


def test_a_ratio_of_nothing_is_empty_and_never_the_average_of_ratios() -> None:
    grouping = grouping_of("customer", "country", "ratio:asr")
    (total,) = grouping.totals
    parts = (COUNT, ("sum", "connected"), ("sum", "attempts"))
    some = [
        Group((name,), None, {parts[0]: 1, parts[1]: connected, parts[2]: attempts})
        for name, connected, attempts in (("DE", 1, 1), ("GB", 0, 99), ("US", 0, 0))
    ]
    found = Groups(grouping.by, parts, tuple(some))
    assert [total.shown(group.parts) for group in found.groups][2] == ""
    assert total.value(found.whole()[0].parts) == pytest.approx(1)


def test_totals_above_chosen_groups_are_of_these_alone() -> None:
    found = counted(("country", "status"), {("DE", "a"): 5, ("DE", "b"): 1, ("GB", "a"): 2})
    grouping = grouping_of("customer", "country,status", "count", having="count>=2")
    left = grouping.only(found)
    assert [(group.key, group.parts[COUNT]) for group in left.rolled(["country"]).groups] == [
        (("DE",), 5), (("GB",), 2)
    ]  # fmt: skip
    assert [group.parts[COUNT] for group in left.whole()] == [7]
    assert [group.parts[COUNT] for group in found.whole()] == [8]


def test_only_amounts_are_said_by_currency() -> None:
    grouping = grouping_of("customer", "country", "count,sum:credit,sum:channels")
    parts = (COUNT, ("sum", "credit"), ("filled", "credit"), ("sum", "channels"), ("filled", "channels"))
    groups = [
        Group(("GB",), currency, dict(zip(parts, (2, Decimal(credit), 2, 10, 2), strict=True)))
        for currency, credit in (("EUR", "1.5"), ("USD", "-2"))
    ]
    found = Groups(grouping.by, parts, tuple(groups), has_currency=True)
    line = sums_line("all", found, found.whole(), grouping.totals)
    said = "  ".join(part if isinstance(part, str) else part.text for part in line.left)
    assert "count 4" in said
    assert said.count("channels total 20") == 1
    assert "EUR credit total 1.50" in said
    assert "USD credit total -2.00" in said
