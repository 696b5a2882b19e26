"""Marks: these rows, or all but these."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.grid import ALL, NONE, Marks

keys = st.frozensets(st.integers(0, 30))
marks = st.builds(Marks, keys, st.booleans())


def marked(some: Marks) -> set[int]:
    """The marked ones among the keys used here."""
    return {key for key in range(31) if key in some}


def test_none_and_all_are_what_they_say() -> None:
    assert marked(NONE) == set()
    assert marked(ALL) == set(range(31))
    assert (Marks.NONE, Marks.ALL) == (NONE, ALL)
    assert not NONE
    assert ALL


@given(marks)
def test_the_count_is_the_number_of_marked_rows(some: Marks) -> None:
    assert some.count(31) == len(marked(some))


@given(marks, st.integers(0, 30))
def test_toggling_changes_one_row_only(some: Marks, key: int) -> None:
    assert marked(some.toggled(key)) == marked(some) ^ {key}


@given(marks, keys)
def test_marking_more_is_a_union(some: Marks, more: frozenset[int]) -> None:
    assert marked(some.with_keys(more)) == marked(some) | more


@given(marks, keys)
def test_unmarking_is_a_difference(some: Marks, fewer: frozenset[int]) -> None:
    assert marked(some.without(fewer)) == marked(some) - fewer


@given(marks)
def test_inverting_turns_every_row_round_and_twice_is_nothing(some: Marks) -> None:
    assert marked(some.inverted()) == set(range(31)) - marked(some)
    assert some.inverted().inverted() == some
