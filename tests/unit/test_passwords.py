"""Passwords: what is good enough, what is kept, and what matches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_tui.domain.kinds import BadValue
from cx_tui.domain.passwords import (
    LETTERS,
    LONGEST,
    MADE_LENGTH,
    SHORTEST,
    Password,
    hashed,
    made,
    matches,
    seems_written_in,
)

GOOD = "correct horse 9"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("short", f"needs {SHORTEST} to {LONGEST} characters; this one has 5"),
        ("x" * 201, "this one has 201"),
        ("x" * 100_000, "this one has 100000"),
        ("aaaaaaaaaaaa", "fewer than 5 different"),
        ("abcdefghij\x1b[31m", "can't be typed"),
        ("abcdefghij\x00", "can't be typed"),
        ("abcdefghij\u202e", "can't be typed"),
        ("abcdefghij\ud800", "can't be typed"),
        ("abcdefghij\n", "can't be typed"),
    ],
)
def test_a_password_that_will_not_do_says_why_without_repeating_it(text: str, sentence: str) -> None:
    with pytest.raises(BadValue, match=sentence) as caught:
        Password().parse(text)
    assert text not in str(caught.value)


@pytest.mark.parametrize(
    "text", [GOOD, "[bold]markup[/]", "пароль-для-входа", "🔑🗝🔒🔓🔐🚪🏠🏢🏭🏰", "  spaces count  "]
)
def test_a_password_is_kept_as_a_hash_that_it_matches_and_no_other_does(text: str) -> None:
    kept = Password().parse(text)
    assert kept.startswith("scrypt$16384$8$1$")
    assert text not in kept
    assert matches(text, kept)
    assert not matches(text + " ", kept)
    assert not matches(text.strip() + "!", kept)


def test_the_same_password_is_never_kept_the_same() -> None:
    assert hashed(GOOD) != hashed(GOOD)


@pytest.mark.parametrize(
    "kept", ["", "plain", GOOD, "argon2$16384$8$1$AAAA$AAAA", "scrypt$1$2$3", "scrypt$$$$$"]
)
def test_what_is_no_hash_matches_nothing(kept: str) -> None:
    assert not matches(GOOD, kept)


def test_a_password_is_written_and_shown_as_nothing_but_that_there_is_one() -> None:
    kept = hashed(GOOD)
    assert Password().write(kept) == ""
    assert Password().show(kept) == "set"
    assert Password().show("") == ""


def test_made_passwords_are_good_differ_and_can_be_read_out() -> None:
    several = [made() for _ in range(200)]
    assert len(set(several)) == 200
    assert all(len(one) == MADE_LENGTH and set(one) <= set(LETTERS) for one in several)
    assert not set("0O1lI") & set(LETTERS)
    assert matches(several[0], Password().parse(several[0]))


@settings(max_examples=10)
@given(st.text(max_size=30))
def test_any_text_is_hashed_or_refused_in_words(text: str) -> None:
    said = ""
    try:
        kept = Password().parse(text)
    except BadValue as error:
        said = str(error)
    assert len(said) > 20 or matches(text, kept)


@pytest.mark.parametrize(
    "note",
    [
        "password: hunter2", "Login bea, PIN = 4711", "Passwort ist Sommer", "the pwd is abc", "Tr0ub4dor&3",
        "call first; Kx9mQ2vLp7Rt4Wz8", "pass:x",
    ],
)  # fmt: skip
def test_a_note_that_seems_to_have_a_password_in_it_is_known(note: str) -> None:
    assert seems_written_in(note)


@pytest.mark.parametrize(
    "note",
    [
        "", "Forgot the password twice, be patient", "Order AC-002334, call +44 1632 960001 after 17:00",
        "https://acme.example/Portal2?User=Bea1", "Bea.Smith2@Acme-Voice.example", "PIN by letter only",
        "Rückruf bis Donnerstag 17.06.2026, INVOICE-2026-000012", "192.0.2.7/28",
    ],
)  # fmt: skip
def test_other_notes_are_left_alone(note: str) -> None:
    assert not seems_written_in(note)
