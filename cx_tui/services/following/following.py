"""Following a database: what others commit is told as soon as it is there, and so is that nothing answers.

A connection of its own listens, and looks once a second besides: a notification may be lost, the log is not.
When the connection is lost another one goes on from the same place.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import change_log
from cx_tui.db.claims import in_our_words
from cx_tui.db.engine import Database
from cx_tui.domain.news import News
from cx_tui.errors import CxError, Refused
from cx_tui.services.following.here import Here
from cx_tui.services.following.reading import news_of
from cx_tui.services.waiting import is_answered

LOOK_EVERY = 1.0
"""Seconds between two looks at the log."""

ON_SQLITE = 0.7
"""The same where nobody sends notifications, and a look asks for one number in the file's head."""

TOGETHER = 0.1
"""Seconds between two looks that notifications ask for: what comes in a burst is read at once."""

SAID_AFTER, GIVEN_UP_AFTER = 1.0, 4.0
"""Seconds without an answer after which that is said, and after which another connection is tried: those in
which this program listened, however busy it was besides."""

AGAIN_AFTER = 0.5
"""Seconds between two tries to get a connection."""


@dataclass(frozen=True)
class Listener:
    """Who is told."""

    news: Callable[[News], object]
    lost: Callable[[str], object]
    """Nothing answers, and why, as a sentence."""
    back: Callable[[], object]
    """It answers (again)."""


class Following:
    """How one program follows its database."""

    def __init__(self, database: Database, here: Here, listener: Listener, every: float = LOOK_EVERY) -> None:
        self._database = database
        self._here = here
        self._listener = listener
        self._every = min(every, ON_SQLITE) if database.on_sqlite else every
        self._place = ""
        self._version = -1
        self._is_lost = False
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Follow until it is cancelled."""
        while True:
            try:
                async with self._database.reading() as connection:
                    try:
                        await self._follow(connection)
                    finally:
                        # It listens, and holds a lock: nobody else shall get it.
                        await connection.invalidate()
            except CxError as error:
                self._lost(str(error))
            except TimeoutError:
                self._lost(f"the database has not answered for {SAID_AFTER + GIVEN_UP_AFTER:.0f} s")
            except Exception as error:
                # Drivers have many words for a connection that is gone.  Whatever it is: without this the
                # program would take the database for away, and refuse to save, until it is left.
                self._lost(f"the database can't be followed: {error or type(error).__name__}")
            await asyncio.sleep(AGAIN_AFTER)

    async def _follow(self, connection: AsyncConnection) -> None:
        await self._answer(self._begin(connection))
        while True:
            await self._answer(self._look(connection))
            self._back()
            if self._database.on_sqlite:  # where nobody says that there is something
                await asyncio.sleep(self._every)
                continue
            await asyncio.sleep(TOGETHER)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._every - TOGETHER)
            self._wake.clear()

    async def _answer(self, asked: Awaitable[None]) -> None:
        """Wait for an answer; when it takes long, say so before it is given up."""
        answer = asyncio.ensure_future(asked)
        try:
            if not await is_answered(answer, SAID_AFTER):
                self._lost("the database does not answer")
                if not await is_answered(answer, GIVEN_UP_AFTER):
                    raise TimeoutError
            if answer.cancelled():
                raise TimeoutError  # the driver calls off what hangs on a connection that it gives up
            await answer
        finally:
            if not answer.done():
                # Its connection is given up when nothing uses it any more.
                answer.cancel()
                await asyncio.wait([answer], timeout=GIVEN_UP_AFTER)

    async def _begin(self, connection: AsyncConnection) -> None:
        """Listen first, and then look: so nothing falls between the two."""
        if not self._database.on_sqlite:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            # A server that only repeats another one lets nobody listen: there the looks have to do.
            with suppress(Refused), in_our_words(self._database):
                await driver.add_listener(change_log.CHANNEL, lambda *_: self._wake.set())
            driver.add_termination_listener(lambda *_: self._wake.set())
        self._version = -1
        self._place = self._place or await change_log.place(connection)
        await self._here.arrive(connection)
        # What was committed before this moment and was not listened to.
        self._listener.news(News())

    async def _look(self, connection: AsyncConnection) -> None:
        await self._here.stay(connection)
        if not await self._is_stirred(connection):
            return
        place, ids = await change_log.since(connection, self._place)
        news = await news_of(connection, ids) if ids else News()
        before, self._place = self._place, place
        if ids or self._database.on_sqlite or place != before:
            self._listener.news(news)

    async def _is_stirred(self, connection: AsyncConnection) -> bool:
        """Whether others may have committed; on PostgreSQL the log itself says it."""
        if not self._database.on_sqlite:
            return True
        before, self._version = self._version, await change_log.version_of_data(connection)
        return self._version != before

    def _lost(self, why: str) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._listener.lost(why)

    def _back(self) -> None:
        if self._is_lost:
            self._is_lost = False
            self._listener.back()
