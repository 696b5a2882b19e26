"""A database that does not answer: the header says so, and is not live again before an answer came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from cx_tui.app.program import CxApp
from cx_tui.db.engine import connect
from cx_tui.errors import Unavailable
from cx_tui.screens.customers import watching
from cx_tui.services.lists.customers import Customers
from cx_tui.services.lists.listing import Listing
from tests.pilot.driver import Driver, opened


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds is said at once."""
    monkeypatch.setattr(watching, "SAID_AFTER", 0.0)
    monkeypatch.setattr(watching, "LOOKED_AFTER", 0.0)


async def rests(cx: Driver) -> None:
    """Wait until nothing is refreshed."""
    running = (worker for worker in cx.app.workers if worker.group == "keep-up" and not worker.is_finished)
    for worker in list(running):
        await worker.wait()


class Stalled:
    """The rows of a list come when they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.let_go = asyncio.Event()
        again = Listing.again

        async def later(listing: Listing, *asked: Any) -> Any:
            await self.let_go.wait()
            return await again(listing, *asked)

        monkeypatch.setattr(Listing, "again", later)


@pytest.mark.usefixtures("hasty")
async def test_a_read_that_takes_long_says_so_and_is_live_again_when_the_answer_came(
    world_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(world_url) as cx:
        await rests(cx)
        stalled = Stalled(monkeypatch)
        reading = cx.customers.keep_up()
        await cx.pilot.pause()
        await cx.customers.keep_up().wait()
        assert "waiting for the database, 0 s" in cx.header()
        assert "live" not in cx.header()
        stalled.let_go.set()
        await reading.wait()
        assert "live" in cx.header()


@pytest.mark.usefixtures("hasty")
async def test_it_is_away_when_nothing_answers_at_all(
    world_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(_: Customers) -> None:
        raise Unavailable("the database has not answered for 5 s")

    async with opened(world_url) as cx:
        await rests(cx)
        stalled = Stalled(monkeypatch)
        monkeypatch.setattr(Customers, "heartbeat", silent)
        reading = cx.customers.keep_up()
        await cx.pilot.pause()
        await cx.customers.keep_up().wait()
        assert "away" in cx.header()
        await cx.says("has not answered for 5 s")
        stalled.let_go.set()
        await reading.wait()
        assert "live" in cx.header()


@pytest.mark.usefixtures("hasty")
async def test_what_is_never_answered_is_asked_again(world_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "GIVEN_UP_AFTER", 0.0)
    async with opened(world_url) as cx:
        await rests(cx)
        with monkeypatch.context() as meanwhile:
            Stalled(meanwhile)
            reading = cx.customers.keep_up()
            await cx.pilot.pause()
        await cx.customers.keep_up().wait()
        await cx.live()
        assert reading.is_cancelled


async def test_a_refresh_that_fails_is_not_live_for_a_moment(
    world_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> Any:
        raise Unavailable("the database is away")

    async with opened(world_url) as cx:
        await rests(cx)
        said: list[str] = []
        show = cx.customers.show_lines

        def listen() -> None:
            said.append(cx.customers.standing.state)
            show()

        monkeypatch.setattr(cx.customers, "show_lines", listen)
        monkeypatch.setattr(Listing, "again", away)
        await cx.customers.keep_up().wait()
        await cx.until(lambda: "away" in cx.header(), "away")
        since = cx.customers.standing.since
        monkeypatch.setattr(Customers, "list", away)
        await cx.customers.keep_up().wait()
        assert cx.customers.standing.since == since
        # Before the message that it is away there is the state of before.
        assert set(said[said.index("away") :]) == {"away"}


async def test_started_while_it_is_away_it_comes_back_by_itself(
    world_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: CxApp) -> Any:
        raise Unavailable("the database is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(CxApp, "services", away)
        running = opened(world_url, live=False)
        cx = await running.__aenter__()
        await cx.until(lambda: "away" in cx.header(), "away")
    await cx.customers.keep_up().wait()
    await cx.live()
    assert cx.grid.rows.total
    await running.__aexit__(None, None, None)


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """The customers can't be read."""
    database = connect(url)
    async with database.writing() as connection:
        await connection.execute(text("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE"))
        yield
    await database.close()


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.usefixtures("hasty")
async def test_a_locked_table_is_waited_for_and_not_away(kind: str, database_url: str) -> None:
    async with opened(database_url) as cx:
        await rests(cx)
        async with locked(database_url):
            cx.customers.watching.counted_at = watching.NEVER
            reading = cx.customers.keep_up()
            await cx.pilot.pause()
            await cx.customers.keep_up().wait()
            assert "waiting for the database" in cx.header()
        await reading.wait()
        assert "live" in cx.header()
