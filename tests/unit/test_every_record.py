"""Every kind of record: what is declared of it is whole, and fits what reads it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from cx_tui.db.tables import record_table
from cx_tui.domain import warnings
from cx_tui.domain.fields import fields_of, names_where
from cx_tui.domain.history import typed_fields
from cx_tui.domain.kinds import BadValue, Reference, References, Secret, Several
from cx_tui.domain.record import Record
from cx_tui.domain.records import COUNTED, FOUND_BY, PLACES, every_record, record_named
from cx_tui.domain.records.alert import Alert, Operator
from cx_tui.domain.records.cli_rule import CliRule, UseDid
from cx_tui.domain.records.company import NumberRange
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.records.did import Did, DidDestination
from cx_tui.domain.records.invoice import Allocation, Invoice
from cx_tui.domain.records.ip import EndpointDirection, Ip
from cx_tui.domain.records.package import CustomerPackage, Frequency, Package, PackageType
from cx_tui.domain.records.payment import Payment
from cx_tui.domain.records.rate_card import Rate, RateCard, Side, Supply
from cx_tui.domain.records.rewrite import Matching, Rewrite
from cx_tui.domain.records.route import FraudMode, Route, Target
from cx_tui.domain.records.signalling import Protocol
from cx_tui.domain.records.sip_user import SipUser
from cx_tui.domain.sip_passwords import SipPassword, TypedPassword, as_kept, digests, ha1, realm_of, user_of
from cx_tui.screens.form_fields import editor_of
from widgets.form import Words

RECORDS = list(every_record())
TAKEN_BY_COMMANDS = (
    *("customer", "contact", "ip", "sip-user", "rewrite", "route", "cli-rule", "did", "payment"),
    *("carrier", "rate-card", "rate", "prefix-set", "package"),
)
"""What `--record` takes."""

every = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.declared.name)


def made(record: type[Record], **values: Any) -> Any:
    """A record of these values, and else of those that it begins with."""
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return record(id=1, created_at=now, changed_at=now, **values)


@every
def test_its_names_fit_the_log_and_what_it_says_of_its_list_are_its_fields(record: type[Record]) -> None:
    said, fields = record.declared, fields_of(record)
    assert len(said.name) <= 20
    assert {*said.columns, *(name.removeprefix("-") for name in said.sort), said.names} <= set(fields)
    assert {*said.together, *(flag for _, flag in said.counted if flag)} <= set(fields)
    assert bool(said.together) == bool(said.taken)
    assert said.ordered == ("position" in fields)


@every
def test_its_owner_is_a_kind_of_record_that_comes_before_it(record: type[Record]) -> None:
    said = record.declared
    if said.owner:
        assert list(PLACES).index(said.owner) < list(PLACES).index(said.name)
        assert fields_of(record)[said.owner_id].fixed


@every
def test_its_references_name_kinds_of_records(record: type[Record]) -> None:
    for field in fields_of(record).values():
        if isinstance(field.kind, Reference | References):
            assert field.kind.record in PLACES


@every
def test_each_field_has_a_label_of_its_own_and_help_and_a_tab_when_it_is_typed(record: type[Record]) -> None:
    fields = fields_of(record)
    labels = [field.label for field in fields.values()]
    assert len(set(labels)) == len(labels)
    for name, field in fields.items():
        assert field.help.endswith("."), name
        assert len(field.help) <= 100, name
        assert bool(field.tab) == (name in typed_fields(record)), name


@every
def test_its_table_has_a_column_for_each_field(record: type[Record]) -> None:
    columns = record_table(record).c
    for name, field in fields_of(record).items():
        assert columns[name].nullable == field.optional, name


@every
def test_what_only_one_may_have_is_said_in_a_sentence(record: type[Record]) -> None:
    assert all(fields_of(record)[name].taken for name in names_where(record, "unique"))


@every
def test_its_usual_values_are_values_of_their_fields(record: type[Record]) -> None:
    for name, field in typed_fields(record).items():
        if not field.required:
            assert field.parse(field.write(field.default)) == field.default, name
        if field.default is None and not field.required:
            assert field.optional, name


@every
def test_one_that_was_only_begun_has_problems_and_no_accidents(record: type[Record]) -> None:
    assert set(made(record).problems()) <= set(typed_fields(record))


@every
def test_what_is_required_is_asked_for_in_words(record: type[Record]) -> None:
    for field in fields_of(record).values():
        if field.required:
            with pytest.raises(BadValue, match=f"^{field.label} is required$"):
                field.parse(" ")


@every
def test_examples_are_values(record: type[Record]) -> None:
    for field in fields_of(record).values():
        # Another record is typed by its name, which only the database knows.
        if field.example and not isinstance(field.kind, Reference | References):
            field.check(field.example)


@every
def test_the_template_of_an_upload_says_what_is_required(record: type[Record]) -> None:
    for name, field in fields_of(record).items():
        if field.required and field.upload and not isinstance(field.kind, Reference):
            assert field.example, name


@every
def test_no_header_means_two_of_its_fields(record: type[Record]) -> None:
    fields = {name: field for name, field in fields_of(record).items() if field.upload}
    words = [word.casefold() for field in fields.values() for word in field.synonyms]
    assert len(words) == len(set(words))
    if not record.declared.uploads:
        assert not {name for name, field in fields.items() if field.tab}


@every
def test_a_choice_of_several_can_be_typed_word_by_word(record: type[Record]) -> None:
    for field in fields_of(record).values():
        if isinstance(field.kind, Several):
            editor = editor_of(field.kind)
            assert isinstance(editor, Words)
            assert not any(" " in word or "," in word for word in editor.suggestions())


@every
def test_no_secret_can_be_uploaded_or_read_back(record: type[Record]) -> None:
    for field in fields_of(record).values():
        if isinstance(field.kind, Secret):
            assert not field.upload
            assert field.kind.write("x") == ""


def test_all_kinds_that_commands_name_can_be_uploaded() -> None:
    assert all(record_named(name).declared.uploads for name in TAKEN_BY_COMMANDS)
    assert {record.declared.name for record in RECORDS if record.declared.uploads} == {
        *TAKEN_BY_COMMANDS,
        "customer-package",
    }


def test_what_finds_and_counts_a_customer_is_named_where_it_is_looked_up() -> None:
    others = [record for record in RECORDS if record is not Customer]
    assert {one.declared.name for one in others if names_where(one, "found_by")} == set(FOUND_BY)
    assert {one.declared.name for one in others if one.declared.counted} == set(COUNTED)


class Seen:
    """Notes what a rule looks at."""

    def __init__(self, names: set[str], name: str = "") -> None:
        self._names = names
        if name:
            names.add(name)

    def __getattr__(self, name: str) -> "Seen":
        return Seen(self._names, name)

    def _and(self, other: object) -> "Seen":
        return self

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __and__ = _and  # type: ignore[assignment]  # it notes, it does not compare
    __hash__ = object.__hash__


def test_a_customer_is_judged_anew_when_a_field_changes_that_a_rule_looks_at() -> None:
    names: set[str] = set()
    for rule in warnings.WARNINGS:
        rule.holds(Seen(names))
    follows = {"toml_broken": {"toml"}, "allowed_now": {"time_zone", "allowed_times"}}
    looked_at = set().union(*(follows.get(name, {name}) for name in names))
    assert looked_at & set(fields_of(Customer)) == set(names_where(Customer, "warned"))


RECEIVES = EndpointDirection.RECEIVES
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
EITHER = "choose either an IP authentication or a SIP user"
RECEIVES_ONLY = "only an endpoint that receives calls has it; empty it, or change the direction"
RIGHT: tuple[Record, ...] = (
    made(Ip, address="10.0.0.0/8"),
    made(
        Ip, address="sip.acme.example", direction=RECEIVES, username="acme", password="secret", force_from="x"
    ),
    made(SipUser, username="ana", password=TypedPassword("correct horse")),
    made(SipUser, username="ana", password=digests("ana", "acme.example", "correct horse")),
    made(Rewrite, ip=1, current="+", new="00"),
    made(Rewrite, ip=1, current="", new="44"),
    made(Rewrite, sip_user=1, match=Matching.REGEX, current="^0([1-9]+)$", new=r"44\1"),
    made(Route, rate_card=1, session_timer=60),
    made(Route, target=Target.INTERNAL, sip_ping=True),
    made(Route, rate_card=1, lock_carriers=(1,), exclude_carriers=(2,), redial_count=3, redial_period=60),
    made(CliRule, cli="442071234567", forced=True),
    made(CliRule, cli="^0([1-9]+)$", rewrite_cli=r"44\1"),
    made(CliRule, use_did=UseDid.RANDOM, forced=True),
    made(CliRule, cli="^44", paid_match="^(?P<paid>44.*)", rewrite_cli="$<paid>"),
    made(Did, number="+442071234567"),
    made(Did, destination_type=DidDestination.URI, destination="sip:101@pbx.acme.example"),
    made(Did, destination_type=DidDestination.EXTERNAL, destination="+442071234567"),
    made(Did, destination_type=DidDestination.INTERNAL, destination="acme01"),
    made(Payment, total=Decimal("-0.01")),
    made(Package, days=(15, 31)),
    made(Package, frequency=Frequency.WEEKLY, days=(1, 7)),
    made(Package, type=PackageType.FREE_MINUTES, minutes=100),
    made(CustomerPackage, starts=date(2026, 1, 1), ends=date(2026, 1, 1)),
    made(Invoice, period_from=date(2026, 1, 1), period_to=date(2026, 1, 31)),
    made(Allocation, amount=Decimal(1)),
    made(Alert, threshold=Decimal(30), reset=Decimal(31)),
    made(Alert, threshold=Decimal(30), reset=Decimal(29), operator=Operator.ABOVE),
    made(Alert, threshold=Decimal(30), reset=Decimal(30)),
    made(RateCard, side=Side.CARRIER, carrier=1),
    made(
        Rate,
        minimum=0,
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        valid_to=datetime(2026, 1, 2, tzinfo=UTC),
    ),
    made(Supply, rate_card_id=1, carrier_card=2),
    made(NumberRange, first=1000, size=1000, last=1999),
)

WRONG: tuple[tuple[Record, dict[str, str]], ...] = (
    (
        made(Ip, address="sip.acme.example"),
        {"address": "a host name can only receive calls; write an IP address, or change the direction"},
    ),
    (
        made(Ip, address="10.0.0.1", username="acme", password="secret", force_from="x"),
        dict.fromkeys(("force_from", "username", "password"), RECEIVES_ONLY),
    ),
    (
        made(Ip, address="10.0.0.1", force_nat=True, disable_nat=True),
        {"disable_nat": "NAT is forced and disabled at once; choose one of them"},
    ),
    (
        made(Ip, address="10.0.0.1", outbound_proxy="10.0.0.0/8"),
        {"outbound_proxy": "a network can't be a proxy; write one address or host name"},
    ),
    (
        made(SipUser, username="ben", password=digests("ana", "acme.example", "correct horse")),
        {"password": "the password was made for the old username; set a new one"},
    ),
    (made(Rewrite, current="0"), {"ip": "choose either an IP authentication or a SIP user"}),
    (
        made(Rewrite, ip=1, sip_user=1, current="0"),
        {"ip": "choose either an IP authentication or a SIP user"},
    ),
    (
        made(Rewrite, ip=1, current="^0"),
        {"current": '"^0" is not a prefix; write digits like 447 (+ # * may be in it)'},
    ),
    (
        made(Rewrite, ip=1, match=Matching.REGEX),
        {"current": "write the regular expression that is looked for, or choose Prefix"},
    ),
    (
        made(Rewrite, ip=1, match=Matching.REGEX, current="^0", new="$1"),
        {"new": '"$1" is not there; the expression has 0 groups in brackets'},
    ),
    (made(Route), {"rate_card": "choose a rate card, or something else that the route goes to"}),
    (
        made(Route, rate_card=1, sip_ping=True, session_timer=90),
        {"session_timer": "SIP ping and a session timer exclude each other; choose one of them"},
    ),
    (
        made(Route, rate_card=1, session_timer=59),
        {"session_timer": "a session timer has at least 60 seconds, or 0 for none"},
    ),
    (
        made(Route, rate_card=1, lock_carriers=(1, 2), exclude_carriers=(2,)),
        {"exclude_carriers": "a carrier can't be locked and excluded at once; take it out of one list"},
    ),
    (
        made(Route, rate_card=1, redial_count=3),
        {"redial_period": "say how long a number rests after these tries"},
    ),
    (
        made(Route, rate_card=1, fraud_mode=FraudMode.BLOCK),
        {"fraud_profile": "name the profile that is watched, or turn the fraud mode off"},
    ),
    (
        made(CliRule),
        {"cli": "write which callers' numbers the rule is for, or use the customer's DIDs"},
    ),
    (
        made(CliRule, cli="^44", forced=True),
        {"forced": "a forced rule needs one number to show: write it as CLI or as Rewrite CLI"},
    ),
    (
        made(CliRule, cli="^44", paid_match="^(44.*)", rewrite_cli="$1"),
        {"rewrite_cli": '"$1" is not there; the expression has 0 groups in brackets'},
    ),
    (
        made(Did, destination="x"),
        {"destination": "choose what it goes to as well"},
    ),
    (
        made(Did, destination_type=DidDestination.URI),
        {"destination": "write where calls go, or choose None"},
    ),
    (
        made(Did, destination_type=DidDestination.URI, destination="101"),
        {"destination": "write a SIP address like sip:101@pbx.acme.example"},
    ),
    (
        made(Did, destination_type=DidDestination.EXTERNAL, destination="acme"),
        {"destination": "write a number outside like +442071234567"},
    ),
    (made(Payment, total=Decimal(0)), {"total": "a payment of 0 changes nothing; write an amount"}),
    (
        made(Package, frequency=Frequency.WEEKLY, days=(8,)),
        {"days": "a week has the days 1 (Monday) to 7 (Sunday)"},
    ),
    (
        made(Package, frequency=Frequency.ONCE, days=(8,)),
        {"days": "only weekly and monthly packages have days; empty them"},
    ),
    (
        made(Package, type=PackageType.FREE_MINUTES),
        {"minutes": "say how many minutes are free, or choose another type"},
    ),
    (
        made(Package, type=PackageType.MINIMUM_SPEND),
        {"minimum_spend": "say how much has to be spent, or choose another type"},
    ),
    (
        made(CustomerPackage, starts=date(2026, 1, 2), ends=date(2026, 1, 1)),
        {"ends": "it ends before it starts; change one of the days"},
    ),
    (
        made(Alert, threshold=Decimal(30), reset=Decimal(29)),
        {"reset": "the reset threshold of this alert is at the threshold or above it"},
    ),
    (
        made(Alert, threshold=Decimal(30), reset=Decimal(31), operator=Operator.AT_LEAST),
        {"reset": "the reset threshold of this alert is at the threshold or below it"},
    ),
    (made(RateCard, side=Side.CARRIER), {"carrier": "say whose card it is"}),
    (made(RateCard, carrier=1), {"carrier": "a customer card has no carrier; choose none"}),
    (made(RateCard, pulse=0), {"pulse": "write at least 1 second"}),
    (made(Rate, pulse=0), {"pulse": "write at least 1 second, or nothing for the card's"}),
    (
        made(Rate, valid_from=NOON, valid_to=NOON),
        {"valid_to": "it ends before it begins; change one of the moments"},
    ),
    (
        made(Supply, rate_card_id=1, carrier_card=1),
        {"carrier_card": "a card can't serve itself; choose a card of a carrier"},
    ),
    (
        made(NumberRange, first=1000, size=1000, last=1998),
        {"last": "not even one block fits; write a larger number, or none"},
    ),
)


@pytest.mark.parametrize("record", RIGHT, ids=lambda record: record.declared.name)
def test_fields_that_go_together_are_right(record: Record) -> None:
    assert record.problems() == {}


@pytest.mark.parametrize(("record", "problems"), WRONG, ids=lambda part: str(part)[:60])
def test_fields_that_contradict_each_other_are_told_apart(record: Record, problems: dict[str, str]) -> None:
    assert record.problems() == problems


def test_the_port_follows_the_protocol_until_one_is_written() -> None:
    assert made(Ip).usual_port == 5060
    assert (
        made(Ip, protocol=Protocol.TLS).usual_port == made(Ip, protocol=Protocol.TLS_SRTP).usual_port == 5061
    )
    assert made(Ip, protocol=Protocol.TLS, port=5060).usual_port == 5060


def test_what_stands_behind_the_sign_in_a_payment_is_not_for_the_customer() -> None:
    assert made(Payment, description="Top-up # card 4711").public_description == "Top-up"


def test_digests_are_those_that_a_switch_compares() -> None:
    # The example of RFC 7616, section 3.9.1.
    kept = digests("Mufasa", "http-auth@example.org", "Circle of Life")
    assert ha1(kept) == (
        "3d78807defe7de2157e2b0b6573a855f",
        "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
    )
    assert (user_of(kept), realm_of(kept)) == ("Mufasa", "http-auth@example.org")
    assert "Circle" not in kept
    assert (ha1(""), user_of(""), realm_of("")) == (("", ""), "", "")


def test_a_typed_password_is_never_kept_as_it_is() -> None:
    typed = SipPassword().parse("correct-horse")
    column: Any = record_table(SipUser).c.password.type
    with pytest.raises(TypeError, match="has to become digests"):
        column.process_bind_param(typed, sqlite.dialect())
    kept = as_kept({"username": "ana", "password": typed}, "ana", "acme.example")
    assert kept == {"username": "ana", "password": digests("ana", "acme.example", "correct-horse")}
    assert column.process_bind_param(kept["password"], sqlite.dialect()) == kept["password"]
