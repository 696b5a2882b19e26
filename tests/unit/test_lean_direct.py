"""Strips become the cells that would be read from the text that Textual makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import ControlType, Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from cx_tui.terminal.direct import CellsOf, strips_of
from cx_tui.terminal.frame import parse
from cx_tui.terminal.shadow import Shadow
from tests.faults.lean_apps import STYLES, WORDS

TEXTS = st.sampled_from([*WORDS, "\x1b[31mred", "a\x07b\x9b2J", " ", "\x1b]8;;x\x1b\\"])
LOOKS = st.sampled_from([None, *map(Style.parse, STYLES)])


def console() -> Console:
    return Console(color_system="truecolor", force_terminal=True)


@given(st.lists(st.tuples(TEXTS, st.sampled_from([Style.parse(style) for style in STYLES if style]))))
def test_the_cells_are_those_of_the_text(segments: list[tuple[str, Style]]) -> None:
    # A text alone, as one with a look ends it: what a control sequence in it takes along is its own.
    of = CellsOf(ColorSystem.TRUECOLOR).of
    for text, style in segments:
        if "\x1b" not in text:
            strip = Strip([Segment(text, style)])
            assert of(strip) == parse(strip.render(console()))


@given(st.lists(st.tuples(TEXTS, LOOKS)))
def test_no_control_character_becomes_a_cell(segments: list[tuple[str, Style | None]]) -> None:
    strip = Strip([Segment(text, style) for text, style in segments])
    assert all(cell.text.isprintable() for cell in CellsOf(ColorSystem.TRUECOLOR).of(strip))


def test_a_segment_that_commands_the_terminal_is_left_out() -> None:
    strip = Strip([Segment("a"), Segment("\x1b[2J", None, [(ControlType.CLEAR,)]), Segment("b")])
    assert [cell.text for cell in CellsOf(ColorSystem.TRUECOLOR).of(strip)] == ["a", "b"]


def strip(text: str) -> Strip:
    return Strip([Segment(text, Style.parse("bold"))])


CHOPS: list[dict[int, Strip | None]] = [
    {0: strip("abcd"), 4: strip("efgh"), 8: None},
    {0: strip("ijklmnop")},
    {0: strip("q"), 1: strip("rstuvwx")},
]
ENDS = [[4, 8, 12], [8], [1, 8]]


@pytest.mark.parametrize(
    "update",
    [
        LayoutUpdate([list(filter(None, line.values())) for line in CHOPS], Region(0, 0, 8, 3)),
        ChopsUpdate(CHOPS, [(0, 0, 8), (1, 2, 5), (2, 1, 8)], ENDS),
        ChopsUpdate(CHOPS, [(0, 5, 7), (0, 9, 11), (2, 0, 1)], ENDS),
        ChopsUpdate(CHOPS, [(0, 4, 8)], ENDS),
    ],
)
def test_what_is_shown_of_an_update_is_what_textual_would_write(update: LayoutUpdate | ChopsUpdate) -> None:
    of = CellsOf(ColorSystem.TRUECOLOR).of
    direct, read = Shadow(erases_in_color=True), Shadow(erases_in_color=True)
    for shadow in (direct, read):
        shadow.resize(12, 3)
    direct.put([(y, x, of(strip)) for y, x, strip in strips_of(update)], (0, 0))
    read.draw(update.render_segments(console()) + "\x1b[1;1H")
    assert direct.changes() == read.changes()
