"""Who is here: a row for each program that is open.

A row is true as long as its program's connection is: on PostgreSQL that holds a lock of its number, which
goes with the connection, however it ends.  On SQLite a row that was not seen for half a minute is gone.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.history_tables import here
from cx_tui.domain.who import Who

SEEN_FOR = timedelta(seconds=30)
LOCKS = 0x6378
"""The first number of the locks; the second one is the program's."""

OURS = f"locktype = 'advisory' AND granted AND objsubid = 2 AND classid = {LOCKS}"
HELD = text(
    f"SELECT CAST(objid AS bigint) FROM pg_locks WHERE {OURS} AND database ="  # noqa: S608  # a number of ours
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)

# A terminal that has gone without a word is noticed in half a minute.
NOTICED = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 4")


async def hold(connection: AsyncConnection, number: int) -> None:
    """Have the rows of a program be true as long as this connection lasts."""
    for setting in NOTICED:
        await connection.exec_driver_sql(f"SET {setting}")
    await connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCKS}, {number:d})")


async def arrive(
    connection: AsyncConnection, number: int, who: Who, page: str, since: datetime, now: datetime
) -> None:
    """Say that a program is here; those that have gone without a word are forgotten."""
    own = here.c
    gone = (own.number == number) | (own.seen_at < now - SEEN_FOR) & ~(await _true(connection, now))
    await connection.execute(delete(here).where(gone))
    seen = {"page": page[:200], "active_at": now, "seen_at": now}
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = kind.insert(here).values(
        number=number, who=who.name[:120], origin=who.origin[:200], since=since, **seen
    )
    # The same program may just have said so on a connection that it has given up.
    await connection.execute(row.on_conflict_do_update(index_elements=[here.c.number], set_=seen))


async def stay(
    connection: AsyncConnection, number: int, page: str, active_at: datetime, now: datetime
) -> bool:
    """Say that a program is still here, and what it shows: whether its row was there."""
    mine = update(here).where(here.c.number == number)
    done = await connection.execute(mine.values(page=page[:200], active_at=active_at, seen_at=now))
    return bool(done.rowcount)


async def leave(connection: AsyncConnection, number: int) -> None:
    """Say that a program is not here any more."""
    await connection.execute(delete(here).where(here.c.number == number))


async def everybody(connection: AsyncConnection, now: datetime) -> list[Row[Any]]:
    """The programs that are here, by name."""
    question = select(here).where(await _true(connection, now)).order_by(here.c.who, here.c.since)
    return list(await ask(connection, question))


async def _true(connection: AsyncConnection, now: datetime) -> ColumnElement[bool]:
    """Whether a row's program is there."""
    if connection.dialect.name == "sqlite":
        return here.c.seen_at > now - SEEN_FOR
    return here.c.number.in_([row[0] for row in await ask(connection, HELD)])
