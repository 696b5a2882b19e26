"""The fields of a record as fields of a form: the editor of each kind, and what is said of a text."""

import pytest

from cx_tui.domain import fields as field
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.history import typed_fields
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.contract import Contract
from cx_tui.domain.records.customer import Customer
from cx_tui.screens.form_fields import editor_of, form_field, zones
from widgets.form import Code, Editor, Masked, OneLine, OneOf, Own, SeveralLines, States, Words, YesNo

CUSTOMER = fields_of(Customer)
HOSTILE = ("\x00", "\x1b[31m", "[bold]x[/]", "a" * 200_000, "\ud800", "\u202e", " ", "=", "[[", "-" * 50)


@pytest.mark.parametrize(
    ("name", "editor"),
    [
        ("name", OneLine),
        ("channels", OneLine),
        ("debit_limit", OneLine),
        ("tax", OneLine),
        ("status", OneOf),
        ("currency", OneOf),
        ("country", OneOf),
        ("time_zone", OneOf),
        ("portal", YesNo),
        ("portal_areas", States),
        ("tags", Words),
        ("toml", Code),
        ("street", SeveralLines),
        ("private_notes", SeveralLines),
        ("allowed_times", Own),
        ("paypal_email", OneLine),
        ("website", OneLine),
    ],
)
def test_each_kind_has_its_editor(name: str, editor: type[Editor]) -> None:
    assert isinstance(form_field(CUSTOMER[name]).editor, editor)


def test_secrets_are_masked_and_networks_are_words() -> None:
    secret: Field = field.secret("Password").metadata["field"]
    assert isinstance(editor_of(secret.kind), Masked)
    made: Field = field.networks("Allowed").metadata["field"]
    assert isinstance(editor_of(made.kind), Words)


def test_what_is_declared_of_a_field_is_said_in_the_form() -> None:
    name, currency = form_field(CUSTOMER["name"]), form_field(CUSTOMER["currency"])
    assert (name.name, name.label, name.tab, name.required) == ("name", "Name", "Basic", True)
    assert name.help == "A name that no other customer has."
    assert currency.fixed


@pytest.mark.parametrize("record", [Customer, Contact])
def test_what_is_stored_already_is_not_complained_of_whatever_it_is(record: type) -> None:
    for each in typed_fields(record).values():
        for text in HOSTILE:
            assert form_field(each, base=text).check(text) is None
            assert form_field(each, base=lambda text=text: text).check(text) is None  # type: ignore[misc]


@pytest.mark.parametrize("record", [Customer, Contact])
def test_hostile_text_is_right_or_gets_a_sentence(record: type) -> None:
    for each in typed_fields(record).values():
        for text in HOSTILE:
            sentence = form_field(each).check(text)
            assert sentence is None or (sentence and len(sentence) < 600 and sentence.isprintable())


def test_a_wrong_text_gets_the_sentence_of_its_kind() -> None:
    assert form_field(CUSTOMER["channels"]).check("12x") == (
        '"12x" is not a whole number; write digits only, like 120'
    )
    assert form_field(CUSTOMER["name"]).wrong("") == "Name is required"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("100", "post-pay, may go to -100.00"),
        ("1,234.5", "post-pay, may go to -1,234.50"),
        ("-5", "pre-pay, must keep 5.00"),
        ("0", "pre-pay"),
        ("", "pre-pay"),
    ],
)
def test_a_debit_limit_says_what_it_means(text: str, means: str) -> None:
    said = form_field(CUSTOMER["debit_limit"]).means
    assert said
    assert said(text) == means


@pytest.mark.parametrize("name", ["status", "currency", "country", "rtp_firewall"])
def test_every_option_is_a_text_that_its_field_reads(name: str) -> None:
    editor = form_field(CUSTOMER[name]).editor
    assert isinstance(editor, OneOf)
    for text, label in editor.options():  # type: ignore[call-arg, union-attr]  # a closed list
        assert CUSTOMER[name].write(CUSTOMER[name].parse(text)) == text
        assert label


def test_the_time_zones_begin_with_utc_and_are_read() -> None:
    names = [zone for zone, _ in zones()]
    assert names[0] == "UTC"
    assert "Europe/London" in names
    assert len(names) == len(set(names))


def test_the_place_of_a_mistake_in_toml_is_found() -> None:
    editor = form_field(CUSTOMER["toml"]).editor
    assert isinstance(editor, Code)
    assert editor.mistake("a = 1\nb = = 2") == (2, 5)
    assert editor.mistake("a = 1") is None
    assert editor.mistake("a" * 200_000) == (1, 1)


async def test_texts_used_before_are_offered_only_where_the_field_says_so() -> None:
    async def before(typed: str) -> list[str]:
        return [typed + "!"]

    offered = form_field(fields_of(Contract)["name"], suggestions=before).editor
    assert isinstance(offered, OneOf)
    assert offered.suggest
    assert isinstance(form_field(CUSTOMER["name"], suggestions=before).editor, OneLine)
