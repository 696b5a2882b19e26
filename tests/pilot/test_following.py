"""What others do comes by itself: cells change in place, new rows are announced, forms say who saved."""

import asyncio
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

import pytest

from cx_tui.domain.history import Act, LogQuery
from cx_tui.domain.records.customer import Status
from cx_tui.domain.who import Who
from cx_tui.screens import following
from cx_tui.screens.customers.watching import Watching
from cx_tui.screens.who import WhoScreen
from cx_tui.services.lists.listing import Listing
from tests.db.sessions import add
from tests.patience import patient
from tests.pilot.driver import Driver, opened
from tests.pilot.history import save, session_of

BEN = Who("ben", "ssh 10.20.0.15")


@pytest.fixture
async def url(database_url: str) -> str:
    """A database with some customers."""
    async with session_of(database_url) as session:
        for name in ("Acme", "Beta", "Delta"):
            await add(session, name, channels=30, status=Status.ACTIVE)
    return database_url


def header(cx: Driver) -> str:
    return cx.text().splitlines()[0]


async def test_a_list_follows_and_nothing_moves_in_it(url: str) -> None:
    async with opened(url, refresh_seconds=0.2) as cx, session_of(url, BEN) as ben:
        key = cx.cursor()
        assert key
        await save(ben, key, channels=77)
        await cx.until(lambda: cx.cells("in_use")[0] == "0 of 77", "the new value")
        await save(ben, key, external_id="X-1", status=Status.INACTIVE)
        await cx.until(lambda: cx.cells("status")[0] == "Inactive", "the new status")
        assert "status" in cx.grid.changes.pointed_out[key], "it is pointed out for a moment"
        await cx.until(lambda: not cx.grid.changes.pointed_out, "it looks as all others again")
        await add(ben, "Chi", channels=1, status=Status.ACTIVE)
        await cx.until(lambda: "1 new: press r" in header(cx), "that there is a new one")
        assert cx.cells("name") == ["Acme", "Beta", "Delta"]
        await cx.do("customers.refresh")
        await cx.until(lambda: cx.cells("name") == ["Acme", "Beta", "Chi", "Delta"])
        assert "press r" not in header(cx)
        await save(ben, key, name="Zeta")
        await cx.until(lambda: "1 would move: press r" in header(cx), "that its place is another one now")
        assert cx.cells("name") == ["Zeta", "Beta", "Chi", "Delta"]
        await add(ben, "Eta", channels=1, status=Status.ACTIVE)
        await cx.until(lambda: "1 new, 1 would move: press r" in header(cx), "both")
        await cx.do("customers.refresh")
        await cx.until(lambda: cx.cells("name") == ["Beta", "Chi", "Delta", "Eta", "Zeta"])
        assert "press r" not in header(cx)
        await ben.records.delete(key)
        await cx.until(lambda: "1 fewer: press r" in header(cx), "that one is gone")
        cx.app.exit()


async def test_a_form_says_who_saved_the_record_and_a_message_is_shown(url: str) -> None:
    async with opened(url, refresh_seconds=0.2) as cx, session_of(url, BEN) as ben:
        key = cx.cursor()
        assert key
        await cx.open_form()
        await cx.type_into("channels", "60")
        await save(ben, key, city="Lisbon")
        await cx.shows("! ben saved this")
        await ben.here.tell("all", "maintenance in 10 minutes")
        await cx.says("maintenance in 10 minutes")
        pages = [one.page for one in await ben.here.everybody()]
        assert len(pages) == 1
        await cx.save()
        await cx.saved()
        merged = await ben.records.get(key)
        assert (merged.channels, merged.city) == (60, "Lisbon")
        cx.app.exit()


async def test_very_much_is_read_at_most_three_times_a_second(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_at: list[float] = []
    again = Listing.again

    async def noted(listing: Listing, ids: Any, columns: Iterable[str]) -> Any:
        read_at.append(monotonic())
        return await again(listing, ids, columns)

    monkeypatch.setattr(Listing, "again", noted)
    async with opened(url, refresh_seconds=0.2) as cx, session_of(url, BEN) as ben:
        key = cx.cursor()
        assert key
        for channels in range(100, 140):
            await save(ben, key, channels=channels)
        await cx.until(lambda: cx.cells("in_use")[0] == "0 of 139", "the last value")
        # The first list, and the look after it, are no news.
        assert len(read_at) <= 2 + 3 * (monotonic() - read_at[0]) + 1
        cx.app.exit()


def quiet_only(url: str) -> None:
    """On PostgreSQL something is heard whenever another test has committed at the same server."""
    if not url.startswith("sqlite"):
        pytest.skip("only SQLite is quiet")


async def at_rest(number: Callable[[], int]) -> int:
    """A number that does not grow for a second any more."""
    async with asyncio.timeout(patient(20)):
        while True:
            before = number()
            await asyncio.sleep(1)
            if number() == before:
                return before


async def test_the_list_rests_while_all_is_well(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet_only(url)
    ticks, tick = [0], Watching.tick

    def noted(watching: Watching) -> None:
        ticks[0] += 1
        tick(watching)

    monkeypatch.setattr(Watching, "tick", noted)
    monkeypatch.setattr(following, "LOOK_EVERY", 3_600.0)
    async with opened(url, refresh_seconds=0.2) as cx:
        before = await at_rest(lambda: ticks[0])
        cx.app.following.link_changed("the database is away")
        await cx.until(lambda: ticks[0] > before + 3, "that it goes on looking")
        cx.app.exit()


async def test_while_nothing_is_heard_rows_are_read_once_a_minute(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet_only(url)
    read, again, now = [0], Listing.again, [1_000_000.0]

    async def noted(listing: Listing, ids: Any, columns: Iterable[str]) -> Any:
        read[0] += 1
        return await again(listing, ids, columns)

    monkeypatch.setattr(Listing, "again", noted)
    monkeypatch.setattr(following, "time", lambda: now[0])
    monkeypatch.setattr(following, "LOOK_EVERY", 0.05)
    async with opened(url, refresh_seconds=0.2) as cx:
        # The first look knows of no minute before, and what follows is heard from then on.
        before = await at_rest(lambda: read[0])
        now[0] += 60
        await cx.until(lambda: read[0] > before, "that a minute is full")
        cx.app.exit()


async def test_the_page_of_operators_lists_who_is_here_and_writes_to_all(url: str) -> None:
    async with opened(url, refresh_seconds=0.2) as cx, session_of(url, BEN) as ben:
        cx.app.push_screen(WhoScreen())
        await cx.shows("(you)")
        await cx.shows("1 operator in 1 program")
        await cx.do("who.write_to_all")
        await cx.shows("Message to all operators")
        await cx.press(*["space" if letter == " " else letter for letter in "back in 5"])
        await cx.press("enter")
        await cx.says("Sent to all operators.")
        found = await ben.log.operations(LogQuery(act=Act.MESSAGE), 9)
        assert [one.title for one in found] == ["to all: back in 5"]
        await cx.do("who.messages")
        await cx.shows("to all: back in 5")
        cx.app.exit()
