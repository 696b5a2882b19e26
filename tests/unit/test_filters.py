"""Typed filters are read, written in one way, and what is wrong with them is said all at once."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain import filters
from cx_tui.domain.filter_values import Span, filter_columns, is_filter, meaning, read_filter
from cx_tui.domain.filters import BadFilter, Filter, Not, Term, Value, Word, parse, value_of, written
from cx_tui.domain.records import PLACES, record_named
from cx_tui.domain.rights import secrets_of
from cx_tui.errors import Misconfigured
from cx_tui.services.lists.grouping import grouping_of

TEXTS = st.text(st.sampled_from('ab1 -,.()"\\:<>=*|OR'), max_size=6)
BARE = st.from_regex(r"[a-z0-9*%:-]{1,5}", fullmatch=True).filter(lambda text: ".." not in text)
VALUES = st.one_of(
    st.builds(Value, BARE),
    st.builds(lambda text: Value(text, quoted=True), TEXTS),
    st.builds(lambda low, high: Value(low=low, high=high), BARE, st.none() | BARE),
    st.builds(lambda high: Value(high=high), BARE),
)
TERMS = st.builds(
    Term, st.sampled_from(["name", "debit_limit", "contact.email"]),
    st.sampled_from([":", "=", "<", "<=", ">", ">=", "~"]),
    st.lists(VALUES, min_size=1, max_size=3).map(tuple),
)  # fmt: skip


def _parts(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, inner),
        st.builds(filters.Related, st.sampled_from(["contact", "sip_user"]), TERMS),
        several.map(lambda parts: filters.All(tuple(_flat(filters.All, parts)))),
        several.map(lambda parts: filters.Any(tuple(_flat(filters.Any, parts)))),
    )


def _flat(kind: type[filters.All] | type[filters.Any], parts: tuple[Filter, ...]) -> list[Filter]:
    found: list[Filter] = []
    for part in parts:
        found += part.parts if isinstance(part, kind) else [part]
    return found


FILTERS = st.recursive(TERMS | st.builds(Word, TEXTS.filter(bool)), _parts, max_leaves=6)


@given(FILTERS)
def test_what_is_written_is_read_as_the_same_filter(filter: Filter) -> None:
    assert parse(written(filter)) == filter


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("credit < 0", 'credit<""'),
        ("Credit:<0  AND country:GB", "credit<0 country:GB"),
        ("name!=x | -(a b)", "-name=x OR -(a b)"),
        ("NOT status:active OR (a OR b) c", "-status:active OR (a OR b) c"),
        ("12:30 ::1 Acme(UK)", '12:30 ::1 "Acme(UK)"'),
        ("“Marks and Spencer”", '"Marks and Spencer"'),
        ("Marks and Spencer", "Marks and Spencer"),
        ("channels:5..,..3,7", "channels:5..,..3,7"),
    ],
)
def test_a_filter_has_one_way_to_be_written(text: str, canonical: str) -> None:
    if canonical.endswith('""'):
        with pytest.raises(BadFilter, match="write a value behind") as raised:
            parse(text.replace(" <", "<"))
        assert raised.value.problems[0].start == 0
    else:
        assert written(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "start", "sentence"),
    [
        ("acme sip:bob", 5, 'there is no column "sip"; in quotes it is text'),
        ("asr>hi", 0, 'ASR: "hi" is not a number; write it like 12.5 or 1k, and -5..5 for a range'),
        ("status:in,pen", 0, 'Status: "pen" may be several of Penalty, Pending Approval'),
        ("portal>yes", 0, "Portal access: it has no order; write it with : or ="),
        (
            "last-call>7d",
            0,
            "Last call: does it mean older or newer than 7d?  Write <now-7d for older, :7d for",
        ),
        ('name:a "open', 7, "this quote is not closed"),
        ("(a", 0, "this bracket is not closed; in quotes it is a letter"),
        ("is:asleep", 0, 'there is no state "asleep"; there are dialing, pending'),
        ("no:colour", 0, 'there is no column "colour"; is it company or connected or contacts'),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(text: str, start: int, sentence: str) -> None:
    with pytest.raises(BadFilter) as raised:
        read_filter(text, "customer")
    problem = raised.value.problems[0]
    assert problem.sentence.startswith(sentence)
    assert problem.start == start


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BadFilter) as raised:
        read_filter("asr>x country:GB colour:red", "customer")
    assert len(raised.value.problems) == 2
    assert raised.value.marked().splitlines()[:2] == ["asr>x country:GB colour:red", "^^^^^"]


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def day(month: int, number: int) -> datetime:
    """The first moment of a day."""
    return datetime(2026, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "op", "text", "low", "high"),
    [
        ("channels", ">", "1k", Decimal(1_000), None),
        ("asr", "<=", "40%", None, Decimal(40)),
        ("credit", "<", "-10", None, Decimal(-10)),
        ("acd", ">=", "1:30", Decimal(90), None),
        ("acd", "<", "2m", None, Decimal(120)),
        # The end of a range of days is the end of its last day.
        ("created", ":", "2026-11-01..2026-11-21", day(11, 1), day(11, 22)),
        ("created", ":", "2026-11", day(11, 1), day(12, 1)),
        ("last-call", ":", "7d", NOW - timedelta(days=7), NOW),
        ("created", ":", "now..now+14d", NOW, NOW + timedelta(days=14)),
        ("created", "<", "now-7d", None, NOW - timedelta(days=7)),
    ],
)  # fmt: skip
def test_a_value_is_from_where_to_where(key: str, op: str, text: str, low: object, high: object) -> None:
    span = meaning(filter_columns("customer")[key.replace("-", "_")], op, value_of(text), NOW)
    assert isinstance(span, Span)
    assert (span.low, span.high) == (low, high)


def test_the_days_of_a_filter_are_those_of_utc_also_where_clocks_are_put_forward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        created = filter_columns("customer")["created"]
        for number, month in ((29, 3), (25, 10)):  # of 23 and of 25 hours there
            for text in (f"2026-{month:02}-{number}", f"2026-{month:02}-{number}..2026-{month:02}-{number}"):
                span = meaning(created, ":", value_of(text), NOW)
                assert span == Span(day(month, number), day(month, number + 1), with_high=False)
        # The hour that there is twice is told apart by what is said with it.
        twice = [
            meaning(created, ">=", value_of(f"2026-10-25T02:30:00{offset}"), NOW)
            for offset in ("+02:00", "+01:00")
        ]
        assert [span.low for span in twice if isinstance(span, Span)] == [
            datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)
        ]
        # Seven days are so many hours, whatever clocks do meanwhile.
        now = datetime(2026, 10, 26, 12, tzinfo=UTC)
        assert meaning(created, ":", value_of("7d"), now) == Span(now - timedelta(hours=168), now)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("record", [name for name in PLACES if secrets_of(name)])
def test_what_only_some_roles_may_read_is_no_column_of_filters_and_groups(record: str) -> None:
    for name in secrets_of(record):
        for text in (f"{name}:x", f"has:{name}", f"-{name}=x"):
            with pytest.raises(BadFilter, match="there is no column"):
                read_filter(text, record)
        for by, totals in ((name, "count"), ("id", f"distinct:{name}"), ("id", f"max:{name}")):
            with pytest.raises(Misconfigured, match="there is no column"):
                grouping_of(record, by, totals)
    if record_named(record).declared.owner == "customer":
        with pytest.raises(BadFilter, match="there is no column"):
            read_filter(f"{record}.{secrets_of(record)[0]}:x", "customer")


def test_only_conditions_make_a_text_of_the_search_box_a_filter() -> None:
    assert is_filter("acme credit<0")
    assert is_filter("-name:x")
    assert not any(map(is_filter, ["acme", "12:30", "2001:db8::1", 'say "a:b"', "Acme (UK)", ""]))


def test_a_filter_has_a_bounded_size() -> None:
    for text in ("a" * 2_001, "name:a " * 65, "(" * 9 + "a" + ")" * 9):
        with pytest.raises(BadFilter, match="at most"):
            parse(text)
