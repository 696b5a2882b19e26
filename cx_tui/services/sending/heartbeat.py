"""Which programs send: each gives a sign of life while it does, and what one that is gone had claimed is
taken over by the others.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic

from cx_tui.db import claims
from cx_tui.db.engine import Database
from cx_tui.errors import CxError

BEAT = 5.0
"""Seconds between two signs of life."""

LOST_AFTER = 30.0
"""Seconds without a sign of life, by our own clock, after which a program is gone."""

LONG_LOST = timedelta(minutes=15)
"""The same where we have just begun to watch: no two clocks differ by so much."""


class Alive:
    """This program among those that send from one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[str, tuple[datetime, float]] = {}

    @asynccontextmanager
    async def signed_in(self) -> AsyncIterator[str]:
        """Be known as alive meanwhile; gives the token of our claims."""
        token = f"{here()}:{os.getpid()}:{secrets.token_hex(6)}"
        await self._sign(token)
        beating = asyncio.ensure_future(self._keep_signing(token))
        try:
            yield token
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            with suppress(CxError):
                async with self._database.writing() as connection:
                    await claims.gone(connection, token)

    async def _keep_signing(self, token: str) -> None:
        while True:
            await asyncio.sleep(BEAT)
            with suppress(CxError):
                # A cancelled statement would leave SQLite's lock behind.
                await asyncio.shield(asyncio.ensure_future(self._sign(token)))

    async def _sign(self, token: str) -> None:
        async with self._database.writing() as connection:
            await claims.seen(connection, token, datetime.now(UTC))

    async def take_over(self) -> int:
        """Free what programs that are gone had claimed; says how many messages that were."""
        async with self._database.reading() as connection:
            claimants = await claims.claimants(connection)
            # Asked afterwards: whoever has claims has signed in before.
            seen = await claims.workers(connection) if claimants else {}
        lost = {token for token in claimants if token not in seen or self._is_lost(token, seen[token])}
        if not lost:
            return 0
        async with self._database.writing() as connection:
            return await claims.recover(connection, lost, datetime.now(UTC))

    def _is_lost(self, token: str, seen_at: datetime) -> bool:
        """Whether a program is gone: of this machine and not running, or without a sign for too long."""
        if not _runs(token) or datetime.now(UTC) - seen_at > LONG_LOST:
            return True
        known = self._seen.get(token)
        if known is None or known[0] != seen_at:
            self._seen[token] = known = (seen_at, monotonic())
        return monotonic() - known[1] > LOST_AFTER


@cache
def here() -> str:
    """The machine, and the part of it in which numbers of processes are those that we see."""
    parts = [socket.gethostname()[:40]]
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
        parts.append(str(Path("/proc/self/ns/pid").stat().st_ino))
    return "/".join(parts)[:90]


def _runs(token: str) -> bool:
    """Whether the program of a token may be running, as far as can be seen from here."""
    place, process, _ = token.rsplit(":", 2)
    if place != here() or int(process) == os.getpid():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
