"""Marked customers that the list does not show: an act says how many they are, and asks which are meant."""

import pytest
from sqlalchemy import select

from cx_tui.db.tables import customer
from cx_tui.screens.confirm import Confirm
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, opened
from widgets.menu import Menu


async def mark_four_and_search(cx: Driver) -> list[int]:
    """Four are marked, and none of them is seen: their numbers."""
    await cx.do("grid.mark", "grid.mark", "grid.mark", "grid.mark")
    marked = sorted(cx.grid.marks.rows.keys)
    last = cx.cells("name")[-1]
    await cx.find(last)
    await cx.press("enter")
    await cx.until(lambda: cx.names()[0] == last, "what was looked for")
    return marked


async def gone(elsewhere: Elsewhere) -> list[int]:
    found = await elsewhere.ask(select(customer.c.id).where(customer.c.deleted_at.is_not(None)))
    return sorted(row[0] for row in found)


@pytest.mark.parametrize("act", ["delete", "bulk_edit", "send", "export"])
async def test_an_act_says_how_many_of_the_marked_are_not_seen_and_does_nothing_at_first(
    act: str, own_url: str
) -> None:
    async with opened(own_url) as cx:
        await mark_four_and_search(cx)
        await cx.do(f"customers.{act}")
        await cx.shows("None of the 4 customers that you marked is in this list")
        await cx.shows("the one under the cursor")
        await cx.press("enter")
        await cx.until(lambda: cx.screen is cx.customers, "the list")
        assert cx.marked() == 4


async def test_only_the_one_under_the_cursor_is_deleted_when_that_is_meant(
    own_url: str, elsewhere: Elsewhere
) -> None:
    before = set(await gone(elsewhere))
    async with opened(own_url) as cx:
        await mark_four_and_search(cx)
        here = cx.cursor()
        await cx.do("customers.delete")
        await cx.until(lambda: isinstance(cx.screen, Menu), "the question")
        await cx.press("down", "enter")
        await cx.until(lambda: isinstance(cx.screen, Confirm), "the other question")
        await cx.do("confirm.yes")
        await cx.until(lambda: cx.screen is cx.customers, "the list")
        assert set(await gone(elsewhere)) - before == {here}
        assert cx.marked() == 4


async def test_all_the_marked_are_deleted_when_that_is_meant_and_none_is_marked_then(
    own_url: str, elsewhere: Elsewhere
) -> None:
    before = set(await gone(elsewhere))
    async with opened(own_url) as cx:
        marked = await mark_four_and_search(cx)
        await cx.do("customers.delete")
        await cx.until(lambda: isinstance(cx.screen, Menu), "the question")
        await cx.press("end", "enter")
        await cx.shows("Delete 4 customers?")
        await cx.do("confirm.yes")
        await cx.until(lambda: cx.screen is cx.customers, "the list")
        assert sorted(set(await gone(elsewhere)) - before) == marked
        await cx.until(lambda: cx.marked() == 0, "no marks")
        assert "marked" not in cx.header()


async def test_only_those_that_are_seen_are_meant_when_that_is_chosen(own_url: str) -> None:
    async with opened(own_url) as cx:
        await cx.do("grid.mark", "grid.mark")
        first, second = cx.cells("name")[:2]
        await cx.find(first)
        await cx.press("enter")
        await cx.until(lambda: second not in cx.names(), "only one of them")
        await cx.do("customers.delete")
        await cx.shows("1 of the 2 customers that you marked is not in this list")
        await cx.press("down", "enter")
        await cx.shows(f'Delete "{first}"?')
        await cx.do("confirm.no")


async def test_nothing_is_asked_when_all_the_marked_are_seen(own_url: str) -> None:
    async with opened(own_url) as cx:
        await cx.do("grid.mark", "grid.mark")
        await cx.do("customers.delete")
        await cx.shows("Delete 2 customers?")
        await cx.do("confirm.no")


async def test_marks_of_customers_that_others_have_deleted_are_not_counted(
    own_url: str, elsewhere: Elsewhere
) -> None:
    async with opened(own_url) as cx:
        await cx.do("grid.mark", "grid.mark")
        session = await cx.app.services()
        await session.bulk.delete([min(cx.grid.marks.rows.keys)])
        cx.customers.watching.action_refresh()
        await cx.refreshed()
        await cx.until(lambda: cx.marked() == 1, "one mark")
