"""The panel of columns, driven as an operator would."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.notifications import Notify
from textual.pilot import Pilot
from textual.widgets import Input

from widgets.column_chooser import Choice, ColumnChooser
from widgets.grid import Column

M = TypeVar("M", bound=Message)
NAME = Column("name", "Name", 20, frozen=True, help="What the article is called.")
PRICE = Column("price", "Price", 10, "right", minimum=8)
SIZE = Column("size", "Size", 6)
HALL = Column("hall", "Hall", 5, help="Where it is kept.")
RACK = Column("rack", "Rack", 5)
NOTE = Column("note", "Note", 30)
CHOICES = (
    Choice(NAME),
    Choice(PRICE, "Money"),
    Choice(SIZE, "Article"),
    Choice(HALL, "Shelf"),
    Choice(NOTE, "Article"),
    Choice(RACK, "Shelf"),
)
USUAL = (NAME, PRICE, SIZE)


class Host(App[None]):
    """An app that is one panel."""

    def __init__(self, chooser: ColumnChooser) -> None:
        super().__init__()
        self.chooser = chooser

    def compose(self) -> ComposeResult:
        yield self.chooser


class Driver:
    """What a test does and sees."""

    def __init__(self, pilot: Pilot[None], chooser: ColumnChooser, told: list[Message]) -> None:
        self.pilot = pilot
        self.chooser = chooser
        self._told = told

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def go(self, title: str) -> None:
        await self.press("home")
        while (current := self.chooser.current) is None or current.title != title:
            await self.press("down")
            assert self.chooser.current != current, f"not listed: {title}"

    async def click(self, x: int, text: str) -> None:
        y = next(y for y, line in enumerate(self.lines()) if text in line)
        await self.pilot.click(self.chooser, offset=(x, y))
        await self.pilot.pause()

    async def wheel(self, kind: type[MouseScrollDown] | type[MouseScrollUp]) -> None:
        self.chooser.post_message(kind(self.chooser, 5, 5, 0, 0, 0, False, False, False))
        await self.pilot.pause()

    def lines(self) -> list[str]:
        return [self.chooser.render_line(y).text.rstrip() for y in range(self.chooser.size.height)]

    def shows(self, text: str) -> bool:
        return any(text in line for line in self.lines())

    def order(self) -> str:
        return " ".join(column.key for column in self.chooser.shown)

    def frozen(self) -> str:
        return " ".join(column.key for column in self.chooser.shown if column.frozen)

    def told(self, kind: type[M]) -> list[M]:
        return [message for message in self._told if isinstance(message, kind)]

    def refusals(self) -> list[str]:
        return [message.notification.message for message in self.told(Notify)]


@asynccontextmanager
async def running(
    choices: Sequence[Choice] = CHOICES,
    shown: Sequence[Column] = USUAL,
    size: tuple[int, int] = (34, 24),
    **options: Any,
) -> AsyncIterator[Driver]:
    """A panel with the focus."""
    chooser = ColumnChooser(choices, shown, USUAL, **options)
    told: list[Message] = []

    def hook(message: Message) -> None:
        ours = message.control is chooser or isinstance(message, Notify)
        if ours and not any(message is other for other in told):
            told.append(message)

    async with Host(chooser).run_test(size=size, message_hook=hook) as pilot:
        chooser.focus()
        await pilot.pause()
        yield Driver(pilot, chooser, told)


# What is listed


async def test_the_shown_columns_come_first_in_their_order_then_the_hidden_ones_by_group() -> None:
    async with running(shown=(NAME, SIZE, PRICE)) as cc:
        assert [line.strip(" ▸│").split("  ")[0] for line in cc.lines()[2:11]] == [
            "✓ Name",
            "✓ Size",
            "✓ Price",
            "─" * 32,
            "Shelf",
            "· Hall",
            "· Rack",
            "Article",
            "· Note",
        ]


async def test_a_shown_column_says_its_width_at_the_right_and_whether_it_is_frozen() -> None:
    async with running() as cc:
        assert cc.lines()[2] == "▸✓ Name                      20 │"
        assert cc.lines()[3] == " ✓ Price                     10"


async def test_the_title_says_how_many_are_shown() -> None:
    async with running() as cc:
        assert cc.lines()[0].endswith("3 of 6 shown")


async def test_the_help_of_the_highlighted_column_stands_below_the_list() -> None:
    async with running() as cc:
        assert cc.shows("What the article is called.")
        await cc.go("Hall")
        assert cc.shows("Where it is kept.")


async def test_the_keys_are_said_as_the_operator_bound_them_and_only_where_they_work() -> None:
    async with running() as cc:
        assert cc.lines()[-2:] == [" space show  J K move  < > width", " ! freeze  r reset  c close"]
        cc.pilot.app.set_keymap({"columns.show": "x"})
        await cc.pilot.pause()
        assert cc.lines()[-2].startswith(" x show")
        cc.pilot.app.set_focus(None)
        await cc.pilot.pause()
        assert cc.lines()[-2:] == ["", ""]


async def test_every_key_has_an_id_and_a_sentence_and_none_is_in_a_footer() -> None:
    async with running() as cc:
        bindings = [a.binding for a in cc.pilot.app.screen.active_bindings.values() if a.node is cc.chooser]
        assert len(bindings) > 15
        assert all((b.id or "").startswith("columns.") and b.tooltip.endswith(".") for b in bindings)
        assert not any(b.show for b in bindings)


# Going about


@pytest.mark.parametrize(
    ("keys", "title"),
    [
        ("down", "Price"),
        ("j j j", "Hall"),
        ("end", "Note"),
        ("end k", "Rack"),
        ("end up up up up", "Price"),
        ("end home", "Name"),
        ("pagedown", "Note"),
        ("pagedown pageup", "Name"),
        ("up", "Name"),
    ],
)
async def test_the_highlight_goes_from_column_to_column(keys: str, title: str) -> None:
    async with running() as cc:
        await cc.press(*keys.split())
        assert cc.chooser.current is not None
        assert cc.chooser.current.title == title


async def test_a_long_list_follows_the_highlight_and_says_that_there_is_more() -> None:
    many = [Choice(Column(f"c{n}", f"Column {n}"), "Many") for n in range(60)]
    async with running((*CHOICES, *many)) as cc:
        assert cc.lines()[2 + 17].endswith("▾")
        await cc.press("end")
        assert cc.lines()[2].endswith("▴")
        assert cc.lines()[2 + 17].startswith("▸· Column 59")
        await cc.go("Hall")
        await cc.press("end")
        await cc.go("Hall")
        assert cc.shows(" Money") is False
        assert cc.shows(" Shelf")


async def test_a_low_panel_still_shows_the_highlighted_column() -> None:
    async with running(size=(34, 6)) as cc:
        await cc.press("end")
        assert cc.shows("▸· Note")
        await cc.pilot.resize_terminal(34, 5)
        await cc.pilot.pause()
        assert cc.shows("▸· Note")


# Showing and hiding


@pytest.mark.parametrize("key", ["space", "enter"])
async def test_a_hidden_column_is_shown_as_the_last_one(key: str) -> None:
    async with running() as cc:
        await cc.go("Hall")
        await cc.press(key)
        assert cc.order() == "name price size hall"
        assert [m.columns for m in cc.told(ColumnChooser.Changed)] == [(*USUAL, HALL)]


async def test_a_shown_column_is_hidden() -> None:
    async with running() as cc:
        await cc.go("Price")
        await cc.press("space")
        assert cc.order() == "name size"
        assert cc.shows("· Price")
        assert cc.shows(" Money")


async def test_several_columns_are_shown_one_after_the_other_on_one_screen_line() -> None:
    many = [Choice(Column(f"c{n}", f"Column {n}"), "Many") for n in range(60)]
    async with running((*CHOICES, *many)) as cc:
        await cc.go("Column 30")
        line = next(y for y, text in enumerate(cc.lines()) if text.startswith("▸"))
        await cc.press("space", "space", "space")
        assert cc.order() == "name price size c30 c31 c32"
        assert cc.lines()[line].startswith("▸· Column 33")


async def test_the_last_column_cannot_be_hidden_and_says_why() -> None:
    async with running(shown=(NAME,)) as cc:
        await cc.press("space")
        assert cc.order() == "name"
        assert not cc.told(ColumnChooser.Changed)
        assert cc.refusals() == ["At least one column stays shown. Show another one first."]


async def test_a_column_that_was_frozen_is_shown_again_at_the_end_with_the_width_it_had() -> None:
    async with running() as cc:
        await cc.press("greater_than_sign", "space")
        await cc.go("Name")
        await cc.press("space")
        assert cc.order() == "price size name"
        assert cc.chooser.shown[-1].width == 21
        assert cc.frozen() == ""


# Order, width, freezing


async def test_a_column_moves_down_and_up_and_the_highlight_with_it() -> None:
    async with running(shown=(PRICE, SIZE, HALL)) as cc:
        await cc.press("J", "J", "J")
        assert cc.order() == "size hall price"
        assert cc.chooser.current == PRICE
        await cc.press("K")
        assert cc.order() == "size price hall"
        assert len(cc.told(ColumnChooser.Changed)) == 3


async def test_as_many_columns_stay_frozen_when_one_moves_over_the_line() -> None:
    async with running() as cc:
        await cc.press("J")
        assert cc.order() == "price name size"
        assert cc.frozen() == "price"


async def test_a_column_becomes_wider_and_not_narrower_than_its_minimum() -> None:
    async with running() as cc:
        await cc.go("Price")
        await cc.press("greater_than_sign", "greater_than_sign")
        assert cc.chooser.shown[1].width == 12
        await cc.press(*["less_than_sign"] * 6)
        assert cc.chooser.shown[1].width == 8
        assert len(cc.told(ColumnChooser.Changed)) == 6


async def test_the_columns_up_to_the_highlighted_one_are_frozen_and_released() -> None:
    async with running() as cc:
        await cc.go("Price")
        await cc.press("exclamation_mark")
        assert cc.frozen() == "name price"
        await cc.press("exclamation_mark")
        assert cc.frozen() == ""


@pytest.mark.parametrize("key", ["J", "K", "less_than_sign", "greater_than_sign", "exclamation_mark"])
async def test_a_hidden_column_has_no_place_or_width_and_says_so(key: str) -> None:
    async with running() as cc:
        await cc.go("Hall")
        await cc.press(key)
        assert not cc.told(ColumnChooser.Changed)
        assert cc.refusals() == ["This column is hidden. Show it first."]


async def test_reset_brings_the_usual_columns_back_once() -> None:
    async with running(shown=(RACK, NOTE)) as cc:
        await cc.press("r", "r")
        assert [m.columns for m in cc.told(ColumnChooser.Changed)] == [USUAL]


async def test_what_the_owners_grid_changed_is_shown_and_not_told_back() -> None:
    async with running() as cc:
        await cc.go("Price")
        cc.chooser.set_shown((NOTE, PRICE))
        await cc.pilot.pause()
        assert cc.order() == "note price"
        assert cc.chooser.current == PRICE
        assert cc.shows("2 of 6 shown")
        assert not cc.told(ColumnChooser.Changed)


async def test_a_grid_without_columns_leaves_all_of_them_to_be_shown() -> None:
    async with running(shown=()) as cc:
        await cc.press("J", "space")
        assert cc.order() == "name"


# The filter


async def test_the_filter_finds_by_title_and_by_help_in_any_case() -> None:
    async with running() as cc:
        await cc.press("slash", *"RIC")
        assert [c for c in ("Name", "Price", "Size", "Hall") if cc.shows(f" {c}")] == ["Price"]
        await cc.press("escape", *"kept")
        assert [c for c in ("Name", "Price", "Size", "Hall") if cc.shows(f" {c}")] == ["Hall"]


async def test_what_the_filter_found_is_shown_with_a_second_enter() -> None:
    async with running() as cc:
        await cc.press("slash", *"rac", "enter", "enter")
        assert cc.order() == "name price size rack"


async def test_the_highlight_moves_while_the_filter_has_the_focus() -> None:
    async with running() as cc:
        await cc.press("slash", "a", "down", "down")
        assert cc.chooser.current == RACK


async def test_escape_clears_the_filter_then_leaves_it_then_closes() -> None:
    async with running() as cc:
        await cc.press("slash", "x", "escape")
        assert cc.chooser.query_one(Input).value == ""
        assert cc.chooser.query_one(Input).has_focus
        await cc.press("escape")
        assert cc.chooser.has_focus
        assert not cc.told(ColumnChooser.Closed)
        await cc.press("escape")
        assert len(cc.told(ColumnChooser.Closed)) == 1


async def test_a_filter_that_finds_nothing_says_so_and_no_key_does_harm() -> None:
    async with running() as cc:
        await cc.press("slash", *"zzz", "enter")
        assert cc.shows("No column has this text.")
        await cc.press("space", "J", "greater_than_sign", "exclamation_mark", "end", "pageup", "down")
        assert cc.chooser.current is None
        assert not cc.told(ColumnChooser.Changed)
        await cc.press("escape")
        assert cc.chooser.current == NAME


async def test_letters_typed_into_the_filter_are_no_keys() -> None:
    async with running() as cc:
        await cc.press("slash", *"crJK", "space")
        assert cc.chooser.query_one(Input).value == "crJK "
        assert not cc.told(ColumnChooser.Closed)


async def test_c_closes() -> None:
    async with running() as cc:
        await cc.press("c")
        assert [m.control for m in cc.told(ColumnChooser.Closed)] == [cc.chooser]


# The mouse


async def test_a_click_on_the_mark_shows_and_hides() -> None:
    async with running() as cc:
        await cc.click(1, "· Rack")
        assert cc.order() == "name price size rack"
        await cc.click(1, "✓ Price")
        assert cc.order() == "name size rack"


async def test_a_click_on_the_title_only_highlights() -> None:
    async with running() as cc:
        await cc.click(6, "· Rack")
        assert cc.chooser.current == RACK
        assert not cc.told(ColumnChooser.Changed)


@pytest.mark.parametrize("text", ["Columns", "Shelf", "───", "What the article"])
async def test_a_click_beside_the_columns_does_nothing(text: str) -> None:
    async with running() as cc:
        await cc.click(1, text)
        assert cc.chooser.current == NAME
        assert not cc.told(ColumnChooser.Changed)


async def test_the_wheel_scrolls_and_leaves_the_highlight() -> None:
    many = [Choice(Column(f"c{n}", f"Column {n}")) for n in range(60)]
    async with running((*CHOICES, *many)) as cc:
        await cc.wheel(MouseScrollDown)
        assert not cc.shows("Name")
        assert cc.chooser.current == NAME
        await cc.wheel(MouseScrollUp)
        await cc.wheel(MouseScrollUp)
        assert cc.shows("▸✓ Name")


# Hostile texts, small terminals


async def test_hostile_titles_are_shown_as_text_in_lines_of_one_width() -> None:
    bad = "[red]\x1b[31m\u202e日本\n"
    column = Column("bad", bad, help=bad * 9)
    async with running((*CHOICES, Choice(column, bad)), (NAME, column)) as cc:
        await cc.press("down")
        widths = {cell_len(cc.chooser.render_line(y).text) for y in range(cc.chooser.size.height)}
        text = "".join(cc.lines())
        assert widths == {34}
        assert "[red]␛[31m" in text
        assert not {"\x1b", "\u202e", "\n"} & set(text)


async def test_plain_ascii_is_plain_ascii() -> None:
    many = [Choice(Column(f"c{n}", f"Column {n} with a title as long as this")) for n in range(60)]
    async with running((*CHOICES, *many), ascii=True) as cc:
        assert "".join(cc.lines()).isascii()
        assert cc.shows(">* Name")


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (10, 5)])
async def test_no_terminal_is_too_small(size: tuple[int, int]) -> None:
    async with running(size=size) as cc:
        await cc.press("end", "space", "home", "J")
        assert cc.order() == "price name size note"
