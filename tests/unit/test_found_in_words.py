"""What the header says of how many were found: a number only where it is one."""

import pytest

from cx_tui.domain.query import Query, StatusFilter
from cx_tui.screens.customers.finding import found_in_words


@pytest.mark.parametrize(
    ("status", "estimated", "said"),
    [
        (StatusFilter.ALL, False, "20,001 found"),
        (StatusFilter.ALL, True, "20,000+ found"),
        (StatusFilter.PENALTY, False, "20,001 found"),
        (StatusFilter.PENALTY, True, "counting …"),
    ],
)
def test_a_number_that_is_not_counted_yet_is_not_said_as_one(
    status: StatusFilter, estimated: bool, said: str
) -> None:
    query = Query(search="telecom", status=status)
    assert found_in_words(query, 20_001, estimated=estimated) == said


def test_what_meets_conditions_was_found_with_the_status_that_is_asked_for() -> None:
    query = Query(where="credit<0", status=StatusFilter.PENALTY)
    assert found_in_words(query, 5_001, estimated=True) == "5,000+ found"
