"""The menu: what it shows, what its keys do, and where it opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from widgets.grid.glyphs import ASCII, UNICODE, Glyphs
from widgets.line import Line
from widgets.menu import Item, Menu

UNANSWERED = "not answered yet"
STATES = [
    Item("all", "All"),
    Item("active", "Active", "712,044", key="1"),
    Item("approval", "Pending Approval", "12"),
    Item("blocked", "Blocked"),
    Item("junk", "Junk"),
    Item("kept", "Kept", key="z"),
]


class Host(App[None]):
    """An app that opens one menu."""

    def __init__(self, menu: Menu) -> None:
        super().__init__()
        self.menu = menu
        self.glyphs = UNICODE
        self.answer: str | None = UNANSWERED

    def compose(self) -> ComposeResult:
        yield Line()

    def on_mount(self) -> None:
        self.push_screen(self.menu, self.keep)

    def keep(self, answer: str | None) -> None:
        """Keep the answer."""
        self.answer = answer


class Driver:
    """What a test does and sees."""

    def __init__(self, app: Host, pilot: Pilot[None]) -> None:
        self.app, self.pilot, self.menu = app, pilot, app.menu

    async def press(self, *keys: str) -> None:
        """Press keys and let them work."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    @property
    def lines(self) -> list[str]:
        """The items as they are shown."""
        choices = self.menu.choices
        return [choices.render_line(y).text for y in range(choices.scrollable_content_region.height)]

    @property
    def at_cursor(self) -> str:
        """The line under the cursor."""
        choices = self.menu.choices
        return self.lines[choices.place - choices.scroll_offset.y]


@asynccontextmanager
async def opened(
    menu: Menu, size: tuple[int, int] = (80, 20), glyphs: Glyphs = UNICODE
) -> AsyncIterator[Driver]:
    """The menu in an app of its own."""
    app = Host(menu)
    app.glyphs = glyphs
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Driver(app, pilot)


async def test_the_current_choice_is_marked_and_under_the_cursor() -> None:
    async with opened(Menu("Status", STATES, "approval")) as driver:
        assert [line for line in driver.lines if "✓" in line] == [driver.at_cursor]
        assert "Pending Approval" in driver.at_cursor


async def test_without_a_current_choice_the_cursor_is_on_the_first_item() -> None:
    async with opened(Menu("Status", STATES)) as driver:
        assert "All" in driver.at_cursor
        assert not any("✓" in line for line in driver.lines)


async def test_plain_ascii_signs_are_used_when_asked_for() -> None:
    async with opened(Menu("Status", STATES, "all", glyphs=ASCII), glyphs=ASCII) as driver:
        assert driver.at_cursor.startswith(">*")
        assert "".join(driver.lines).isascii()


async def test_notes_stand_at_the_right_under_each_other() -> None:
    async with opened(Menu("Status", STATES)) as driver:
        assert driver.lines[1].endswith("712,044 ")
        assert driver.lines[2].endswith("     12 ")


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], "all"),
        (["down", "enter"], "active"),
        (["j", "j", "k", "enter"], "active"),
        (["end", "up", "enter"], "junk"),
        (["end", "home", "enter"], "all"),
        (["up", "enter"], "all"),
        (["escape"], None),
        (["1"], "active"),
        (["z"], "kept"),
        (["b", "enter"], "blocked"),
        (["a", "a", "enter"], "all"),
        (["P", "enter"], "approval"),
    ],
)
async def test_keys_move_and_choose(keys: list[str], answer: str | None) -> None:
    async with opened(Menu("Status", STATES)) as driver:
        await driver.press(*keys)
        assert driver.app.answer == answer


async def test_a_letter_that_begins_no_item_does_nothing() -> None:
    async with opened(Menu("Status", STATES)) as driver:
        await driver.press("x", "question_mark", "left_square_bracket")
        assert driver.app.answer == UNANSWERED
        assert driver.menu.choices.place == 0


