"""Templates: fields are found, wrong ones named with their place, values put in and never understood."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.kinds import BadValue
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.templates import (
    as_html,
    compile_template,
    fields_in,
    fill,
    known_fields,
    on_one_line,
    unknown,
    values_of,
)

KNOWN = ("customer.name", "customer.tax", "contact.name")
CUSTOMER = Customer(id=1, name="Acme", currency="EUR", debit_limit=Decimal(100), private_notes="slow payer")
CONTACT = Contact(id=2, customer_id=1, name="Ana", email="ana@acme.example")


def test_fields_are_filled_and_the_rest_stays_as_it_is() -> None:
    text = "Dear {{ contact.name }},\n{{customer.name}} {x} 100% %s $1 {{\tcustomer.name }}"
    filled = fill(text, {"contact.name": "Ana", "customer.name": "Acme"})
    assert filled == "Dear Ana,\nAcme {x} 100% %s $1 Acme"


def test_fields_are_listed_once_in_their_order() -> None:
    assert fields_in("{{ b }} {{ a.c }} {{b}} {{ 1 }}") == ("b", "a.c")


@given(st.text(), st.text())
def test_a_value_is_never_understood_as_a_template(value: str, around: str) -> None:
    around = around.replace("{", "").replace("}", "")
    assert fill(f"{around}{{{{ a }}}}{around}", {"a": value}) == around + value + around
    assert fill("{{ a }}", {"a": "{{ a }}"}) == "{{ a }}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Hello\n  {{ customer.nam }}",
            'line 2, column 3: there is no field "customer.nam"; did you mean {{ customer.name }}?',
        ),
        ("{{ xyzzy }}", 'line 1, column 1: there is no field "xyzzy"'),
        (
            "a {{ customer.name.upper() }}",
            'line 1, column 3: "customer.name.upper()" is not the name of a field; '
            "write one like {{ customer.name }}",
        ),
        ("{{}}", 'line 1, column 1: "" is not the name of a field; write one like {{ customer.name }}'),
        (
            "{{ customer.__class__ }}",
            'line 1, column 1: "customer.__class__" is not the name of a field; '
            "write one like {{ customer.name }}",
        ),
        ("a\n{{ customer.name\n}}", "line 2, column 1: this {{ has no }} behind it on its line"),
        ("customer.name }}", "line 1, column 15: this }} has no {{ before it"),
    ],
)
def test_a_wrong_field_is_said_with_its_place(text: str, said: str) -> None:
    assert str(unknown(text, KNOWN)[0]) == said


@pytest.mark.parametrize(
    "text", ["{{ 'a' * 10**9 }}", "{{ a | upper }}", "{{ a:>999999999 }}", "{% for %}{{"]
)
def test_what_is_not_a_name_is_refused_and_not_worked_out(text: str) -> None:
    assert unknown(text, ["a"])
    with pytest.raises(BadValue):
        fill(text, {"a": "x"})


def test_all_that_is_wrong_is_said_in_the_order_of_the_text() -> None:
    problems = unknown("{{ a }}\n{{ b\n{{ contact.name }} }} {{ c }}", KNOWN)
    assert [(problem.line, problem.column) for problem in problems] == [(1, 1), (2, 1), (3, 20), (3, 23)]
    assert unknown("{{ customer.name }} {{ contact.name }}", KNOWN) == []


@given(st.text(alphabet="{} ab.\n"))
def test_a_template_without_problems_can_be_filled(text: str) -> None:
    if unknown(text, ["a", "b"]):
        return
    assert "{{" not in fill(text, {"a": "", "b": ""})


def test_a_missing_value_is_said() -> None:
    with pytest.raises(BadValue, match=r"there is no value for \{\{ a \}\}"):
        fill("{{ a }}", {})


def test_values_are_no_markup_in_html_and_no_second_line_in_a_subject() -> None:
    values = {"a": 'O\'Hara <b> & "Co"\nLtd'}
    html = compile_template("<p>{{ a }}</p>", as_html).fill(values)
    assert html == "<p>O&#x27;Hara &lt;b&gt; &amp; &quot;Co&quot;<br>Ltd</p>"
    assert compile_template("Re: {{ a }}", on_one_line).fill(values) == 'Re: O\'Hara <b> & "Co" Ltd'


@given(st.text())
def test_no_line_break_of_any_kind_gets_into_a_subject(value: str) -> None:
    filled = compile_template("{{ a }}", on_one_line).fill({"a": value})
    assert len(filled.splitlines()) <= 1


def test_customers_may_read_their_fields_and_none_that_is_ours() -> None:
    known = known_fields()
    assert {"customer.name", "customer.currency", "contact.email", "customer.id"} <= set(known)
    ours = ("private", "hash", "toml", "version", "deleted")
    assert [name for name in known if any(word in name for word in ours)] == []


def test_values_are_those_that_people_read() -> None:
    names = (
        "customer.name",
        "customer.debit_limit",
        "contact.name",
        "contact.email",
        "customer.private_notes",
    )
    assert values_of(names, customer=CUSTOMER, contact=CONTACT) == {
        "customer.name": "Acme",
        "customer.debit_limit": "100.00",
        "contact.name": "Ana",
        "contact.email": "ana@acme.example",
    }
    assert values_of(("contact.email",), contact=replace(CONTACT, email=None)) == {"contact.email": ""}


def test_many_braces_are_no_trouble() -> None:
    assert len(unknown("{{" * 50_000 + " " * 50_000, [])) == 50_000
    assert len(unknown("{{ a }" * 20_000, [])) == 20_000
