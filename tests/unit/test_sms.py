"""The length of an SMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.sms import EXTENDED, GSM, GSM_7, UCS, is_e164, length_of


def test_the_tables_have_the_size_of_the_standard() -> None:
    assert (len(GSM_7), len(EXTENDED)) == (127, 10)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments", "left"),
    [
        ("", GSM, 0, 0, 160),
        ("Ω" * 160, GSM, 160, 1, 0),
        ("a" * 161, GSM, 161, 2, 2 * 153 - 161),
        ("a" * 306, GSM, 306, 2, 0),
        ("a" * 307, GSM, 307, 3, 152),
        ("€" * 80, GSM, 160, 1, 0),
        # An escape is not parted from its character: 76 fit into a segment of 153.
        ("€" * 153, GSM, 306, 3, 151),
        ("ы" * 70, UCS, 70, 1, 0),
        ("ы" * 71, UCS, 71, 2, 2 * 67 - 71),
        ("😀" * 35, UCS, 70, 1, 0),
        # Nor is a pair of UTF-16 units: 33 fit into a segment of 67.
        ("😀" * 67, UCS, 134, 3, 65),
        ("a" * 69 + "ç", UCS, 70, 1, 0),
    ],
)
def test_a_text_takes_so_much(text: str, encoding: object, units: int, segments: int, left: int) -> None:
    assert length_of(text)[:4] == (encoding, units, segments, left)


def test_the_characters_that_make_it_long_are_named() -> None:
    assert length_of("“Hi” – “there” [€]").unusual == "“”–"
    assert length_of("Hi [€]").unusual == ""


@given(st.text(max_size=400), st.sampled_from("aы€😀"))
def test_what_is_left_fits_and_one_more_does_not(text: str, char: str) -> None:
    length = length_of(text)
    assert length.units <= (length.segments or 1) * length.encoding.alone
    width = {GSM: {"a": 1, "€": 2}, UCS: {"a": 1, "ы": 1, "€": 1, "😀": 2}}[length.encoding].get(char)
    if width and length.segments > 1:
        fits = length.left // width
        assert length_of(text + char * fits).segments == length.segments
        assert length_of(text + char * (fits + 1)).segments == length.segments + 1


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("+447700900123", True),
        ("+15005550006", True),
        ("447700900123", False),
        ("+0447700900123", False),
        ("+44 7700 900123", False),
        ("+447700900123\n", False),
        ("+٤٤٧٧٠٠٩٠٠١٢٣", False),
        ("+1234567890123456", False),
    ],
)
def test_a_number_is_in_international_form_or_not(number: str, right: bool) -> None:
    assert is_e164(number) is right
