"""What others do comes by itself: cells change in place, new rows announce themselves, forms say who it was."""

import pytest

from cx_tui.domain.records.customer import Status
from cx_tui.domain.who import Who
from tests.db.sessions import add
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
        assert "status" in cx.grid._pointed_out[key], "it is pointed out for a moment"
        await cx.until(lambda: not cx.grid._pointed_out, "it looks as all others again")
        await add(ben, "Chi", channels=1, status=Status.ACTIVE)
        await cx.until(lambda: "1 new: press r" in header(cx), "that there is a new one")
        assert cx.cells("name") == ["Acme", "Beta", "Delta"]
        await cx.do("customers.refresh")
        await cx.until(lambda: cx.cells("name") == ["Acme", "Beta", "Chi", "Delta"])
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
