"""What a hasty key does not do: lose what was typed, break off work, flood a field."""

import pytest
from textual.events import Paste

from cx_tui.screens.form import CustomerForm
from cx_tui.staying import LONGEST_PASTE
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
