"""What is typed into the search box of a list, which alone knows what is marked."""

import pytest

from cx_tui.domain.filters import BadFilter
from cx_tui.domain.query import Query
from cx_tui.screens.list.typed import as_typed, so_far, why_not
from widgets.grid import Marks

SOME = Marks(frozenset({1, 2, 3, 7}))
ALL_BUT = Marks(frozenset({4, 9}), all_but=True)


@pytest.mark.parametrize(
    ("text", "marks", "where"),
    [
        ("is:marked", SOME, "id:1..3,7"),
        ("-is:marked", SOME, "-id:1..3,7"),
        ("credit<0 is:marked", SOME, "credit<0 id:1..3,7"),
        ("(is:marked OR country:GB) acme", SOME, "(id:1..3,7 OR country:GB) acme"),
        ("is:marked", ALL_BUT, "-id:4,9"),
        ("-is:marked", ALL_BUT, "-(-id:4,9)"),
        ("is:marked", Marks.ALL, "-no:id"),
    ],
)
def test_marked_rows_are_those_that_are_marked_now(text: str, marks: Marks, where: str) -> None:
    assert as_typed(Query(), text, marks).where == where


def test_why_marked_rows_are_none() -> None:
    before = Query(where="credit<0")
    assert so_far(before, "is:marked", Marks.NONE) == before
    assert why_not(before, "is:marked", Marks.NONE) == "The filter is not applied: nothing is marked."
    many = Marks(frozenset(range(0, 2_000, 2)))
    assert "so many are marked" in why_not(before, "is:marked", many)
    with pytest.raises(BadFilter):
        as_typed(before, "is:marked,dialing", SOME)
    assert as_typed(before, '"is:marked"', Marks.NONE).search == '"is:marked"'
