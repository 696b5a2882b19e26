"""Notes in which a password may stand."""

import pytest

from cx_tui.domain.secret_words import may_hold_password
from cx_tui.screens.form_fields import MEANS


@pytest.mark.parametrize(
    "text",
    [
        "portal password: hunter2!",
        "Pass = S3cret9",
        "login ana, pwd: x7Hq",
        "the PIN is 4711",
        "Kennwort:geheim1",
    ],
)
def test_a_password_in_notes_is_warned_of(text: str) -> None:
    assert may_hold_password(text)
    assert "looks like a password" in MEANS["private_notes"](f"First line\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "asked for a new password",
        "password reset by mail",
        "passes on Friday: yes",
        "compass: north-east",
        "pin: no",
        "the secret of their success",
    ],
)
def test_words_about_passwords_are_none(text: str) -> None:
    assert not may_hold_password(text)
    assert MEANS["public_notes"](text) == ""
