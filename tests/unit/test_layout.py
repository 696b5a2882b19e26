"""An operator's layout: what was kept comes back, and nothing that was kept can do harm."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.columns import USUAL, list_columns
from cx_tui.domain.layout import Layout, ShownColumn, usual_layout
from cx_tui.domain.query import Sort

NAMES = tuple(list_columns())
layouts = st.builds(
    Layout,
    st.lists(
        st.builds(ShownColumn, st.sampled_from(NAMES), st.integers(1, 200), st.booleans()),
        min_size=1,
        unique_by=lambda column: column.name,
    ).map(tuple),
    st.lists(
        st.builds(Sort, st.sampled_from(NAMES), st.booleans()), min_size=1, unique_by=lambda sort: sort.column
    ).map(tuple),
)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(NAMES)
)
garbage = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["columns", "sort", "name"]) | st.text(max_size=3), inner, max_size=4
        )
    ),
    max_leaves=12,
)
nearly = st.fixed_dictionaries(
    {
        "columns": st.lists(st.tuples(scalars, scalars, scalars) | garbage, max_size=4),
        "sort": st.lists(st.tuples(scalars, scalars) | garbage, max_size=3),
    }
)


def is_sound(layout: Layout) -> bool:
    """Whether a screen can show it: something to show, nothing twice, nothing unknown, no odd width."""
    names = [column.name for column in layout.columns]
    sorts = [sort.column for sort in layout.sort]
    return (
        bool(names and sorts)
        and len(set(names)) == len(names)
        and len(set(sorts)) == len(sorts)
        and {*names, *sorts} <= set(NAMES)
        and all(1 <= column.width <= 200 for column in layout.columns)
    )


@given(layouts)
def test_a_layout_that_was_kept_as_json_comes_back(layout: Layout) -> None:
    assert Layout.from_json(json.loads(json.dumps(layout.as_json()))) == layout


@given(garbage | nearly)
def test_whatever_was_kept_makes_a_sound_layout(kept: Any) -> None:
    assert is_sound(Layout.from_json(kept))


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "columns",
        {},
        {"columns": []},
        {"columns": [], "sort": []},
        {"columns": [["name", float("inf"), True]], "sort": []},
        {"columns": [["name", float("nan"), True]], "sort": []},
        {"columns": [["name", "wide", True]], "sort": []},
        {"columns": [[["name"], 10, True]], "sort": []},
        {"columns": [["name", 10]], "sort": []},
        {"columns": [["gone", 10, False]], "sort": [["gone", False]]},
    ],
    ids=str,
)
def test_what_is_not_understood_is_the_usual_layout(kept: Any) -> None:
    assert Layout.from_json(kept) == usual_layout()


def test_a_column_of_another_version_is_left_out() -> None:
    kept = {"columns": [["name", 20, True], ["gone", 9, False]], "sort": [["gone", True], ["asr", True]]}
    assert Layout.from_json(kept) == Layout((ShownColumn("name", 20, True),), (Sort("asr", True),))


def test_a_column_that_was_kept_twice_is_shown_once() -> None:
    kept = {
        "columns": [["name", 20, True], ["asr", 5, False], ["name", 30, False]],
        "sort": [["asr", 0], ["asr", 1]],
    }
    layout = Layout.from_json(kept)
    assert [column.name for column in layout.columns] == ["name", "asr"]
    assert [sort.column for sort in layout.sort] == ["asr"]


def test_a_width_is_kept_within_reason() -> None:
    kept = {"columns": [["name", 10**9, True], ["asr", -5, False]], "sort": []}
    assert [column.width for column in Layout.from_json(kept).columns] == [200, 1]


def test_the_usual_layout_freezes_the_name_and_sorts_by_it() -> None:
    usual = usual_layout()
    assert tuple(column.name for column in usual.columns) == USUAL
    assert [column.name for column in usual.columns if column.frozen] == ["name"]
    assert usual.sort == (Sort("name"),)
