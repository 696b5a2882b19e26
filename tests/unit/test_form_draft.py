"""What a form holds, without a screen."""

from __future__ import annotations

from widgets.form.draft import LONG, Draft
from widgets.form.field import FormField


def number(text: str) -> str | None:
    return None if text.isdecimal() else f"{text} is not a number"


NAME = FormField("name", "Name", "Basic", required=True)
SEATS = FormField("seats", "Seats", "Basic", check=number, means=lambda text: f"{int(text)} people")
KIND = FormField("kind", "Kind", "More", fixed=True, check=number)


def begun(**values: str) -> Draft:
    draft = Draft([NAME, SEATS, KIND])
    draft.begin({"name": "Globex", "seats": "3", "kind": "bar", **values})
    return draft


def test_a_field_that_is_not_named_begins_empty() -> None:
    assert Draft([NAME, SEATS]).values == {"name": "", "seats": ""}


def test_only_texts_that_differ_are_changed() -> None:
    draft = begun()
    assert draft.set("name", "Acme")
    assert draft.set("seats", "4")
    assert draft.set("seats", "3")
    assert draft.changed == {"name": "Acme"}
    assert draft.base["name"] == "Globex"


def test_nothing_is_wrong_until_a_field_is_left() -> None:
    draft = begun()
    draft.set("seats", "x")
    assert draft.errors == {}
    draft.check("seats")
    assert draft.errors == {"seats": "x is not a number"}


def test_what_was_wrong_once_is_checked_while_one_types() -> None:
    draft = begun(seats="x")
    draft.check("seats")
    draft.set("seats", "4")
    assert draft.errors == {}
    draft.set("seats", "4y")
    assert draft.errors == {"seats": "4y is not a number"}


def test_a_long_text_is_checked_only_when_it_is_left() -> None:
    draft = begun(seats="x")
    draft.check("seats")
    draft.set("seats", "4" * (LONG + 1))
    assert "seats" in draft.errors
    draft.check("seats")
    assert draft.errors == {}


def test_a_required_field_can_not_be_empty_and_a_fixed_one_is_never_wrong() -> None:
    assert begun(name=" ").check_all() == {"name": "Name is required"}


def test_errors_from_outside_stay_until_their_field_is_changed() -> None:
    draft = begun()
    draft.tell({"seats": "the hall is too small", "name": "it is taken", "unknown": "?"})
    assert list(draft.errors) == ["name", "seats"]
    draft.check("name")
    assert draft.error("name") == "it is taken"
    draft.set("name", "Acme")
    assert draft.errors == {"seats": "the hall is too small"}


def test_errors_from_outside_do_not_keep_one_from_trying_again() -> None:
    draft = begun()
    draft.tell({"name": "it is taken"})
    assert draft.check_all() == {}
    draft.tell({})
    assert draft.errors == {}


def test_beginning_anew_forgets_what_was_wrong() -> None:
    draft = begun(seats="x")
    draft.check_all()
    draft.tell({"name": "it is taken"})
    draft.begin({"name": "Acme", "seats": "1"})
    assert draft.errors == {}
    assert draft.changed == {}


def test_beside_a_field_stands_its_error_or_what_it_means() -> None:
    draft = begun()
    assert draft.note("seats").text == "3 people"
    draft.set("seats", "x")
    assert draft.note("seats").text == ""
    draft.check("seats")
    assert draft.note("seats") == ("! x is not a number", "bad")
    assert draft.note("kind").text == "can't be changed"
