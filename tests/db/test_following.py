"""Following a database: others' changes, messages and presence come by themselves, and go with their link."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import change_log, who_is_here
from cx_tui.db.history_tables import here as presence
from cx_tui.domain.calls.events import Started
from cx_tui.domain.history import Act
from cx_tui.domain.news import News
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid
from cx_tui.services.calls.ingest import Ingest
from cx_tui.services.following import here
from cx_tui.services.following.following import Following, Listener
from cx_tui.services.session import Session
from tests.calls.made import a_call
from tests.conftest import Server, opened
from tests.db.sessions import ANA, add
from tests.patience import patient

BEN = Who("ben", "ssh from 10.20.0.15")


class Told:
    """What a program was told."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.links: list[str] = []
        self._more = asyncio.Event()

    @property
    def listener(self) -> Listener:
        return Listener(self._take, self._lost, lambda: self._lost("back"))

    def _take(self, news: News) -> None:
        self.news.append(news)
        self._more.set()

    def _lost(self, why: str) -> None:
        self.links.append(why)
        self._more.set()

    async def until(self, holds: Callable[[], object]) -> None:
        end = monotonic() + patient(15)
        while not holds():
            assert monotonic() < end, f"{self.news} {self.links}"
            with suppress(TimeoutError):
                await asyncio.wait_for(self._more.wait(), 0.05)
            self._more.clear()


@asynccontextmanager
async def followed(url: str, who: Who) -> AsyncIterator[tuple[Session, Told]]:
    """A session that follows, from its first look on."""
    async with opened(url) as database:
        session, told = Session(database, who), Told()
        task = asyncio.create_task(Following(database, session.here, told.listener, 0.2).run())
        try:
            await told.until(lambda: told.news)
            yield session, told
        finally:
            await session.here.leave()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_a_save_is_told_with_its_record_and_who_did_it(database_url: str) -> None:
    async with followed(database_url, ANA) as (_, told), opened(database_url) as other:
        ben = Session(other, BEN)
        acme = await add(ben, "Acme")
        await ben.records.save(acme, {"channels": 9})
        await told.until(lambda: [one for news in told.news for one in news.operations][1:])
        news = next(one for one in reversed(told.news) if one.operations)
        assert news.touched["customer", acme.id].who == "ben"
        assert news.may_concern(acme.id)
        assert not news.may_concern(acme.id + 1)
        assert news.may_change("customer")
        assert not news.may_change("route")


async def test_a_bulk_edit_of_very_many_is_one_coarse_piece_of_news(database_url: str) -> None:
    from datetime import UTC

    from cx_tui.db import history

    async with followed(database_url, ANA) as (_, told), opened(database_url) as other:
        async with other.writing() as connection:
            now = datetime.now(UTC)
            one = await history.begin(connection, BEN, Act.BULK_EDIT, "very many", now, records=100_000)
        await told.until(lambda: [news for news in told.news if news.operations])
        news = next(each for each in told.news if each.operations)
        assert [each.id for each in news.operations] == [one]
        assert (news.many, dict(news.touched)) == (True, {})
        assert news.may_concern(1)


async def test_a_notification_that_is_lost_is_made_up_for(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_log, "wake_up", lambda connection: ())
    async with followed(database_url, ANA) as (_, told), opened(database_url) as other:
        await add(Session(other, BEN), "Acme")
        await told.until(lambda: [news for news in told.news if news.operations])


async def test_a_unit_of_work_wakes_others_once_and_calls_wake_nobody(
    postgres: Server, postgres_template: str
) -> None:
    import asyncpg

    async with postgres.database(postgres_template) as url, opened(url) as database:
        heard: list[str] = []
        link = await asyncpg.connect(url)

        def hear(*said: object) -> None:
            heard.append(str(said[-1]))

        async def settled() -> list[str]:
            await link.execute("SELECT 1")
            await asyncio.sleep(0.1)
            return heard

        await link.add_listener(change_log.CHANNEL, hear)
        acme = await add(Session(database, ANA), "Acme")
        await settled()
        heard.clear()
        now = datetime.now(UTC)
        started = Started(source="kam", key="1", customer_id=acme.id, invited_at=now, dialled="44")
        await Ingest(database).take([started])
        await Ingest(database).store([a_call(str(n), customer=acme.id, at=now, talk=9) for n in range(20)])
        assert await settled() == []
        await Session(database, ANA).records.save(acme, {"channels": 9, "city": "Bonn"})
        assert await settled() == [""], "once, and its payload says nothing"
        await link.remove_listener(change_log.CHANNEL, hear)
        await link.close()


async def test_what_is_not_in_the_log_is_told_as_something(database_url: str) -> None:
    async with followed(database_url, ANA) as (_, told), opened(database_url) as other:
        await told.until(lambda: len(told.news) > 1)
        before = len(told.news)
        async with other.writing() as connection:
            await connection.exec_driver_sql("INSERT INTO kept_at (name) VALUES ('something')")
        await told.until(lambda: len(told.news) > before)
        assert told.news[-1].is_vague


