"""E-mail by SMTP: letters over a few connections that are kept."""

import asyncio

from cx_tui.errors import Unavailable
from cx_tui.messaging.accounts import MailServer
from cx_tui.messaging.compose import Letter
from cx_tui.messaging.outcome import Gate, Later, Outcome


class Mail:
    """Sends letters, several at the same time; close it at the end."""

    def __init__(self, server: MailServer) -> None:
        from cx_tui.messaging.smtp import Connection  # imported here: it loads the library

        self.server = server
        self._connection = Connection
        self._turns = asyncio.Semaphore(server.connections)
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()

    async def send(self, letter: Letter, gate: Gate = None) -> Outcome:
        """Hand over one letter; Unavailable or DeliveryFailed when no letter can be."""
        async with self._turns:
            connection = self._idle.pop() if self._idle else self._connection(self.server)
            self._busy.add(connection)
            try:
                return await connection.send(letter, gate)
            except Unavailable as trouble:
                if self._reaches_it_otherwise():
                    # Only one connection more than the server likes.
                    return Later(str(trouble))
                raise
            finally:
                self._busy.discard(connection)
                self._idle.append(connection)

    async def test_connection(self) -> str:
        """One sentence about what works; an exception, with one about what does not."""
        connection = self._connection(self.server)
        try:
            return await connection.test()
        finally:
            await connection.close()

    async def close(self) -> None:
        """Say goodbye on every connection that is not used."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.close() for connection in idle))

    def _reaches_it_otherwise(self) -> bool:
        return any(connection.is_open for connection in (*self._busy, *self._idle))
