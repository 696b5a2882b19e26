"""E-mail by SMTP: letters over a few connections that are kept."""

import asyncio
import time
from typing import TYPE_CHECKING

from cx_tui.errors import CxError, Unavailable
from cx_tui.messaging.accounts import MailServer
from cx_tui.messaging.compose import Letter
from cx_tui.messaging.outcome import Gate, Outcome, Surplus

if TYPE_CHECKING:
    from cx_tui.messaging.smtp import Connection

REMEMBERED = 600.0
"""Seconds after which it is found out again how many connections the server takes."""


class Mail:
    """Sends letters, several at the same time; close it at the end."""

    def __init__(self, server: MailServer) -> None:
        from cx_tui.messaging.smtp import Connection  # imported here: it loads the library

        self.server = server
        self._connection = Connection
        self._turns = asyncio.Semaphore(server.connections)
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._first: asyncio.Future[None] | None = None
        self._fewer = 0
        self._fewer_until = 0.0

    @property
    def at_once(self) -> int:
        """How many connections to use: fewer than the settings say when the server took no more lately."""
        return self._fewer if time.monotonic() < self._fewer_until else self.server.connections

    async def send(self, letter: Letter, gate: Gate = None) -> Outcome:
        """Hand over one letter; Unavailable or DeliveryFailed when no letter can be."""
        async with self._turns:
            connection = self._idle.pop() if self._idle else self._connection(self.server)
            self._busy.add(connection)
            try:
                try:
                    await self._begin(connection)
                except Unavailable as trouble:
                    if others := self._open_beside(connection):
                        self._fewer, self._fewer_until = others, time.monotonic() + REMEMBERED
                        return Surplus(str(trouble))
                    raise
                return await connection.send(letter, gate)
            finally:
                self._busy.discard(connection)
                if connection.is_open:
                    self._idle.append(connection)

    async def _begin(self, connection: "Connection") -> None:
        """Connect where that is needed.  As long as no connection is open, one alone tries for all: only so
        is a server that takes fewer told from one that takes none."""
        if connection.is_open or self._open_beside(connection):
            await connection.begin()
            return
        if self._first is not None:
            await asyncio.shield(self._first)
            await connection.begin()
            return
        first = self._first = asyncio.get_running_loop().create_future()
        try:
            await connection.begin()
        except CxError as error:
            first.set_exception(error)
            first.exception()  # perhaps nobody waits for it
            raise
        finally:
            self._first = None
            if not first.done():
                first.set_result(None)

    async def test_connection(self) -> str:
        """One sentence about what works; an exception, with one about what does not."""
        connection = self._connection(self.server)
        try:
            return await connection.test()
        finally:
            await connection.close()

    async def largest(self) -> int:
        """How many bytes a letter may have; 0 is no limit that is known."""
        connection = self._connection(self.server)
        try:
            return await connection.largest()
        finally:
            await connection.close()

    async def close(self) -> None:
        """Say goodbye on every connection that is not used."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.close() for connection in idle))

    def _open_beside(self, connection: "Connection") -> int:
        return sum(each.is_open for each in (*self._busy, *self._idle) if each is not connection)
