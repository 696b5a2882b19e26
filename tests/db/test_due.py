"""What is due is looked for when something may be, and not each second for nothing."""

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from sqlalchemy import update

from cx_tui.db.engine import Database
from cx_tui.db.history_tables import delayed
from cx_tui.domain.news import News
from cx_tui.services import due
from cx_tui.services.due import WhenDue
from cx_tui.services.following.following import Listener
from cx_tui.services.periodic import repeat
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add
from tests.patience import patient


class Looks:
    """An act that may be due, and how often it was done."""

    def __init__(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        self.clock = 1_000.0
        self.told: list[str] = []
        monkeypatch.setattr(due, "monotonic", lambda: self.clock)
        when_due = WhenDue(session.database)
        listener = Listener(
            lambda news: self.told.append("news"), self.told.append, lambda: self.told.append("back")
        )
        self.listener = when_due.hearing(listener)
        self._look = when_due.of(self._done)

    async def _done(self) -> None:
        self.number += 1

    async def often(self) -> int:
        """How many of three looks were worth it."""
        before = self.number
        for _ in range(3):
            self.clock += 1
            await self._look()
        return self.number - before


class Later(datetime):
    """A clock that is two hours ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Later":
        """The moment."""
        ahead = datetime.now(tz) + timedelta(hours=2)
        return cls.fromtimestamp(ahead.timestamp(), tz)


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


@pytest.fixture
def looks(session: Session, monkeypatch: pytest.MonkeyPatch) -> Looks:
    return Looks(session, monkeypatch)


async def test_who_does_not_follow_the_database_looks_each_time(looks: Looks) -> None:
    assert await looks.often() == 3


async def test_one_look_follows_what_was_heard_and_then_none_for_ten_seconds(looks: Looks) -> None:
    looks.listener.news(News())
    assert await looks.often() == 1
    assert await looks.often() == 0
    looks.listener.news(News())
    assert await looks.often() == 1
    looks.clock += due.ANYWAY
    assert await looks.often() == 1
    assert looks.told == ["news", "news"]


async def test_without_an_answer_of_the_database_nobody_knows(looks: Looks) -> None:
    looks.listener.news(News())
    assert await looks.often() == 1
    looks.listener.lost("away")
    assert await looks.often() == 3
    looks.listener.back()
    looks.listener.news(News())
    assert await looks.often() == 1
    assert looks.told == ["news", "away", "back", "news"]


async def test_what_was_there_when_something_was_heard_last_is_done_in_its_time(
    session: Session, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = await add(session, "Acme")
    await session.delayed.order(acme, {"channels": 5}, datetime.now(UTC) + timedelta(hours=1))
    looks.listener.news(News())
    assert await looks.often() == 1
    assert await looks.often() == 0
    # Nothing is heard of an hour that passes.
    monkeypatch.setattr(due, "datetime", Later)
    assert await looks.often() == 3
    async with session.database.writing() as connection:
        await connection.execute(update(delayed).values(due_at=datetime.now(UTC)))
    await session.delayed.run_due()
    looks.listener.news(News())
    assert await looks.often() == 1
    assert await looks.often() == 0


async def test_any_error_of_a_driver_is_told_once_and_what_is_due_is_tried_again() -> None:
    told: list[str] = []
    ending, number = asyncio.Event(), 0

    async def act() -> None:
        nonlocal number
        number += 1
        if number <= 3:
            raise ConnectionResetError("the connection was reset")
        if number == 4:
            raise RuntimeError
        ending.set()

    await asyncio.wait_for(repeat(act, ending, 0.001, told.append), patient(5))
    assert number == 5
    before = "What is due can't be done, and is tried again: "
    assert told == [f"{before}the connection was reset", f"{before}RuntimeError"]


async def test_an_error_of_the_pause_is_survived_too() -> None:
    told: list[str] = []
    ending, pauses = asyncio.Event(), 0

    class Act:
        async def __call__(self) -> None:
            """Nothing to do."""

        async def pause(self, shortest: float) -> None:
            nonlocal pauses
            pauses += 1
            if pauses == 1:
                raise OSError("broken pipe")
            ending.set()

    await asyncio.wait_for(repeat(Act(), ending, 0.001, told.append), patient(5))
    assert pauses == 2
    assert [one.rpartition(": ")[2] for one in told] == ["broken pipe"]


async def test_an_act_is_repeated_when_it_is_worth_it(session: Session) -> None:
    when_due, done, ending = WhenDue(session.database), asyncio.Event(), asyncio.Event()
    listener = when_due.hearing(Listener(lambda news: None, lambda why: None, lambda: None))
    number = 0

    async def look() -> None:
        nonlocal number
        number += 1
        done.set()

    listener.news(News())
    repeating = asyncio.create_task(repeat(when_due.of(look), ending, 0.001))
    await done.wait()
    await asyncio.sleep(0.3)
    assert number == 1
    done.clear()
    listener.news(News())
    await asyncio.wait_for(done.wait(), patient(5))
    assert number == 2
    ending.set()
    await asyncio.wait_for(repeating, patient(5))
