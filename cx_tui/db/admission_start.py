"""What a server that decides calls asks at its start: is what it kept of this database, and who has what."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.history_tables import operation
from cx_tui.db.tables import customer

COLUMNS = {
    True: "customer_id, balance, CAST(julianday(day) - 1721424.5 AS INTEGER), day_spend",
    False: (
        "customer_id, (balance * 1000000)::bigint, day - date '0001-01-01' + 1, (day_spend * 1000000)::bigint"
    ),
}
"""By whether it is SQLite.  Days are counted as Python counts them: the first of the year 1 is 1."""


class Run(NamedTuple):
    """A run of customers in the order of their numbers; money in millionths."""

    ids: Sequence[int]
    balances: Sequence[int]
    days: Sequence[int]
    spends: Sequence[int]


async def run_after(connection: AsyncConnection, after: int, limit: int) -> Run | None:
    """The customers behind a number; None when there are none."""
    on_sqlite = connection.dialect.name == "sqlite"
    driver: Any = (await connection.get_raw_connection()).driver_connection
    asked = f"SELECT {COLUMNS[on_sqlite]} FROM counters WHERE customer_id > {after:d} ORDER BY customer_id"  # noqa: S608
    asked += f" LIMIT {limit:d}"
    rows = await (driver.execute_fetchall(asked) if on_sqlite else driver.fetch(asked))
    if not rows:
        return None
    ids, balances, days, spends = zip(*rows, strict=True)
    return Run(ids, balances, [day or 0 for day in days], spends)


async def mark(connection: AsyncConnection, number: int) -> str:
    """What tells an operation from one with the same number in another database; "" when it is not there.

    On PostgreSQL that is a restored copy as well: places in the log are of the server that it was on.
    """
    own = operation.c
    asked = select(own.at, own.who, own.origin, own.title).where(own.id == number)
    if connection.dialect.name != "sqlite":
        # Who restores a row writes it anew.
        asked = asked.add_columns(literal_column("CAST(operation.xmin AS text)"))
    rows = await ask(connection, asked)
    return " ".join(map(str, rows[0])) if rows else ""


async def count(connection: AsyncConnection) -> int:
    """How many customers there are."""
    asked = select(func.count()).select_from(customer).where(customer.c.deleted_at.is_(None))
    return int((await ask(connection, asked))[0][0])
