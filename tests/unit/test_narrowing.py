"""Conditions one by one: chips, panel and text are one filter; and what could be typed next."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain import narrowing
from cx_tui.domain.columns import list_columns
from cx_tui.domain.completion import offers
from cx_tui.domain.filter_values import read_filter
from cx_tui.domain.filter_words import in_words
from cx_tui.domain.filters import Any, Not, Related, parse, written
from cx_tui.domain.query import Query
from cx_tui.domain.records.customer import Status
from cx_tui.domain.view import conditions_of, joined
from tests.unit.test_filters import TERMS

PARTS = st.one_of(
    TERMS,
    st.builds(Not, TERMS),
    st.builds(lambda one, other: Any((one, other)), TERMS, TERMS),
    st.builds(lambda one: Related("contact", one), TERMS),
)
CONDITIONS = st.lists(PARTS.map(written), min_size=1, max_size=4, unique=True)


@given(CONDITIONS)
def test_chips_put_together_again_are_the_filter_that_they_came_from(conditions: list[str]) -> None:
    where = joined(conditions)
    assert joined(conditions_of(where)) == where
    assert written(parse(where)) == where


@given(CONDITIONS, st.data())
def test_a_condition_that_is_switched_off_and_on_is_asked_as_before(
    conditions: list[str], data: st.DataObject
) -> None:
    query = Query(where=joined(conditions))
    there = narrowing.conditions(query)
    place = data.draw(st.integers(0, len(there) - 1))
    off = narrowing.switch_off(query, place)
    assert off.off == (there[place],)
    on = narrowing.switch_on(off, 0)
    assert sorted(narrowing.conditions(on)) == sorted(there)
    assert on.off == ()
    # Twice turned round is what it was.
    assert narrowing.turn_round(narrowing.turn_round(query, place), place).where == query.where


def test_words_of_the_box_become_a_condition_among_others() -> None:
    query = narrowing.add(Query(search="Acme (UK)"), "credit<0")
    assert query == Query(where='"Acme (UK)" credit<0')
    assert narrowing.drop(query, 1).where == '"Acme (UK)"'


def test_a_condition_and_the_next_are_joined_by_or_and_taken_apart() -> None:
    query = Query(where="country:GB credit<0 name:x")
    either = narrowing.join_with_next(query, 0)
    assert either.where == "(country:GB OR credit<0) name:x"
    assert narrowing.join_with_next(either, 0) == query


@pytest.mark.parametrize(
    ("column", "value", "only", "without"),
    [
        ("status", Status.PENDING_APPROVAL, 'status:"Pending Approval"', '-status:"Pending Approval"'),
        ("name", "Acme, Inc.", 'name="Acme, Inc."', '-name="Acme, Inc."'),
        ("tags", ("vip", "a b"), 'tags:vip tags:"a b"', '-(tags:vip tags:"a b")'),
        ("tags", (), "no:tags", "has:tags"),
        ("portal", True, "portal:yes", "-portal:yes"),
        ("debit_limit", Decimal("12.500000"), "debit_limit=12.5EUR", "-debit_limit=12.5EUR"),
        ("asr", 41.23, "asr:41.15..41.25", "-asr:41.15..41.25"),
        ("company", None, "no:company", "has:company"),
    ],
)
def test_a_cell_makes_a_condition_and_its_complement(
    column: str, value: object, only: str, without: str
) -> None:
    known = list_columns()[column]
    for other, expected in ((False, only), (True, without)):
        made = narrowing.of_cell(known, value, "EUR", other=other)
        assert made == expected
        assert written(read_filter(made, "customer")) == made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("credit<0", "Credit < 0 (each in its currency)"),
        ("credit<100EUR", "Credit < 100EUR"),
        ("-asr>40", "not ASR > 40, or none"),
        ("channels:1,5", "Channels is 1 or 5"),
        ("country:GB OR no:website", "Country is GB or no website"),
        ("contact.email:@acme", "Contact's e-mail has @acme"),
        ("contact(type:noc has:mobile)", "a contact with Type has noc and has mobile"),
        ("warn:no_route", "warned of no route"),
        ("acme", '"acme"'),
        ("ip:10.1.2.3/8", "ip overlaps 10.0.0.0/8 (from 10.1.2.3/8)"),
        ("ip:10.1.2.3", "ip overlaps 10.1.2.3"),
        ("created:2026-11", "Created is 2026-11 UTC"),
        ("created:today..now+14d", "Created today to now+14d UTC"),
        ("last-call:7d", "Last call is 7d"),
        ("country:gb", "Country is gb"),
        ("country:unit,fr", "Country is unit… or fr"),
        ("channels>5 in-use>5", "Channels > 5 and Channels in use > 5"),
        ("warnings>0", "Warnings > 0"),
    ],
)
def test_a_chip_says_a_condition_in_words(text: str, said: str) -> None:
    assert in_words(read_filter(text, "customer"), "customer") == said


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("coun", "country:"), ("acme cred", "credit"), ("status:act", "Active"),
        ("status:pending", '"Pending Approval"'), ("-(portal:", "yes"), ("has:web", "website"),
        ("warn:no_r", "no_route"), ("contact.em", "contact.email:"), ("status:active,pen", "Penalty"),
    ],
)  # fmt: skip
def test_what_could_be_typed_next_is_offered(typed: str, first: str) -> None:
    assert offers(typed, "customer")[0].text == first


@pytest.mark.parametrize("typed", ["", "a", "status:Active", 'name:"ac', "acme ", "credit<"])
def test_nothing_is_offered_where_anything_may_stand(typed: str) -> None:
    assert offers(typed, "customer") == []


def test_a_query_keeps_what_is_switched_off_and_is_about_the_same_records() -> None:
    query = Query(where="credit<0", off=("name:x",))
    assert Query.from_json(query.as_json()) == query
    assert query.which == replace(query, off=()).which
