"""The columns that a list of customers can show."""

import pytest

from cx_tui.domain.columns import DERIVED, USUAL, ListColumn, list_columns
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.customer import TABS, Customer

COLUMNS = list_columns()


def test_the_usual_columns_come_first_in_their_order() -> None:
    assert tuple(COLUMNS)[: len(USUAL)] == USUAL


def test_every_field_of_a_customer_is_a_column_but_its_deletion() -> None:
    assert set(fields_of(Customer)) - {"deleted_at"} <= set(COLUMNS)
    assert "deleted_at" not in COLUMNS


@pytest.mark.parametrize(
    "name", ["available", "spend_today", "hours_left", "acd_all", "warnings", "last_call_at"]
)
def test_what_is_derived_is_a_column_too(name: str) -> None:
    assert name in COLUMNS


def test_a_derived_column_hides_no_field() -> None:
    assert not {column.name for column in DERIVED} & set(fields_of(Customer))


@pytest.mark.parametrize("column", COLUMNS.values(), ids=lambda column: column.name)
def test_a_column_has_a_title_a_group_and_room_for_both_value_and_title(column: ListColumn) -> None:
    assert column.label
    assert column.group in (*TABS, "Record", "Calls", "Money", "State")
    assert column.help.endswith(".")
    assert 3 <= column.usual_width <= 40
    assert column.width or column.usual_width >= len(column.label) + 2


@pytest.mark.parametrize(
    "name", ["credit", "channels", "asr", "acd", "pdd", "cps", "available", "tax", "hours_left"]
)
def test_numbers_are_on_the_right(name: str) -> None:
    assert COLUMNS[name].kind.align == "right"


@pytest.mark.parametrize("name", ["name", "status", "currency", "company", "tags"])
def test_words_are_on_the_left(name: str) -> None:
    assert COLUMNS[name].kind.align == "left"
