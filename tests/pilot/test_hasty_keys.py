"""What a hasty key does not do: lose what was typed, break off work, flood a field."""

import asyncio

import pytest
from textual import work
from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.events import Paste
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerFailed

from cx_tui.app.hasty_keys import LONGEST_PASTE, Staying
from cx_tui.screens.form import CustomerForm
from cx_tui.screens.reports.said_screen import SaidScreen
from tests.pilot.driver import opened
from widgets.menu import Menu

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


async def test_leaving_asks_only_when_something_is_not_saved(kind: str, database_url: str) -> None:
    async with opened(database_url) as cx:
        await cx.press("plus")
        await cx.until(lambda: isinstance(cx.app.screen, CustomerForm), "the form")
        await cx.type_into("name", "Globex")
        await cx.press("ctrl+q")
        await cx.until(lambda: isinstance(cx.app.screen, Menu), "a question")
        await cx.press("enter")
        await cx.until(lambda: isinstance(cx.app.screen, CustomerForm), "the form again")
        assert cx.app.return_code is None
        cx.app.exit()


async def test_without_anything_unsaved_leaving_asks_nothing(kind: str, database_url: str) -> None:
    async with opened(database_url) as cx:
        await cx.press("ctrl+q")
        await cx.until(lambda: cx.app.return_code == 0, "the end")


async def test_ctrl_c_ends_nothing_and_says_how_to_leave(kind: str, database_url: str) -> None:
    async with opened(database_url) as cx:
        await cx.press("ctrl+c")
        await cx.says("ctrl+q leaves")
        assert cx.app.return_code is None


async def test_a_paste_that_is_too_long_is_cut_and_that_is_said(kind: str, database_url: str) -> None:
    async with opened(database_url) as cx:
        await cx.press("slash")
        cx.app.post_message(Paste("x" * (LONGEST_PASTE + 1)))
        await cx.says("100,001 characters")
        await cx.until(lambda: len(cx.search.value) == LONGEST_PASTE, "the beginning of it")


class Slow(Screen[None]):
    """A screen that reads something for one of its widgets."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.read = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Ending(id="now")

    @work
    async def look(self) -> None:
        await self.read.wait()
        self.query_one(self.wanted)


class Ending(Static):
    """A widget whose end is the moment at which the answer comes."""

    async def on_unmount(self) -> None:
        screen = self.screen
        assert isinstance(screen, Slow)
        screen.read.set()
        await asyncio.sleep(0.05)


async def test_work_of_a_screen_that_is_left_may_miss_its_widgets(kind: str) -> None:
    app = Staying()
    async with app.run_test() as pilot:
        slow = Slow("#gone")
        await app.push_screen(slow)
        slow.look()
        await app.pop_screen()
        await pilot.pause()
        assert slow.read.is_set()
    assert app.return_code is None


async def misses_a_widget(app: Staying) -> None:
    async with app.run_test() as pilot:
        slow = Slow("#never")
        await app.push_screen(slow)
        slow.read.set()
        slow.look()
        await pilot.pause()


async def test_a_widget_that_is_missed_on_a_screen_that_stays_is_a_failure(kind: str) -> None:
    with pytest.raises(WorkerFailed) as failed:
        await misses_a_widget(Staying())
    assert isinstance(failed.value.error, NoMatches)


async def test_a_screen_that_is_still_being_made_is_asked_nothing(kind: str) -> None:
    app = Staying()
    async with app.run_test():
        slow = Slow("#now")
        made = app.push_screen(slow)
        assert slow in app.screen_stack
        assert slow not in app.opened
        await made
        assert slow in app.opened


async def test_a_message_covers_no_details_and_can_be_read_again(kind: str, database_url: str) -> None:
    async with opened(database_url, (80, 24)) as cx:
        cx.app.notify("[bold]first[/] message", severity="warning")
        cx.app.notify("and another one")
        await cx.says("and another one")
        lowest = max(toast.region.bottom for toast in cx.screen.query("Toast"))
        assert lowest <= cx.customers.query_one("#detail").region.y
        await cx.do("app.palette")
        await cx.press(*"messages of this")
        await cx.shows("Read again what was said")
        await cx.press("enter")
        await cx.shows("warning: [bold]first[/] message")
        assert isinstance(cx.app.screen, SaidScreen)
        last, first = (line.split("  ", 1)[1] for line in cx.app.screen.text.splitlines()[:2])
        assert (last, first) == ("and another one", "warning: [bold]first[/] message")
        await cx.do("report.copy")
        await cx.says("lines to the clipboard")
        await cx.do("report.back")
