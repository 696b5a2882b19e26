"""The line of keys and the help page: both derive from the bindings that work now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from widgets.key_help import HelpPage, KeyGroup, groups_of
from widgets.key_line import KeyLine, key_name
from widgets.picker import LineList


class RateList(Widget, can_focus=True):
    """Something with keys of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "act('mark')", "Mark", id="rates.mark", tooltip="Mark this rate."),
        Binding("enter,e", "act('open')", "Open", id="rates.open", tooltip="Open this rate."),
        Binding("d", "act('hidden')", "Delete", show=False, id="rates.delete", tooltip="Delete this rate."),
    ]

    def action_act(self, name: str) -> None:
        """Tell the app."""
        assert isinstance(self.app, Host)
        self.app.done.append(name)


class Page(Screen[None]):
    """A page with a list, an input and the line of keys."""

    DEFAULT_CSS = "Page RateList { height: 1fr; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus", "app.note('new')", "New", id="page.new", tooltip="Make a new rate."),
        Binding("slash", "app.note('search')", "Search", id="page.search", tooltip="Search."),
        Binding("s", "app.note('sms')", "SMS to all", tooltip="Send an SMS [b]now[/]."),
    ]

    def compose(self) -> ComposeResult:
        yield RateList()
        yield Input()
        yield KeyLine()


