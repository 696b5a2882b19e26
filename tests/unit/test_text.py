"""Text from elsewhere: shown, never obeyed, and exactly as wide as its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.text import Align, fit, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Acme", "Acme"),
        ("[red]Acme[/]", "[red]Acme[/]"),
        ("Größe 日本", "Größe 日本"),
        ("a\tb\nc\r", "a␉b␊c␍"),
        ("\x1b[31mred\x1b]0;title\x07", "␛[31mred␛]0;title␇"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m", "<U+009B>31m"),
        ("abc\u202ecba", "abc<U+202E>cba"),
        ("\u2066a\u2069", "<U+2066>a<U+2069>"),
        ("a\u200bb\u200dc\ufeff", "a<U+200B>b<U+200D>c<U+FEFF>"),
        ("line\u2028break", "line<U+2028>break"),
        ("so\xadft", "so<U+00AD>ft"),
        ("\ud800", "<U+D800>"),
        ("\U000e0041", "<U+E0041>"),
        ("\u2764\ufe0f", "\u2764"),
    ],
)
def test_hidden_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_a_terminal_obeys_is_left(text: str) -> None:
    shown = visible(text)
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert not set(shown) & set(
        "\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "width", "align", "ellipsis", "cut"),
    [
        ("abc", 5, "left", "…", "abc  "),
        ("abc", 5, "right", "…", "  abc"),
        ("abc", 3, "left", "…", "abc"),
        ("abcd", 3, "left", "…", "ab…"),
        ("abcd", 3, "right", "~", "~cd"),
        ("-1,234.56 GBP", 8, "right", "…", "….56 GBP"),
        ("日本語", 4, "right", "…", "… 語"),
        ("abcd", 1, "right", "…", "…"),
        ("abcd", 0, "right", "…", ""),
        ("abcd", 1, "left", "…", "…"),
        ("abcd", 0, "left", "…", ""),
        ("日本", 4, "left", "…", "日本"),
        ("日本", 5, "right", "…", " 日本"),
        ("日本語", 4, "left", "…", "日 …"),
        ("日本語", 5, "left", "…", "日本…"),
    ],
)
def test_text_is_padded_or_cut_with_a_sign(
    text: str, width: int, align: Align, ellipsis: str, cut: str
) -> None:
    assert fit(text, width, align, ellipsis) == cut


@given(st.text(), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_fit_always_yields_exactly_the_width(text: str, width: int, align: Align) -> None:
    assert cell_len(fit(visible(text), width, align)) == width


@pytest.mark.parametrize("code", [0x600, 0x605, 0x6DD, 0x70F, 0x8E2, 0x378, 0xE000, 0xF8FF, 0xFDD0, 0x10FFFD])
def test_what_joins_is_unassigned_or_private_is_written_out(code: int) -> None:
    assert visible(f"a{chr(code)}b") == f"a<U+{code:04X}>b"


def test_a_letter_keeps_eight_accents_and_says_how_many_more_there_were() -> None:
    accent = "\u0301"
    assert visible("e" + 8 * accent + "x") == "e" + 8 * accent + "x"
    assert visible("e" + 100 * accent + "x") == "e" + 8 * accent + "<+92>x"


@pytest.mark.parametrize("text", ["Ümit", "日本 電話", "a\u00a0b", "a\u3000b", "नमस्ते", "שלום"])
def test_other_scripts_and_their_spaces_stay(text: str) -> None:
    assert visible(text) == text
