"""What is due is looked for when something may be: while nothing was committed, nothing new is."""

import asyncio
from collections.abc import Awaitable, Callable
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
        self._follows = False
        self._first: datetime | None = None
        self._asked_at = -1
        self._asking = asyncio.Lock()

    def hearing(self, listener: "Listener") -> "Listener":
        """The same listener, but it is heard here as well."""

        def news(what: "News") -> None:
            self._heard, self._follows = self._heard + 1, True
            listener.news(what)

        def lost(why: str) -> None:
            self._follows = False
            listener.lost(why)

        return replace(listener, news=news, lost=lost)

    def of(self, act: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        """An act that is left out while nothing can be due."""
        heard, done_at = -1, 0.0

        async def done() -> None:
            nonlocal heard, done_at
            now = monotonic()
            if self._follows and heard == self._heard and now - done_at < ANYWAY and not await self._is_due():
                return
            heard, done_at = self._heard, now
            await act()

        return done

    async def _is_due(self) -> bool:
        """Whether the moment of anything has come that was there when something was committed last."""
        async with self._asking:
            if self._asked_at != self._heard:
                heard = self._heard
                self._first = await self._read()
                self._asked_at = heard
        return self._first is not None and self._first <= datetime.now(UTC)

    async def _read(self) -> datetime | None:
        async with self._database.reading() as connection:
            found = [await outbox.next_due(connection, way) for way in Way]
            found += [await outbox.next_look(connection), await delayed_changes.next_due(connection)]
        return min((one for one in found if one), default=None)
