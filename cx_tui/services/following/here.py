"""Who is here: the programs that are open at a database, and what operators write to each other."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history, who_is_here
from cx_tui.db.engine import Database
from cx_tui.domain.history import Act
from cx_tui.domain.news import LONGEST_MESSAGE, Present, title_of_message
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, Invalid

SAID_EVERY = timedelta(seconds=10)
"""How often a program on SQLite says that it is still here."""

ACTIVE_EVERY = timedelta(seconds=60)
"""How often it is said that keys are pressed."""

Doing = Callable[[], tuple[str, datetime]]
"""What a program shows, and when its operator pressed a key last."""


class Here:
    """The presence of one program, and of all others, at one database.

    Nobody waits for it: a session that only reads, or another that writes very much, is no reason to stop.
    """

    def __init__(self, database: Database, who: Who) -> None:
        self.number = secrets.randbelow(2**31 - 1) + 1
        self.doing: Doing = lambda: ("", self._since)
        self._database = database
        self._who = who
        self._since = datetime.now(UTC)
        self._has_left = False
        self._said: tuple[str, datetime, datetime] | None = None

    async def arrive(self, connection: AsyncConnection) -> None:
        """Say that this program is here, as long as the connection lasts."""
        if self._database.read_only:
            return
        now, (page, active_at) = datetime.now(UTC), self.doing()
        if not self._database.on_sqlite:
            await who_is_here.hold(connection, self.number)
        with suppress(CxError):
            async with self._database.writing_along(connection) as writing:
                await who_is_here.arrive(writing, self.number, self._who, page, self._since, now)
        self._said = (page, active_at, now)

    async def stay(self, connection: AsyncConnection) -> None:
        """Say what this program shows, when that is something else, and on SQLite that it is still here."""
        if self._database.read_only or self._has_left:
            return
        if self._said is None:
            await self.arrive(connection)
            return
        now, (page, active_at) = datetime.now(UTC), self.doing()
        said_page, said_active_at, said_at = self._said
        silent = self._database.on_sqlite and now - said_at > SAID_EVERY
        if page == said_page and active_at - said_active_at < ACTIVE_EVERY and not silent:
            return
        there = True
        with suppress(CxError):
            async with self._database.writing_along(connection) as writing:
                there = await who_is_here.stay(writing, self.number, page, active_at, now)
        self._said = (page, active_at, now) if there else None

    async def leave(self) -> None:
        """Say that this program is closed; a database that is away finds out by itself."""
        self._has_left = True
        if self._said is not None:
            with suppress(CxError):
                async with self._database.writing_if_free() as writing:
                    await who_is_here.leave(writing, self.number)

    async def everybody(self) -> list[Present]:
        """The programs that are here, by the names of their operators."""
        async with self._database.reading() as connection:
            rows = await who_is_here.everybody(connection, datetime.now(UTC))
        return [Present(row.number, row.who, row.origin, row.since, row.page, row.active_at) for row in rows]

    async def tell(self, to: str, text: str) -> None:
        """Write to an operator, or to all; it stands in the log."""
        title = title_of_message(to, text)
        if not text.strip():
            raise Invalid({"text": "write something first"})
        if len(text) > LONGEST_MESSAGE:
            raise Invalid({"text": f"write at most {LONGEST_MESSAGE} characters"})
        async with self._database.writing() as connection:
            await history.begin(connection, self._who, Act.MESSAGE, title, datetime.now(UTC))
