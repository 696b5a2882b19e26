"""Each page says how one came to it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from textual.screen import ModalScreen, Screen

from cx_tui.app.program import CxApp
from cx_tui.screens.admission.why import WhyScreen
from cx_tui.screens.audio.recordings import RecordingsScreen
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.header import Header
from cx_tui.screens.money.ledger_screen import LedgerScreen
from cx_tui.screens.reports.as_of_screen import AsOfScreen
from tests.pilot.driver import lines_of, opened
from tests.pilot.screens import SCREENS, back_to_list, go_to

SIZES = ((60, 20), (80, 24), (120, 40))


def header(screen: Screen[Any]) -> str:
    """The first line of a page, as it is drawn."""
    return lines_of(screen.query_one(Header))[0]


@pytest.mark.parametrize("size", SIZES)
async def test_every_page_says_from_which_page_it_was_opened(world_url: str, size: tuple[int, int]) -> None:
    wrong: dict[str, str] = {}
    async with opened(world_url, size=size) as cx:
        for name, keys in SCREENS.items():
            await go_to(cx, keys)
            page, beneath = cx.app.screen, cx.app.screen_stack[:-1]
            if beneath and not isinstance(page, ModalScreen) and page.query(Header):
                said, nearest = header(page), beneath[-1].query_one(Header).names[-1]
                # A title that says a whole sentence leaves no room on the narrowest terminal.
                room = size[0] - len(page.query_one(Header).names[0]) > 25
                if room and nearest[:7] not in said.rpartition(" › ")[0]:
                    wrong[name] = said
                if "test" not in said:
                    wrong[name] = f"no database: {said}"
            await back_to_list(cx)
    assert not wrong


async def test_a_page_of_a_page_of_a_card_names_all_of_them(world_url: str) -> None:
    async with opened(world_url) as cx:
        name = cx.names()[0]
        await go_to(cx, ["enter", "2"])
        assert header(cx.app.screen).startswith(f"Customers › {name}   #")
        await go_to(cx, ["W"])
        way = f"Customers › {name} › Auth › It can"
        await cx.until(lambda: header(cx.app.screen).startswith(way), way)
        await go_to(cx, ["S"])
        await cx.until(lambda: "› Simulate a call" in header(cx.app.screen), "simulate")
        assert header(cx.app.screen).startswith(way)
        await back_to_list(cx)


async def test_the_same_name_does_not_stand_there_twice(world_url: str) -> None:
    async with opened(world_url) as cx:
        name = cx.names()[0]
        await go_to(cx, ["enter", "1", "e"])
        await cx.in_form()
        assert header(cx.app.screen).startswith(f"Customers › {name}   customer #")
        await cx.press("escape")
        await go_to(cx, ["7", "b"])
        await cx.until(lambda: "› Payments › Ledger   balance" in header(cx.app.screen), "the ledger")
        await back_to_list(cx)


async def test_the_way_is_cut_when_the_terminal_gets_narrow(world_url: str) -> None:
    async with opened(world_url) as cx:
        name = cx.names()[0]
        await go_to(cx, ["enter", "2", "W", "S"])
        await cx.until(lambda: "› Simulate a call" in header(cx.app.screen), "simulate")
        await cx.pilot.resize_terminal(60, 20)
        await cx.until(lambda: len(header(cx.app.screen)) < 60, "a narrow page")
        said = header(cx.app.screen)
        assert said.startswith("… › Auth › It can")
        assert name not in said
        assert "› Simulate a call" in said
        await back_to_list(cx)


async def test_ascii_terminals_read_it_too(world_url: str) -> None:
    async with opened(world_url, look_ascii="on") as cx:
        await go_to(cx, ["Z"])
        assert header(cx.app.screen).startswith("Customers > Log ")
        assert header(cx.app.screen).isascii()
        await back_to_list(cx)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (lambda: WhyScreen([1]), "Customers › Why no calls"),
        (lambda: LedgerScreen(CustomerNow(1, "Acme")), "Customers › Ledger of Acme"),
        (lambda: RecordingsScreen(1, "Acme"), "Customers › Recordings of Acme"),
        (lambda: AsOfScreen(1, "Acme", datetime.now(UTC)), "Customers › State of Acme"),
    ],
)
async def test_a_page_says_what_it_is_before_anything_is_read(
    world_url: str, page: Callable[[], Screen[None]], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(world_url) as cx:
        monkeypatch.setattr(CxApp, "services", never)
        await cx.app.push_screen(page())
        await cx.until(lambda: header(cx.app.screen).startswith(f"{said}   "), said)
        monkeypatch.undo()
        cx.app.exit()


async def never(_: CxApp) -> None:
    """A database that does not answer."""
    await asyncio.Event().wait()
