"""All services of one database, as the program uses them."""

import asyncio
from dataclasses import dataclass, field

from cx_tui.db import schema
from cx_tui.db.engine import Database, connect
from cx_tui.errors import Refused
from cx_tui.services.customers import Customers
from cx_tui.services.traffic import Traffic


@dataclass(frozen=True)
class Office:
    """What operators can do at one database."""

    database: Database
    customers: Customers
    _running: list[asyncio.Task[None]] = field(default_factory=list)

    def start_traffic(self) -> None:
        """Let simulated calls come and go until the office closes."""
        self._running.append(asyncio.ensure_future(Traffic(self.database).run()))

    async def close(self) -> None:
        """End what runs, and give the database back."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.database.close()


async def open_office(url: str, *, read_only: bool = False) -> Office:
    """Open a database, make it when it is embedded and new, and open the office."""
    database = connect(url, read_only=read_only)
    try:
        if read_only and schema.is_new(database):
            raise Refused("there is no database yet; start once without --read-only to make it")
        await schema.ready(database)
    except BaseException:
        await database.close()
        raise
    return Office(database, Customers(database))