async def test_operators_see_each_other_until_they_leave(database_url: str) -> None:
    async with followed(database_url, ANA) as (ana, _):
        async with followed(database_url, BEN) as (ben, told):
            ben.here.doing = lambda: ("the card of Acme", ben.here._since)
            for _ in range(100):
                found = await ana.here.everybody()
                if [one.page for one in found if one.who == "ben"] == ["the card of Acme"]:
                    break
                await told.until(lambda: True)
                await asyncio.sleep(0.05)
            assert [(one.who, one.origin, one.page) for one in found if one.who == "ben"] == [
                ("ben", "ssh from 10.20.0.15", "the card of Acme")
            ]
            assert len(found) == 2
        assert [one.who for one in await ana.here.everybody()] == ["ana"]


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_program_may_say_twice_at_a_time_that_it_is_here(kind: str, database_url: str) -> None:
    async with opened(database_url) as database:
        now = datetime.now(UTC)

        async def arrive() -> None:
            async with database.writing() as second:
                await who_is_here.arrive(second, 7, ANA, "Customers", now, now)

        async with database.writing() as first:
            await who_is_here.arrive(first, 7, ANA, "Customers", now, now)
            again = asyncio.create_task(arrive())
            await asyncio.wait([again], timeout=0.3)
            assert not again.done()  # it waits for the first one, which is not seen yet
        await again
        async with database.reading() as connection:
            assert (await connection.execute(select(presence.c.number))).scalars().all() == [7]


async def test_saying_that_one_is_here_is_no_news_to_oneself(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("only SQLite has to be told again and again")
    monkeypatch.setattr(here, "SAID_EVERY", timedelta(0))
    async with followed(database_url, ANA) as (ana, told), opened(database_url) as other:
        await told.until(lambda: len(told.news) > 1)

        async def seen_at() -> datetime:
            async with other.reading() as connection:
                seen: datetime = (await connection.execute(select(presence.c.seen_at))).scalar_one()
                return seen

        news, first = len(told.news), await seen_at()
        for _ in range(200):
            if await seen_at() > first:
                break
            await asyncio.sleep(0.05)
        assert await seen_at() > first
        assert len(told.news) == news
        assert [one.who for one in await ana.here.everybody()] == ["ana"]


async def test_a_message_reaches_whom_it_is_for_and_stays_in_the_log(database_url: str) -> None:
    async with followed(database_url, ANA) as (_, told), opened(database_url) as other:
        ben = Session(other, BEN)
        await ben.here.tell("all", "maintenance in\n10 minutes")
        await ben.here.tell("cem", "only for you: ring me")
        await told.until(lambda: len([m for news in told.news for m in news.messages()]) == 2)
        messages = [m for news in told.news for m in news.messages()]
        assert [(m.who, m.to, m.text) for m in messages if m.is_for("ana")] == [
            ("ben", "all", "maintenance in 10 minutes")
        ]
        assert [m.text for m in messages if m.is_for("cem")] == [
            "maintenance in 10 minutes", "only for you: ring me",
        ]  # fmt: skip
        assert not [m for m in messages if m.is_for("ben")]
        with pytest.raises(Invalid, match="write something first"):
            await ben.here.tell("all", "  ")


@pytest.fixture
async def server_url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A PostgreSQL database."""
    template = request.getfixturevalue("postgres_template")
    async with request.getfixturevalue("postgres").database(template) as url:
        yield url


async def test_who_is_cut_off_is_gone_at_once_and_back_when_the_link_is(server_url: str) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = {}"
    async with followed(server_url, ANA) as (ana, told), opened(server_url) as other:
        ben = Session(other, BEN)
        assert [one.who for one in await ben.here.everybody()] == ["ana"]
        async with other.writing() as connection:
            await connection.exec_driver_sql(cut.format(ana.here.number))
            async with other.reading() as reading:
                held = (await reading.execute(who_is_here.HELD)).all()
            assert ana.here.number not in [row[0] for row in held]
        await told.until(lambda: told.links)
        assert "away" in told.links[0]
        acme = await add(ben, "Acme")
        await told.until(lambda: any(("customer", acme.id) in news.touched for news in told.news))
        await told.until(lambda: told.links[-1] == "back")
        assert [one.who for one in await ben.here.everybody()] == ["ana"]


async def driver_fails() -> None:
    raise RuntimeError("the connection was closed in the middle of operation")


async def is_called_off() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("breaks", [driver_fails, is_called_off])
async def test_whatever_a_driver_does_a_program_goes_on_following(
    breaks: Callable[[], Awaitable[None]], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay = here.Here.stay
    async with followed(database_url, ANA) as (_, told), opened(database_url) as other:

        async def once(self: here.Here, connection: AsyncConnection) -> None:
            monkeypatch.setattr(here.Here, "stay", stay)
            await breaks()

        monkeypatch.setattr(here.Here, "stay", once)
        await told.until(lambda: told.links and told.links[-1] == "back")
        acme = await add(Session(other, BEN), "Acme")
        await told.until(lambda: any(("customer", acme.id) in news.touched for news in told.news))
