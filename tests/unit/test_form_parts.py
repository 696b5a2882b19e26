"""The parts of a form that need no screen: where things stand, what is found, what TOML is made of."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.geometry import Region

from widgets.form import FormField, OneLine, SeveralLines
from widgets.form.draft import Note
from widgets.form.entry import one_line
from widgets.form.notes import shown
from widgets.form.plan import Plan, wrapped
from widgets.form.popup import matching
from widgets.form.states import parsed
from widgets.form.toml import tokens

SHORT, LONG = "short enough", "a sentence that is much too long to stand beside a box of thirty cells"


def plan(note: str, width: int = 80, editor: OneLine | SeveralLines = OneLine()) -> Plan:  # noqa: B008
    return Plan(width, 10, [(FormField("a", "A", "", editor), Note(note)), (FormField("b", "B", ""), Note())])


def test_a_note_stands_beside_its_field_where_there_is_room() -> None:
    assert plan(SHORT).slot("a").note[0].y == 0
    assert plan(SHORT).height == 2


def test_a_note_that_is_too_long_stands_right_after_a_short_box() -> None:
    beside = plan("x" * 40, editor=OneLine(width=10)).slot("a")
    assert [line.x for line in beside.note] == [beside.editor.right + 2]


def test_a_note_without_room_stands_beneath_and_is_never_cut() -> None:
    narrow = plan(LONG, width=60)
    lines = narrow.slot("a").note
    assert [line.y for line in lines] == [1, 2]
    assert " ".join(line.text for line in lines) == LONG
    assert narrow.slot("b").y == 3


def test_a_high_editor_has_its_note_beneath() -> None:
    notes = plan(SHORT, editor=SeveralLines(rows=5)).slot("a")
    assert (notes.editor.height, notes.note[0].y, notes.height) == (5, 5, 6)


@pytest.mark.parametrize("width", [1, 20, 40, 80, 120, 300])
def test_nothing_stands_outside_the_page(width: int) -> None:
    for slot in plan(LONG, width).slots:
        assert slot.editor.width > 0
        if width >= 20:
            assert Region(0, 0, width, 1000).contains_region(slot.editor)
            assert all(line.x + cell_len(line.text) <= width for line in slot.note)


def test_rows_know_their_field() -> None:
    narrow = plan(LONG, width=60)
    assert [slot.field.name if (slot := narrow.at(y)) else "" for y in range(-1, 5)] == [
        "",
        "a",
        "a",
        "a",
        "b",
        "",
    ]


@pytest.mark.parametrize(
    "text", ["", "one", "one two", "x" * 50, "日本語の品名です", "a " * 30, "a 日本語日本語日本語 b"]
)
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    lines = wrapped(text, 10)
    assert all(cell_len(line) <= 10 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_options_that_begin_with_a_text_come_first() -> None:
    options = [("a", "Alpha Gamma"), ("gb", "Great Britain"), ("b", "Beta"), ("c", "ugly"), ("x", "None")]
    assert [value for value, _ in matching(options, "G")] == ["gb", "a", "c"]
    assert matching(options, "") == options


@pytest.mark.parametrize(
    ("pasted", "line"),
    [("a\nb", "a b"), ("a\r\nb\n", "a b"), ("\n", ""), ("", ""), ("a\tb", "a\tb"), ("a\u2028b", "a b")],
)
def test_lines_that_are_pasted_become_one(pasted: str, line: str) -> None:
    assert one_line(pasted) == line


@pytest.mark.parametrize("line", ["plain", "a\x1b[31m", "\u202e\u200b\x00", "a\tb", "日本", "e\u0301"])
def test_a_line_of_several_keeps_its_length_and_hides_nothing(line: str) -> None:
    assert len(shown(line)) == len(line)
    assert not set(shown(line)) & set("\x1b\u202e\u200b\x00")


def test_states_are_read_in_any_case_and_spacing() -> None:
    assert parsed(" CDR = hide;Rates=show\n x") == {
        "cdr": ("CDR", "hide"),
        "rates": ("Rates", "show"),
        "x": ("x", ""),
    }


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("# note = 1", ["comment # note = 1"]),
        ("[a.b]", ["table [a.b]"]),
        ("[[a]] # b", ["table [[a]]", "comment # b"]),
        ("a.'b c' = true", ["key a.'b c'", "number true"]),
        ('name = "x # y" # z', ["key name", 'string "x # y"', "comment # z"]),
        ("n = [1, -2.5e3, 2026-01-01]", ["key n", "number 1", "number -2.5e3", "number 2026-01-01"]),
        ('s = "open', ["key s", 'string "open']),
        ("", []),
    ],
)
def test_a_line_of_toml_is_coloured_by_its_parts(line: str, found: list[str]) -> None:
    assert [f"{token} {line[start:end]}" for token, start, end in tokens(line)] == found


def test_colouring_takes_no_longer_for_hostile_lines() -> None:
    for hostile in ("[" * 2000, '"' * 2000, "a." * 1000, "'''" + "'" * 1997, '"a".' * 500, " " * 2000):
        assert list(tokens(hostile)) is not None
