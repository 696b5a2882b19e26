"""Looks of cells, and the way from one to another."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cx_tui.terminal.style import ATTRIBUTES, INDEXED, PLAIN, Style, change, ground, linked, style, styled

LINKS = ("", "id=1;https://example.org/a;b", ";https://example.org")

styles = some.builds(
    style,
    some.frozensets(some.sampled_from(sorted(ATTRIBUTES))),
    some.sampled_from(("", "31", "97", "38;5;200", "38;2;1;2;3")),
    some.sampled_from(("", "41", "107", "48;5;200", "48;2;1;2;3")),
    some.sampled_from(LINKS),
)


def obeyed(pen: Style, said: str) -> Style:
    """The look after sequences, as a terminal understands them."""
    for codes, link in re.findall(r"\x1b\[([\d;]*)m|\x1b\]8;(.*?)\x1b\\", said):
        pen = linked(pen, link) if link else styled(pen, codes)
    return pen


def values(of: Style) -> tuple[object, ...]:
    return of.attributes, of.fg, of.bg, of.link


@given(styles, styles)
def test_what_is_said_leads_from_one_look_to_the_other(one: Style, other: Style) -> None:
    said, reached = change(one, other)
    assert values(obeyed(one, said)) == values(other) == values(reached)


@given(styles, styles)
def test_a_blank_needs_only_what_can_be_seen(pen: Style, other: Style) -> None:
    blank = ground(other)
    said, reached = change(pen, blank)
    assert values(obeyed(pen, said)) == values(reached)
    assert values(ground(reached)) == values(blank)
    assert len(said) <= len(change(pen, other)[0])


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("", PLAIN),
        ("0", PLAIN),
        ("1;31", style(frozenset("1"), "31")),
        ("1;22;44", style(bg="44")),
        ("38;2;1;2;3;48;5;9", style(fg="38;2;1;2;3", bg="48;5;9")),
        ("31;39;41;49", PLAIN),
        ("38;2;215;135;95;48;2;18;18;18", style(fg="38;5;173", bg="48;5;233")),
        ("38;2;0;0;255", style(fg="38;2;0;0;255")),
        ("38;2;1", PLAIN),
        ("38", PLAIN),
        ("77;1", style(frozenset("1"))),
        ("01;031", style(frozenset("1"), "31")),
    ],
)
def test_codes_are_understood(codes: str, expected: Style) -> None:
    assert values(styled(PLAIN, codes)) == values(expected)


def test_a_colour_that_is_among_the_256_is_said_by_its_number() -> None:
    assert (INDEXED["95;95;95"], INDEXED["255;255;255"], INDEXED["238;238;238"]) == ("59", "231", "255")
    assert "0;0;0" not in INDEXED  # themes of shells make another colour of its number


@pytest.mark.parametrize(
    ("codes", "to", "said"),
    [
        ("31", "32", "\x1b[32m"),
        ("1;31", "0", "\x1b[m"),
        ("1;31", "31", "\x1b[22m"),
        ("1;3;4;31", "31", "\x1b[0;31m"),
        ("1", "1", ""),
    ],
)
def test_the_shorter_way_is_taken(codes: str, to: str, said: str) -> None:
    assert change(styled(PLAIN, codes), styled(PLAIN, to))[0] == said
