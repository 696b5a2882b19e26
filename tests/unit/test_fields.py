"""The fields of a record: all that is said of them, and the table that follows from them."""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlalchemy import Boolean, Integer, String

from cx_tui.db.tables import columns_of
from cx_tui.db.types import Money
from cx_tui.domain import fields as field
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Kind
from cx_tui.domain.record import Record
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import (
    PORTAL_AREAS,
    TABS,
    AssertedId,
    Customer,
    InvoiceSchedule,
    RtpFirewall,
    Status,
)

# What operators find on each tab; those marked * are offered in bulk edit.
ON_TAB = {
    "Basic": "name channels* flow_speed* status* debit_limit* minimum_payment* tax* currency daily_limit*",
    "Config": (
        "paypal_email website portal* portal_areas* tags* toml reseller* account_manager* invoice_schedule*"
        " invoice_due_days* invoice_template* external_id rtp_firewall* recording_days* domain asserted_id*"
    ),
    "Address": "company street city region postcode country*",
    "Verification": "approved_clis_only* verify_email* verify_mobile*",
    "Notes": "public_notes private_notes",
    "Day/Time Restrict": "time_zone allowed_times",
}
PLACES = [
    (tab, word.rstrip("*"), word.endswith("*")) for tab, words in ON_TAB.items() for word in words.split()
]
KEPT = ("id", "version", "created_at", "changed_at", "deleted_at")
FIELDS = fields_of(Customer)


@dataclass(kw_only=True)
class Trunk:
    """A record that nobody else knows."""

    label: str = field.text("Label", max_length=12, required=True)
    price: Decimal | None = field.money("Price", optional=True)


@pytest.mark.parametrize(("tab", "name", "bulk"), PLACES)
def test_a_field_is_on_its_tab_and_in_bulk_edit_when_it_should_be(tab: str, name: str, bulk: bool) -> None:
    assert (FIELDS[name].tab, FIELDS[name].bulk) == (tab, bulk)


def test_nothing_else_is_on_the_form() -> None:
    assert tuple(ON_TAB) == TABS
    assert {name for name, one in FIELDS.items() if one.tab} == {name for _, name, _ in PLACES}
    assert {name for name, one in FIELDS.items() if not one.tab} == set(KEPT)


def test_only_name_and_currency_are_required() -> None:
    assert [name for name, one in FIELDS.items() if one.required] == ["name", "currency"]


def test_only_the_currency_is_fixed_and_only_the_name_is_unique() -> None:
    assert [name for name, one in FIELDS.items() if one.fixed] == ["currency"]
    assert [name for name, one in FIELDS.items() if one.unique] == ["name"]
    assert not FIELDS["currency"].bulk


def test_everything_but_what_the_program_keeps_is_a_target_of_uploads() -> None:
    assert {name for name, one in FIELDS.items() if not one.upload} == set(KEPT)


def test_a_new_customer_has_the_usual_values() -> None:
    new = {name: one.default for name, one in FIELDS.items()}
    assert new["status"] is Status.PENDING_APPROVAL
    assert new["invoice_schedule"] is InvoiceSchedule.NONE
    assert new["rtp_firewall"] is RtpFirewall.LOCKED
    assert new["asserted_id"] is AssertedId.DEFAULT
    assert new["daily_limit"] is None
    assert new["allowed_times"] is None
    assert new["time_zone"] == "UTC"
    assert new["portal"] is True
    assert (new["debit_limit"], new["channels"], new["tags"], new["portal_areas"]) == (0, 0, (), {})


def test_two_new_customers_share_nothing_that_can_change() -> None:
    one, other = Customer(name="A"), Customer(name="B")
    one.portal_areas["CDR"] = "hide"
    assert other.portal_areas == {}


@pytest.mark.parametrize("record", [Customer, Contact])
def test_the_default_of_the_record_is_that_of_its_field(record: type) -> None:
    for part in dataclasses.fields(record):
        spec = fields_of(record)[part.name]
        factory = part.default_factory
        made = part.default if factory is dataclasses.MISSING else factory()
        assert made == spec.default, part.name
        assert spec.name == part.name


@pytest.mark.parametrize("record", [Customer, Contact])
def test_every_field_has_a_label_a_kind_and_a_help_sentence(record: type) -> None:
    for name, one in fields_of(record).items():
        assert isinstance(one.kind, Kind), name
        assert one.label, name
        assert one.help.endswith("."), name
    labels = [one.label for one in fields_of(record).values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("record", [Customer, Contact])
def test_a_default_is_a_value_of_its_kind(record: type) -> None:
    for name, one in fields_of(record).items():
        if not one.required and name not in KEPT and name != "customer_id":
            assert one.parse(one.kind.write(one.default)) == one.default, name


def test_all_areas_of_the_portal_can_be_chosen() -> None:
    assert len(PORTAL_AREAS) == 13
    chosen = FIELDS["portal_areas"].parse(", ".join(f"{area}=hide" for area in PORTAL_AREAS))
    assert chosen == dict.fromkeys(PORTAL_AREAS, "hide")


def test_a_made_up_record_gets_its_table_from_its_fields() -> None:
    label, price = columns_of(Trunk)
    assert (label.name, price.name) == ("label", "price")
    assert isinstance(label.type, String)
    assert label.type.length == 12
    assert isinstance(price.type, Money)
    assert (label.nullable, price.nullable) == (False, True)


def test_the_table_of_customers_has_a_column_for_each_field_in_their_order() -> None:
    columns = {column.name: column for column in columns_of(Customer)}
    assert list(columns) == list(FIELDS)
    assert [name for name, column in columns.items() if column.primary_key] == ["id"]
    assert {name for name, column in columns.items() if column.nullable} == {
        *("deleted_at", "daily_limit", "allowed_times"),
        *("reseller", "account_manager", "invoice_template", "domain"),
    }
    assert isinstance(columns["channels"].type, Integer)
    assert isinstance(columns["verify_email"].type, Boolean)


def test_a_record_of_one_line_more_has_one_field_more() -> None:
    more = dataclasses.make_dataclass(
        "More", [("colour", str, field.text("Colour", tab="Basic"))], bases=(Record,), kw_only=True
    )
    assert list(fields_of(more)) == [*KEPT, "colour"]
    assert fields_of(more)["colour"].parse(" red ") == "red"
