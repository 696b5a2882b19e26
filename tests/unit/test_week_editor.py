"""The bits of a week, as its editor changes them, and the words it has for them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.week_editor.bits import (
    A_DAY,
    FULL,
    STEPS,
    WHOLE_DAY,
    Block,
    Place,
    bits_of,
    copied,
    day_of,
    edge_moved,
    has,
    painted,
    toggled,
    value_of,
    windows,
)
from widgets.week_editor.paint import Day, Scale, day_line, ruler
from widgets.week_editor.presets import PRESETS
from widgets.week_editor.signs import ASCII, UNICODE, Signs
from widgets.week_editor.words import at_place, block_name, clock, day_note, in_block, length

weeks = st.integers(0, FULL)
rows = st.integers(0, WHOLE_DAY) | st.lists(st.tuples(st.integers(0, 95), st.integers(0, 95))).map(
    lambda pairs: sum_of(*(range(min(pair), max(pair) + 1) for pair in pairs))
)
places = st.builds(Place, st.integers(0, 6), st.integers(0, 95))
blocks = st.builds(Block.between, places, places)


def sum_of(*spans: range) -> int:
    """A day with these windows."""
    row = 0
    for span in spans:
        for step in span:
            row |= 1 << (A_DAY - 1 - step)
    return row


def hours(*spans: tuple[float, float]) -> int:
    """A day with windows given in hours."""
    return sum_of(*(range(int(start * 4), int(stop * 4)) for start, stop in spans))


# Bits


def test_monday_midnight_is_the_most_significant_bit_and_the_end_of_sunday_the_least() -> None:
    assert Block.between(Place(0, 0), Place(0, 0)).mask == 1 << (STEPS - 1)
    assert Block.between(Place(6, 95), Place(6, 95)).mask == 1


@given(blocks)
def test_a_block_has_its_steps_of_each_of_its_days_and_no_others(block: Block) -> None:
    for day in range(7):
        expected = sum_of(block.steps) if day in block.days else 0
        assert day_of(block.mask, day) == expected


@given(blocks, blocks)
def test_a_block_that_reaches_another_has_both(one: Block, other: Block) -> None:
    both = one.mask | other.mask
    assert one.reaching(other).mask & both == both
    assert one.reaching(other) == other.reaching(one)


@given(weeks, blocks)
def test_a_toggle_leaves_a_block_all_allowed_or_not_at_all_and_the_rest_as_it_was(
    bits: int, block: Block
) -> None:
    mask, after = block.mask, toggled(bits, block.mask)
    assert after & mask == (0 if bits & mask == mask else mask)
    assert after & ~mask == bits & ~mask


@given(weeks, blocks)
def test_two_toggles_of_an_even_block_change_nothing(bits: int, block: Block) -> None:
    for even in (painted(bits, block.mask, allow=True), painted(bits, block.mask, allow=False)):
        assert toggled(toggled(even, block.mask), block.mask) == even


@given(weeks, rows, st.sets(st.integers(0, 6)))
def test_a_copy_is_on_its_days_and_the_others_stay(bits: int, row: int, days: set[int]) -> None:
    after = copied(bits, row, days)
    assert [day_of(after, day) for day in range(7)] == [
        row if day in days else day_of(bits, day) for day in range(7)
    ]


@given(rows)
def test_windows_are_what_is_allowed_and_never_touch(row: int) -> None:
    found = windows(row)
    assert sum_of(*found) == row
    assert all(one.stop < other.start for one, other in pairwise(found))
    assert all(has(row, step) for one in found for step in one)


def test_always_is_nothing_set() -> None:
    assert bits_of(None) == FULL
    assert value_of(FULL) is None
    assert value_of(0) == 0


@given(places, st.integers(-9, 9), st.integers(-999, 999))
def test_a_place_never_leaves_the_week(place: Place, days: int, steps: int) -> None:
    moved = place.moved(days, steps)
    assert moved.day in range(7)
    assert moved.step in range(A_DAY)


# Edges


@pytest.mark.parametrize(
    ("at", "by", "after", "edge"),
    [
        (9.25, -1, (8.75, 17), 8.75),
        (9.25, 1, (9.25, 17), 9.25),
        (16, 1, (9, 17.25), 17),
        (16, -1, (9, 16.75), 16.5),
        (3, -1, (8.75, 17), 8.75),
        (22, 1, (9, 17.25), 17),
    ],
)
def test_the_edge_nearer_to_the_cursor_moves(
    at: float, by: int, after: tuple[float, float], edge: float
) -> None:
    assert edge_moved(hours((9, 17)), int(at * 4), by) == (hours(after), edge * 4)


def test_a_window_of_one_step_grows_to_the_side_that_is_asked_for() -> None:
    assert edge_moved(hours((9, 9.25)), 36, -1) == (hours((8.75, 9.25)), 35)
    assert edge_moved(hours((9, 9.25)), 36, 1) == (hours((9, 9.5)), 37)


def test_a_window_that_grows_into_the_next_one_joins_it() -> None:
    assert edge_moved(hours((9, 12), (12.25, 17)), 47, 1) == (hours((9, 17)), 48)


def test_an_edge_stays_where_there_is_no_window_and_at_the_ends_of_the_day() -> None:
    assert edge_moved(0, 40, 1) is None
    assert edge_moved(WHOLE_DAY, 0, -1) is None
    assert edge_moved(WHOLE_DAY, 95, 1) is None


@given(rows, st.integers(0, 95), st.sampled_from([-1, 1]))
def test_an_edge_moves_by_one_step_and_no_window_is_lost(row: int, step: int, by: int) -> None:
    moved = edge_moved(row, step, by)
    if moved is not None:
        after, edge = moved
        assert (after ^ row).bit_count() == 1
        assert has(after, edge)
        assert len(windows(row)) - 1 <= len(windows(after)) <= len(windows(row))


# Presets


def test_the_presets_are_what_they_are_called() -> None:
    session, nights, always, never = (preset.bits for preset in PRESETS)
    assert [day_of(session, day) for day in range(7)] == [hours((9, 17))] * 5 + [0, 0]
    assert {day_of(nights, day) for day in range(7)} == {hours((0, 6), (20, 24))}
    assert (value_of(always), never) == (None, 0)


# Words


@pytest.mark.parametrize(
    ("row", "width", "text"),
    [
        (WHOLE_DAY, 20, "all day"),
        (0, 20, "never"),
        (hours((9, 12), (13, 17)), 23, "09:00-12:00 13:00-17:00"),
        (hours((9, 12), (13, 17)), 22, "09:00-12:00 +1"),
        (hours((9, 17.5)), 11, "09:00-17:30"),
        (hours((9, 17.5)), 10, "8 h 30 min"),
        (hours((9, 17.5)), 3, ""),
    ],
)
def test_a_day_is_said_as_fully_as_it_fits(row: int, width: int, text: str) -> None:
    assert day_note(row, width) == text


@given(rows, st.integers(0, 30))
def test_what_is_said_of_a_day_fits(row: int, width: int) -> None:
    assert len(day_note(row, width)) <= width


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (9.25, "allowed, window 09:00-12:00"),
        (12, "not allowed until 13:00"),
        (18, "not allowed until midnight"),
    ],
)
def test_what_is_at_the_cursor_is_said_with_its_window_or_when_the_next_begins(at: float, text: str) -> None:
    assert at_place(copied(0, hours((9, 12), (13, 17)), [1]), Place(1, int(at * 4))) == text


def test_a_day_without_an_end_is_said_to_be_allowed_all_day() -> None:
    assert at_place(FULL, Place(3, 7)) == "allowed, all day"


def test_how_much_of_a_selection_is_allowed_is_said() -> None:
    block = Block(0, 4, 36, 70)
    assert block_name(block) == "Mon-Fri 09:00-17:30"
    assert block_name(Block(6, 6, 95, 96)) == "Sun 23:45-24:00"
    assert in_block(FULL, block) == "42 h 30 min selected, all of it allowed"
    assert in_block(0, block) == "42 h 30 min selected, none of it allowed"
    assert in_block(PRESETS[0].bits, block) == "42 h 30 min selected, 40 h of it allowed"


def test_times_and_lengths_are_said_to_the_minute() -> None:
    assert [clock(step) for step in (0, 37, 95, 96)] == ["00:00", "09:15", "23:45", "24:00"]
    assert [length(steps) for steps in (0, 1, 4, 150)] == ["0 h", "15 min", "1 h", "37 h 30 min"]


# Drawing


def drawn(row: int, width: int, signs: Signs = UNICODE, **what: int) -> str:
    """A day without its name, as it is drawn."""
    day = Day(0, row, range(0), what.get("cursor"), what.get("now"))
    line = day_line(day, Scale.for_width(width), signs)
    return "".join(piece.text for piece in line)[4:]


def test_a_narrow_day_shows_quarters_as_half_cells() -> None:
    row = hours((1.25, 3), (4, 4.75))
    assert drawn(row, 76).startswith("· ▐███· █▌· ·")
    assert drawn(row, 76, ASCII).startswith(". [###. #]. .")


def test_a_wide_day_shows_each_quarter_as_a_cell() -> None:
    row = hours((1.25, 3), (4, 4.75))
    assert drawn(row, 110).startswith("·   ·███████·   ███ ·")


def test_the_cursor_says_the_half_of_a_cell_and_whether_it_is_allowed() -> None:
    row = hours((0, 1))
    assert [drawn(row, 76, cursor=step)[:4] for step in (0, 1, 4, 5)] == ["«█· ", "»█· ", "██‹ ", "██› "]
    assert [drawn(row, 110, cursor=step)[:5] for step in (1, 4)] == ["█✓██·", "████·"]
    assert [drawn(row, 76, ASCII, cursor=step)[:4] for step in (0, 1, 4, 5)] == [
        "{#. ",
        "}#. ",
        "##< ",
        "##> ",
    ]


def test_now_looks_different_where_it_is_allowed() -> None:
    row = hours((0, 1))
    assert [drawn(row, 76, now=step)[:3] for step in (0, 4)] == ["┃█·", "██│"]
    assert [drawn(row, 76, ASCII, now=step)[:3] for step in (0, 4)] == ["!#.", "##|"]


@pytest.mark.parametrize(
    ("width", "now", "begins"),
    [
        (76, None, "00    03    06"),
        (76, 13, "00    ▾     06"),
        (76, 17, "00    03▾   06"),
        (110, 12, "00          ▾           06"),
        (110, 14, "00          03▾         06"),
    ],
)
def test_the_ruler_has_now_in_the_place_of_the_hour_it_would_cover(
    width: int, now: int | None, begins: str
) -> None:
    text = "".join(piece.text for piece in ruler(Scale.for_width(width), now, UNICODE))
    assert text[4:].startswith(begins)
    assert text.rstrip().endswith("21" + " " * (4 if width == 76 else 10) + "24")