async def test_a_click_chooses_an_item() -> None:
    async with opened(Menu("Status", STATES)) as driver:
        await driver.pilot.click(driver.menu.choices, offset=(5, 2))
        await driver.pilot.pause()
        assert driver.app.answer == "active"


async def test_a_click_beside_the_menu_chooses_nothing() -> None:
    async with opened(Menu("Status", STATES, at=(10, 3))) as driver:
        await driver.pilot.click(offset=(70, 18))
        await driver.pilot.pause()
        assert driver.app.answer is None


async def test_notes_that_come_later_are_shown_and_the_cursor_stays() -> None:
    async with opened(Menu("Status", STATES)) as driver:
        await driver.press("b")
        driver.menu.set_notes({"blocked": "1,234,567,890,123", "unknown": "9"})
        await driver.pilot.pause()
        assert driver.at_cursor.endswith("  1,234,567,890,123 ")
        assert "Blocked" in driver.at_cursor
        assert driver.lines[1].endswith("712,044 ")


async def test_notes_may_come_before_the_menu_is_open() -> None:
    menu = Menu("Status", STATES)
    menu.set_notes({"all": "7"})
    async with opened(menu) as driver:
        assert driver.at_cursor.endswith("7 ")


async def test_the_menu_opens_at_the_given_cell() -> None:
    async with opened(Menu("Status", STATES, at=(22, 3))) as driver:
        assert driver.menu.choices.region.offset == (22, 3)


async def test_a_menu_at_the_corner_stays_inside_the_screen() -> None:
    async with opened(Menu("Status", STATES, at=(79, 19))) as driver:
        region = driver.menu.choices.region
        assert (region.right, region.bottom) == (80, 20)


async def test_without_a_cell_the_menu_is_in_the_middle() -> None:
    async with opened(Menu("Status", STATES)) as driver:
        region = driver.menu.choices.region
        assert abs(region.x - (80 - region.right)) <= 1
        assert abs(region.y - (20 - region.bottom)) <= 1


async def test_a_long_menu_scrolls_to_the_current_choice() -> None:
    items = [Item(str(number), f"Rate plan {number}") for number in range(100)]
    async with opened(Menu("Rate plan", items, "70")) as driver:
        assert "Rate plan 70" in driver.at_cursor
        await driver.press("home")
        assert driver.lines[0].strip(" ▸") == "Rate plan 0"


async def test_a_long_label_is_cut_with_a_sign_on_a_narrow_screen() -> None:
    async with opened(Menu("Status", [Item("x", "日本" * 40, "12")]), size=(30, 20)) as driver:
        assert "…" in driver.at_cursor
        assert driver.at_cursor.endswith("  12 ")
        assert driver.menu.choices.region.right <= 30


async def test_hostile_text_is_written_out() -> None:
    items = [Item("x", "[red]x[/] \x1b[31m\u202e", "[b]\n", key="[")]
    async with opened(Menu("[@click=app.quit]t[/] \x1b[1m [", items)) as driver:
        assert "[red]x[/] ␛[31m<U+202E>" in driver.at_cursor
        assert driver.at_cursor.endswith("[b]␊ ")
        assert "app.quit" in (driver.menu.choices.border_title or "")
        await driver.press("left_square_bracket")
        assert driver.app.answer == "x"


async def test_a_menu_of_nothing_can_only_be_left() -> None:
    async with opened(Menu("Status", [])) as driver:
        await driver.press("enter", "a", "down")
        assert driver.app.answer == UNANSWERED
        await driver.press("escape")
        assert driver.app.answer is None


async def test_every_line_is_as_wide_as_the_menu() -> None:
    async with opened(Menu("Status", STATES)) as driver:
        width = driver.menu.choices.scrollable_content_region.width
        assert {cell_len(line) for line in driver.lines} == {width}


async def test_a_key_that_comes_before_the_menu_is_drawn_has_moved_it() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        menu = Menu("Status", [Item("a", "All"), Item("b", "Active")])
        await app.push_screen(menu)
        menu.choices.action_move(1)
        await pilot.pause()
        await pilot.pause()
        assert menu.choices.place == 1
