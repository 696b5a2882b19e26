"""Blocks of the log give back what was put into them."""

from hypothesis import given
from hypothesis import strategies as st

from cx_tui.db import log_blocks
from cx_tui.domain.history import Act, Noted, Texts

TEXTS = st.dictionaries(st.sampled_from(["name", "channels", "portal_areas"]), st.text(max_size=5))
STEPS = st.one_of(st.just(1), st.integers(2, 30), st.integers(log_blocks.SPAN - 2, log_blocks.SPAN + 2))


@given(st.integers(1, 2**31 - 10**6), st.lists(st.tuples(STEPS, TEXTS, TEXTS), min_size=1, max_size=40))
def test_every_customer_comes_out_as_it_went_in(first: int, rows: list[tuple[int, Texts, Texts]]) -> None:
    notes: list[Noted] = []
    one = first
    for step, before, after in rows:
        notes.append((7, "customer", one, one, Act.UPDATE, before, after))
        one += step
    made = log_blocks.made(notes)
    found = [change for one in made for change in one.changes(range(len(one.customers)))]
    assert [
        (one.operation_id, one.record, one.record_id, one.customer_id, one.act, one.before, one.after)
        for one in found
    ] == notes
    assert all(one.in_block for one in found)
    for block in made:
        assert block.last_id - block.first_id < log_blocks.SPAN
        assert (block.customers[0], block.customers[-1]) == (block.first_id, block.last_id)


def test_a_block_is_not_larger_than_can_be_unpacked_at_once() -> None:
    notes: list[Noted] = [
        (1, "customer", one, one, Act.DELETE, {}, {}) for one in range(1, 2 * log_blocks.SIZE + 2)
    ]
    made = log_blocks.made(notes)
    assert [len(one.customers) for one in made] == [log_blocks.SIZE, log_blocks.SIZE, 1]
    assert all(one.before is one.after is one.steps is None for one in made)


def test_of_many_alike_little_is_kept() -> None:
    """Every tenth customer, and each of two values before."""
    notes: list[Noted] = [
        (1, "customer", one, one, Act.UPDATE, {"channels": str(one % 20)}, {"channels": "7"})
        for one in range(1, 10 * log_blocks.SIZE, 10)
    ]
    (made,) = log_blocks.made(notes)
    assert made.before
    assert made.after
    assert made.steps
    assert len(made.before) + len(made.after) + len(made.steps) < 300
