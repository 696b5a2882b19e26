"""What is due is looked for when something may be: while nothing was committed, nothing new is."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from cx_tui.db import delayed_changes, outbox
from cx_tui.db.engine import Database
from cx_tui.domain.outbox import Way

if TYPE_CHECKING:
    from cx_tui.domain.news import News
    from cx_tui.services.following.following import Listener

ANYWAY = 10.0
"""Seconds after which it is looked although nothing was heard, such as for programs that were killed."""


class WhenDue:
    """Knows of one program whether anything may be due; one that does not follow its database never knows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heard = 0
        self._is_heard = asyncio.Event()
        self._follows = False
        self._first: datetime | None = None
        self._asked_at = -1
        self._asking = asyncio.Lock()

    def hearing(self, listener: "Listener") -> "Listener":
        """The same listener, but it is heard here as well."""

        def news(what: "News") -> None:
            self._hear(follows=True)
            listener.news(what)

        def lost(why: str) -> None:
            self._hear(follows=False)
            listener.lost(why)

        return replace(listener, news=news, lost=lost)

    def of(self, act: Callable[[], Awaitable[object]]) -> "Act":
        """An act that is left out while nothing can be due."""
        return Act(self, act)

    def _hear(self, *, follows: bool) -> None:
        self._heard, self._follows = self._heard + 1, follows
        self._is_heard.set()
        self._is_heard = asyncio.Event()

    async def seconds(self, heard: int) -> float:
        """The seconds until anything may be due that was not when so much had been heard."""
        if not self._follows or heard != self._heard:
            return 0.0
        async with self._asking:
            if self._asked_at != self._heard:
                now = self._heard
                self._first = await self._read()
                self._asked_at = now
        return (self._first - datetime.now(UTC)).total_seconds() if self._first else ANYWAY

    async def hear(self, heard: int, seconds: float) -> None:
        """Wait until more was heard than so much, and not longer than so many seconds."""
        if heard == self._heard:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_heard.wait(), seconds)

    def heard(self) -> int:
        """How much was heard until now."""
        return self._heard

    async def _read(self) -> datetime | None:
        async with self._database.reading() as connection:
            found = [await outbox.next_due(connection, way) for way in Way]
            found += [await outbox.next_look(connection), await delayed_changes.next_due(connection)]
        return min((one for one in found if one), default=None)


class Act:
    """An act that is done when it may be due, and now and then."""

    def __init__(self, when_due: WhenDue, act: Callable[[], Awaitable[object]]) -> None:
        self._when_due = when_due
        self._act = act
        self._heard, self._done_at = -1, 0.0

    async def __call__(self) -> None:
        """Do it, unless it is not worth it."""
        now = monotonic()
        if now - self._done_at < ANYWAY and await self._when_due.seconds(self._heard) > 0:
            return
        self._heard, self._done_at = self._when_due.heard(), now
        await self._act()

    async def pause(self, shortest: float) -> None:
        """Wait until it may be worth it."""
        await asyncio.sleep(shortest)
        seconds = await self._when_due.seconds(self._heard)
        if seconds > 0:
            left = self._done_at + ANYWAY - monotonic()
            await self._when_due.hear(self._heard, min(seconds, max(0.0, left)))
