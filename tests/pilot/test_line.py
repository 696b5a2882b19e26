"""The strip of text: what it shows when there is little room, and how little it draws again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from widgets.grid.glyphs import ASCII, UNICODE, Glyphs
from widgets.line import Line, LineText, Part, placed

HOSTILE = "[bold]x[/] \x1b[31m\u202e\u200b\nü"
SHOWN = "[bold]x[/] ␛[31m<U+202E><U+200B>␊ü"


class Watched(Line):
    """A line that keeps what it was asked to draw again."""

    DEFAULT_CSS = "Watched { padding: 0 1; }"

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        super().__init__(glyphs=glyphs)
        self.drawn: list[tuple[Region, ...]] = []

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        self.drawn.append(regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class Host(App[None]):
    """An app that is one line."""

    def __init__(self, line: Watched) -> None:
        super().__init__()
        self.line = line
        self.clicks = 0

    def compose(self) -> ComposeResult:
        yield self.line

    def action_clicked(self) -> None:
        self.clicks += 1


@asynccontextmanager
async def a_line(
    width: int = 40, glyphs: Glyphs = UNICODE
) -> AsyncIterator[tuple[Watched, Host, Pilot[None]]]:
    """A line of so many cells."""
    app = Host(Watched(glyphs))
    async with app.run_test(size=(width + 2, 5)) as pilot:
        await pilot.pause()
        yield app.line, app, pilot


def text_of(line: Line, y: int = 0) -> str:
    """What a line of the widget says."""
    return line.render_line(y).text


async def test_left_and_right_stand_at_their_ends() -> None:
    async with a_line(20) as (line, _, _):
        line.show("Customers", Part(" 12"), right=[Part("12:03")])
        assert text_of(line) == "Customers 12   12:03"


async def test_the_first_part_at_the_right_is_dropped_first() -> None:
    async with a_line(20) as (line, _, _):
        line.show("Customers", right=["  prod", "  ana", " 12:03"])
        assert text_of(line) == "Customers      12:03"


async def test_the_right_is_dropped_before_the_left_is_cut() -> None:
    async with a_line(12) as (line, _, _):
        line.show("Customers", right=["12:03"])
        assert text_of(line) == "Customers   "


@pytest.mark.parametrize(("glyphs", "sign"), [(UNICODE, "…"), (ASCII, "~")])
async def test_a_long_left_is_cut_with_a_sign(glyphs: Glyphs, sign: str) -> None:
    async with a_line(10, glyphs) as (line, _, _):
        line.show("Customers", " of Globex")
        assert text_of(line) == "Customers" + sign


async def test_a_wide_character_is_not_cut_in_half() -> None:
    async with a_line(6) as (line, _, _):
        line.show("日本電話")
        assert text_of(line) == "日本 …"


async def test_hostile_text_is_written_out() -> None:
    async with a_line(60) as (line, _, _):
        line.show(HOSTILE, right=[HOSTILE[:6]])
        assert text_of(line).rstrip() == SHOWN + " " * (60 - cell_len(SHOWN) - 6) + "[bold]"


async def test_what_is_the_same_is_not_drawn_again() -> None:
    async with a_line() as (line, _, _):
        line.show("Customers", Part(" 12", "good"), right=["12:03"])
        line.drawn.clear()
        line.show("Customers", Part(" 12", "good"), right=["12:03"])
        assert line.drawn == []


async def test_only_the_part_that_changed_is_drawn_again() -> None:
    async with a_line() as (line, _, _):
        line.show("Customers", " 12", right=["12:03"])
        line.drawn.clear()
        line.show("Customers", " 12", right=["12:04"])
        assert set(line.drawn[0]) == {Region(35, 0, 5, 1)}


async def test_another_tone_is_drawn_again() -> None:
    async with a_line() as (line, _, _):
        line.show(Part("live", "good"))
        line.drawn.clear()
        line.show(Part("live", "bad"))
        assert set(line.drawn[0]) == {Region(0, 0, 4, 1)}


async def test_a_line_that_is_gone_leaves_nothing_behind() -> None:
    async with a_line() as (line, _, _):
        line.show("Customers")
        line.drawn.clear()
        line.show_lines([])
        assert set(line.drawn[0]) == {Region(0, 0, 9, 1)}
        assert text_of(line).strip() == ""


async def test_as_many_lines_are_shown_as_are_high() -> None:
    async with a_line() as (line, _, pilot):
        line.styles.height = 2
        await pilot.pause()
        line.show_lines([LineText(["one"]), LineText(["two"], ["2"]), LineText(["three"])])
        assert text_of(line, 0).strip() == "one"
        assert text_of(line, 1).split() == ["two", "2"]


async def test_a_click_on_a_part_runs_its_action() -> None:
    async with a_line() as (line, app, pilot):
        line.show("Customers ", Part("help", "accent", "app.clicked"))
        await pilot.pause()
        await pilot.click(line, offset=(3, 0))
        assert app.clicks == 0
        await pilot.click(line, offset=(12, 0))
        assert app.clicks == 1


async def test_a_part_with_an_action_looks_like_any_other() -> None:
    async with a_line() as (line, _, _):
        line.show(Part("one", "accent"), Part("two", "accent", "app.clicked"))
        one, two = [segment.style or Style() for segment in line.render_line(0)][:2]
        assert one == two.clear_meta_and_links()


async def test_a_stack_of_accents_does_not_reach_the_terminal() -> None:
    async with a_line(10) as (line, _, _):
        line.show("a" + "\u0301" * 100_000)
        assert len(text_of(line)) < 200


WORDS = st.lists(st.builds(Part, st.text(max_size=20), st.sampled_from(["", "dim"])), max_size=5)


@given(WORDS, WORDS, st.integers(0, 30))
def test_nothing_stands_outside_the_line_or_on_another_part(
    left: list[Part], right: list[Part], width: int
) -> None:
    end = 0
    for item in placed(LineText(left, right), width, "…"):
        assert item.x >= end
        assert cell_len(item.part.text) == item.width
        end = item.x + item.width
    assert end <= width


def drawn_of(line: LineText, width: int) -> str:
    """A line as it is drawn."""
    text = ""
    for item in placed(line, width, "…"):
        text = text.ljust(item.x) + item.part.text
    return text


COUNTS = [Part("Customers"), Part("   "), Part("3,000"), Part("   "), Part("dialing 71"), Part("   "),
          Part("4 marked", keep=True)]  # fmt: skip
PLACE = [Part("acme-prod", keep=True), Part("   "), Part("ana"), Part("   "), Part("live 12:03")]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (78, "Customers   3,000   dialing 71   4 marked         acme-prod   ana   live 12:03"),
        (65, "Customers   3,000   dialing 71   4 marked  acme-prod   live 12:03"),
        (55, "Customers   3,000   dialing 71   4 marked     acme-prod"),
        (40, "Customers   3,000   4 marked   acme-prod"),
        (32, "Customers   4 marked   acme-prod"),
        (28, "Customers   4 ma…  acme-prod"),
    ],
)
def test_what_is_kept_stays_longest_at_both_ends(width: int, shown: str) -> None:
    assert drawn_of(LineText(COUNTS, PLACE), width) == shown