class Host(App[None]):
    """An app with that page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", id="app.help", tooltip="Show every key."),
        Binding("ctrl+r", "refused", "Refused", tooltip="Cannot be done now."),
        Binding("ctrl+o", "never", "Never", tooltip="Is not there."),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def get_default_screen(self) -> Page:
        return Page()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return {"refused": None, "never": False}.get(action, True)

    def action_note(self, name: str) -> None:
        """Keep what was done."""
        self.done.append(name)

    def action_help(self) -> None:
        """Open the page of keys."""
        self.done.append("help")


class Driver:
    """What a test does and sees."""

    def __init__(self, app: Host, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys and let them work."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    @property
    def foot(self) -> str:
        """The line of keys."""
        return self.app.screen.query_one(KeyLine).render_line(0).text.rstrip()

    async def help(self, groups: Sequence[KeyGroup], introduction: Sequence[str] = ()) -> HelpPage:
        """Open a help page."""
        page = HelpPage("Keys of the [b]rates", groups, introduction)
        await self.app.push_screen(page)
        await self.pilot.pause()
        return page


@asynccontextmanager
async def the_app(size: tuple[int, int] = (80, 20)) -> AsyncIterator[Driver]:
    """The app with the focus on its list."""
    app = Host()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Driver(app, pilot)


def shown(page: HelpPage) -> list[str]:
    """The lines of a help page that are on the screen."""
    lines = [page.keys.render_line(y).text.rstrip() for y in range(page.keys.size.height)]
    return [line for line in lines if line]


# The line of keys


async def test_the_line_shows_what_works_now_in_the_order_it_is_declared_and_help_last() -> None:
    async with the_app() as driver:
        assert driver.foot == "space mark  enter open  + new  / search  s SMS to all  ^r refused  ? help"


async def test_the_line_follows_the_focus() -> None:
    async with the_app() as driver:
        await driver.press("tab")
        assert driver.foot == "^r refused  f1 help"
        await driver.press("shift+tab")
        assert driver.foot.startswith("space mark")


async def test_the_line_shows_an_operators_own_keys_where_the_usual_ones_stood() -> None:
    async with the_app() as driver:
        driver.app.set_keymap({"rates.mark": "m", "app.help": "f12"})
        await driver.pilot.pause()
        assert driver.foot.startswith("m mark  enter open")
        assert driver.foot.endswith("f12 help")


async def test_keys_changed_on_another_page_are_shown_on_the_way_back() -> None:
    async with the_app() as driver:
        await driver.app.push_screen(Screen())
        driver.app.set_keymap({"rates.mark": "m"})
        await driver.app.pop_screen()
        await driver.pilot.pause()
        assert driver.foot.startswith("m mark")


@pytest.mark.parametrize(
    ("width", "foot"),
    [
        (35, "space mark  enter open  ? help"),
        (32, "space mark  enter open  ? help"),
        (31, "space mark  ? help"),
        (9, "? help"),
    ],
)
async def test_a_narrow_line_shows_the_first_that_fit_and_help(width: int, foot: str) -> None:
    async with the_app((width, 20)) as driver:
        assert driver.foot.strip() == foot


async def test_the_line_fits_itself_to_a_new_width() -> None:
    async with the_app((32, 20)) as driver:
        await driver.pilot.resize_terminal(80, 20)
        await driver.pilot.pause()
        assert "+ new" in driver.foot


async def test_a_click_does_what_the_key_does() -> None:
    async with the_app() as driver:
        for word in ("mark", "new", "help", "refused"):
            await driver.pilot.click(KeyLine, offset=(driver.foot.index(word) + 1, 0))
            await driver.pilot.pause()
        assert driver.app.done == ["mark", "new", "help"]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("space", "space"),
        ("enter", "enter"),
        ("escape", "esc"),
        ("ctrl+p", "^p"),
        ("ctrl+@", "^@"),
        ("shift+tab", "shift+tab"),
        ("slash", "/"),
        ("question_mark", "?"),
        ("plus", "+"),
        ("minus", "-"),
        ("less_than_sign", "<"),
        ("left_square_bracket", "["),
        ("G", "G"),
        ("f1", "f1"),
        ("pagedown", "pgdn"),
    ],
)
def test_keys_are_written_as_people_write_them(key: str, name: str) -> None:
    assert key_name(key) == name


# The help page


async def test_keys_are_grouped_by_owner_from_the_focus_outwards() -> None:
    async with the_app() as driver:
        groups = groups_of(driver.app.screen)
        assert [group.title for group in groups] == ["Rate list", "This page", "Everywhere"]
        assert groups[0].keys == (
            ("space", "Mark", "Mark this rate."),
            ("enter e", "Open", "Open this rate."),
            ("d", "Delete", "Delete this rate."),
        )
        assert ("? f1", "Help", "Show every key.") in groups[2].keys
        assert all(name != "Never" for _, name, _ in groups[2].keys)


async def test_a_widgets_own_order_counts_before_that_of_what_it_is_made_from() -> None:
    async with the_app() as driver:
        keys = LineList()
        await driver.app.screen.mount(keys)
        keys.focus()
        await driver.pilot.pause()
        assert [name for _, name, _ in groups_of(driver.app.screen)[0].keys[:3]] == ["Up", "Down", "Page up"]


async def test_groups_have_the_keys_an_operator_chose() -> None:
    async with the_app() as driver:
        driver.app.set_keymap({"rates.mark": "m,x"})
        assert groups_of(driver.app.screen)[0].keys[0] == ("m x", "Mark", "Mark this rate.")


async def test_the_page_shows_its_introduction_the_groups_and_the_sentences() -> None:
    async with the_app() as driver:
        page = await driver.help(groups_of(driver.app.screen), ["Everything can be done by key."])
        lines = shown(page)
        assert lines[0] == "Everything can be done by key."
        assert lines[1] == "Rate list"
        assert lines[2].split(maxsplit=1) == ["space", "Mark this rate."]
        assert any("Send an SMS [b]now[/]." in line for line in lines)
        assert "Keys of the [b]rates" in page.query_one("#title").render_line(0).text


@pytest.mark.parametrize("key", ["escape", "q", "question_mark"])
async def test_the_page_closes(key: str) -> None:
    async with the_app() as driver:
        page = await driver.help(groups_of(driver.app.screen))
        await driver.press(key)
        assert driver.app.screen is not page


async def test_what_is_typed_after_the_slash_narrows_the_page() -> None:
    async with the_app() as driver:
        page = await driver.help(groups_of(driver.app.screen), ["Introduction."])
        await driver.press("slash", *"peN", "space", *"this")
        assert [line.split(maxsplit=2) for line in shown(page)] == [
            ["Rate", "list"],
            ["enter", "e", "Open this rate."],
        ]


async def test_finding_nothing_says_so_and_escape_shows_all_again() -> None:
    async with the_app() as driver:
        page = await driver.help(groups_of(driver.app.screen))
        await driver.press("slash", "x", "q", "?")
        assert shown(page) == ["No key does that."]
        await driver.press("escape")
        assert len(shown(page)) > 5
        await driver.press("escape")
        assert driver.app.screen is not page


async def test_a_page_longer_than_the_screen_scrolls() -> None:
    async with the_app() as driver:
        group = KeyGroup("Many", tuple((f"f{n}", "", f"Sentence {n}.") for n in range(60)))
        page = await driver.help([group])
        await driver.press("G")
        assert shown(page)[-1].endswith("Sentence 59.")
        await driver.press("home")
        assert shown(page)[0] == "Many"


async def test_a_long_sentence_goes_on_under_itself() -> None:
    async with the_app((40, 20)) as driver:
        page = await driver.help([KeyGroup("G", (("enter", "", "word " * 20),))])
        lines = shown(page)
        assert len(lines) > 3
        assert {line.index("word") for line in lines[1:]} == {9}


async def test_hostile_texts_are_written_out() -> None:
    async with the_app() as driver:
        page = await driver.help([KeyGroup("\x1b[1m", (("\u202e", "", "[red]x\n"),))], ["\x00[b]"])
        assert shown(page) == ["␀[b]", "␛[1m", "  <U+202E>  [red]x␊"]


async def test_a_page_without_keys_says_so() -> None:
    async with the_app() as driver:
        assert shown(await driver.help([])) == ["No key does that."]
