"""All services of one database, as the program uses them."""

from dataclasses import dataclass

from cx_tui.db import schema
from cx_tui.db.engine import Database, connect
from cx_tui.services.customers import Customers


@dataclass(frozen=True)
class Office:
    """What operators can do at one database."""

    database: Database
    customers: Customers

    async def close(self) -> None:
        """Give the database back."""
        await self.database.close()


async def open_office(url: str) -> Office:
    """Open a database, make it when it is embedded and new, and open the office."""
    database = connect(url)
    try:
        await schema.ready(database)
    except BaseException:
        await database.close()
        raise
    return Office(database, Customers(database))
