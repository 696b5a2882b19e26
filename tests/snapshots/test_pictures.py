"""A picture of each state of the main screen: what changes by itself stands still."""

import getpass
import shutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from textual.pilot import Pilot

from cx_tui.app.program import CxApp
from cx_tui.bootstrap.program import build_app
from cx_tui.config import load
from cx_tui.db import customer_expressions
from cx_tui.domain.kinds import times
from cx_tui.screens.customers import finding, last_run, watching
from cx_tui.services.lists import customers
from tests.pilot.driver import Driver, environment

SMALL, USUAL = (80, 24), (120, 40)
NOON = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
CLOCKS: tuple[ModuleType, ...] = (times, finding, last_run, watching, customer_expressions, customers)

Act = Callable[[Driver], Awaitable[object]]
Picture = Callable[..., bool]


class StoppedClock(datetime):
    """It is always the moment of the world, and the time on the wall is UTC."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "StoppedClock":
        return cls(*NOON.timetuple()[:5], tzinfo=UTC)

    def astimezone(self, tz: tzinfo | None = None) -> Any:
        return self


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still, and nobody in particular sits here."""
    for module in CLOCKS:
        monkeypatch.setattr(module, "datetime", StoppedClock)
    monkeypatch.setattr(getpass, "getuser", lambda: "ana")
    for name in ("TMUX", "STY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def url(world_of: Callable[[str], str], tmp_path: Path) -> str:
    """3,000 customers in a place of their own."""
    file = shutil.copy(world_of("sqlite").removeprefix("sqlite:///"), tmp_path / "customers.db")
    return f"sqlite:///{file}"


@pytest.fixture
def picture(snap_compare: Callable[..., bool]) -> Iterator[Picture]:
    """Compares the program after some acts with its picture."""

    def compare(url: str, act: Act | None = None, size: tuple[int, int] = USUAL, **settings: object) -> bool:
        async def run(pilot: Pilot[Any]) -> None:
            assert isinstance(pilot.app, CxApp)
            cx = Driver(pilot.app, pilot, [])
            await (act or Driver.live)(cx)
            await pilot.pause()

        flags = {name.replace("_", ".", 1): value for name, value in settings.items()}
        flags = {"refresh.seconds": 0.0, "database.label": "acme-prod", "look.ascii": "off", **flags}
        app = build_app(load({}, flags), url, {"HOME": str(Path.home()), "LANG": "C.UTF-8"})
        return snap_compare(app, terminal_size=size, run_before=run)

    with environment():
        yield compare


def after(*ids: str, shows: str = "") -> Act:
    """These acts, once the rows are there, and a text that is then to be seen."""

    async def act(cx: Driver) -> None:
        await cx.live()
        await cx.do(*ids)
        await cx.shows(shows)

    return act


async def searched(cx: Driver) -> None:
    """Two customers are marked and a word is searched for."""
    await cx.live()
    await cx.do("grid.mark", "grid.mark")
    await cx.find("telecom")
    await cx.until(lambda: "found" in cx.header() and all("elecom" in name for name in cx.names()[:3]))


async def away(cx: Driver) -> None:
    """The database does not answer, and the message at the edge has gone."""
    await cx.shows("press r to try again")
    await cx.says("is away")
    cx.app.clear_notifications()
    await cx.until(lambda: not cx.toasts())


def test_the_list_on_a_small_terminal(picture: Picture, url: str) -> None:
    assert picture(url, size=SMALL)


def test_the_list(picture: Picture, url: str) -> None:
    assert picture(url)


def test_the_list_on_a_light_ground(picture: Picture, url: str) -> None:
    assert picture(url, look_theme="cx-light")


def test_the_list_in_the_colours_of_the_terminal(picture: Picture, url: str) -> None:
    assert picture(url, look_theme="ansi-dark")


def test_the_list_in_ascii(picture: Picture, url: str) -> None:
    assert picture(url, after("grid.mark"), SMALL, look_ascii="on")


def test_a_search_with_marks(picture: Picture, url: str) -> None:
    assert picture(url, searched)


def test_the_menu_of_statuses(picture: Picture, url: str) -> None:
    assert picture(url, after("customers.status", shows="Pending Approval"))


def test_the_panel_of_columns(picture: Picture, url: str) -> None:
    assert picture(url, after("customers.columns", shows="Columns"))


def test_the_help(picture: Picture, url: str) -> None:
    assert picture(url, after("app.help", shows="Keys of Customers"))


def test_a_record(picture: Picture, url: str) -> None:
    assert picture(url, after("customers.sheet", shows="Flow speed"))


def test_jump_mode(picture: Picture, url: str) -> None:
    assert picture(url, after("customers.jump"), SMALL)


def test_no_customers_yet(picture: Picture, empty_url: str) -> None:
    assert picture(empty_url, size=SMALL)


def test_a_database_that_is_away(picture: Picture) -> None:
    # The address is part of the picture, so it can't be a folder of this run.
    assert picture("postgresql://ana@127.0.0.1:1/customers", away, SMALL)


def test_the_form_of_a_customer(picture: Picture, url: str) -> None:
    assert picture(url, after("customers.bulk_edit", shows="Flow speed"))


def test_the_form_on_a_small_terminal(picture: Picture, url: str) -> None:
    assert picture(url, after("customers.bulk_edit", "form.tab_after", shows="PayPal"), SMALL)


def test_editing_customers_together(picture: Picture, url: str) -> None:
    assert picture(url, after("grid.mark", "grid.mark", "customers.bulk_edit", shows="Edit 2 customers"))


async def on_the_card(cx: Driver, *keys: str, shows: str) -> None:
    """The card of the first customer, after some keys."""
    await cx.live()
    await cx.do("grid.choose")
    await cx.shows("Contacts  ")
    for key in keys:
        await cx.press(key)
    await cx.shows(shows)
    await cx.until(lambda: "reading" not in cx.text())


def card(*keys: str, shows: str) -> Act:
    """The card as a state of the program."""

    async def act(cx: Driver) -> None:
        await on_the_card(cx, *keys, shows=shows)

    return act


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["small", "usual"])
def test_the_card_of_a_customer(picture: Picture, url: str, size: tuple[int, int]) -> None:
    assert picture(url, card("2", shows="10.0."), size)


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["small", "usual"])
def test_why_a_customer_can_not_call(picture: Picture, url: str, size: tuple[int, int]) -> None:
    assert picture(url, card("W", shows="authentication"), size)
