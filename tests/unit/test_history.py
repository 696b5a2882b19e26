"""What the log keeps: texts that are the values again, for every field of every record."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.history import SECRET, Act, Change, DelayedState, texts, typed_fields, values
from cx_tui.domain.kinds import (
    Areas,
    Choice,
    Code,
    Email,
    Flag,
    Integer,
    Lines,
    Money,
    Networks,
    Percent,
    Phone,
    Reference,
    Secret,
    Tags,
    Text,
    Toml,
    Url,
    Zone,
)
from cx_tui.domain.record import Record
from cx_tui.domain.records import every_record, record_named
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import PORTAL_AREAS, Customer
from cx_tui.domain.week import Week, WeekKind

PRINTED = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"))
NETWORKS = ("192.0.2.7", "10.0.0.0/8", "2001:db8::1", "2001:db8::/32")


def one_line(maximum: int) -> st.SearchStrategy[str]:
    """What a person can have typed on one line."""
    return st.text(PRINTED, max_size=min(maximum, 40)).map(str.strip)


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Values that a field can have."""
    found = _values_of(field)
    return st.none() | found.filter(bool) if field.optional else found


def _values_of(field: Field) -> st.SearchStrategy[Any]:
    match field.kind:
        case Money() as kind:
            low, high = kind.minimum, kind.maximum
            return st.decimals(low, high, places=6) | st.sampled_from(
                [low, high, Decimal(0), Decimal("0.000001")]
            )
        case Percent():
            return st.decimals(0, 100, places=4)
        case Integer() as kind:
            return st.integers(kind.minimum, kind.maximum)
        case Reference():
            return st.none() | st.integers(1, 2**31 - 1)
        case Flag():
            return st.booleans()
        case Choice() as kind:
            return st.sampled_from(list(kind.choices))
        case Code() as kind:
            return st.sampled_from([code for code, _ in kind.options()])
        case Zone():
            return st.sampled_from(["UTC", "Europe/London", "Asia/Kolkata"])
        case Areas():
            states = st.dictionaries(st.sampled_from(PORTAL_AREAS), st.sampled_from(["show", "hide"]))
            return states.map(lambda chosen: {area: chosen[area] for area in PORTAL_AREAS if area in chosen})
        case Tags():
            words = st.lists(st.text("aÄ9.:+-_", min_size=1, max_size=9), max_size=5)
            return words.map(lambda tags: tuple(sorted(set(tags))))
        case Networks():
            return st.lists(st.sampled_from(NETWORKS), unique=True).map(tuple)
        case WeekKind():
            return st.integers(0, 2**672 - 1).map(Week) | st.just(Week())
        case Email():
            return st.just("") | st.integers(0, 10**9).map(lambda n: f"ana+{n}@acme.example")
        case Phone():
            return st.just("") | st.integers(10**7, 10**14).map(lambda n: f"+{n}")
        case Url():
            return st.sampled_from(["", "https://acme.example/a?b=[c]#'d"])
        case Toml():
            return st.sampled_from(["", "a = 1", 'a = "ü"\n[b]\nc = []', "# only"]) | one_line(99)
        case Lines():
            return st.lists(one_line(40), max_size=3).map(lambda parts: "\n\t".join(parts).strip())
        case Text(maximum=maximum):
            return one_line(maximum)
    raise TypeError(f"no values for {field.kind!r}")


EVERY = [
    (record, name)
    for record in (Customer, Contact)
    for name, one in typed_fields(record).items()
    if not isinstance(one.kind, Secret)
]


@pytest.mark.parametrize(("record", "name"), EVERY, ids=lambda part: getattr(part, "__name__", part))
@given(data=st.data())
def test_any_value_of_any_field_is_kept_as_a_text_that_is_the_value_again(
    record: type[Record], name: str, data: st.DataObject
) -> None:
    value = data.draw(values_of(fields_of(record)[name]))
    kept = texts(record, {name: value})
    assert values(record, kept) == {name: value}
    assert type(values(record, kept)[name]) is type(value)


@pytest.mark.parametrize(("record", "name"), EVERY, ids=lambda part: getattr(part, "__name__", part))
def test_the_default_of_any_field_is_kept(record: type[Record], name: str) -> None:
    empty = fields_of(record)[name].empty()
    if name not in ("name", "currency"):
        assert values(record, texts(record, {name: empty})) == {name: empty}


def test_of_a_secret_it_is_kept_only_that_there_is_one() -> None:
    assert texts(Contact, {"password_hash": "scrypt$s3cret", "name": "Joe"}) == {
        "password_hash": SECRET,
        "name": "Joe",
    }
    assert texts(Contact, {"password_hash": ""}) == {"password_hash": ""}


def test_typed_fields_are_those_that_the_program_does_not_keep_itself() -> None:
    assert not set(typed_fields(Contact)) & {*fields_of(Record), "customer_id"}
    assert set(typed_fields(Customer)) == set(fields_of(Customer)) - set(fields_of(Record))


def test_names_fit_their_columns() -> None:
    assert all(len(member.value) <= 20 for kind in (Act, DelayedState) for member in kind)
    assert all(len(kind.declared.name) <= fields_of(Change)["record"].kind.maximum for kind in every_record())  # type: ignore[attr-defined]  # it is a text


def test_a_kind_of_record_is_found_by_its_name_and_what_is_said_of_it_are_fields() -> None:
    for kind in every_record():
        said = kind.declared
        assert record_named(said.name) is kind
        assert {*said.columns, *(name.removeprefix("-") for name in said.sort), said.names} <= set(
            fields_of(kind)
        )
        assert not said.owner or said.owner_id in fields_of(kind)
        assert {flag for _, flag in said.counted if flag} <= set(fields_of(kind))
