"""Who reads a source of calls and how far it has come: one owner at a time, so that none is read twice.

The position is written in the transaction that brings the calls: a program that is killed goes on where
its last batch ended.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.put import on_sqlite
from cx_tui.db.calls.tables import call_source
from cx_tui.errors import Refused

GONE_AFTER = timedelta(seconds=30)
"""Who was not seen for so long has ended without a word."""

SILENT_AFTER = timedelta(minutes=2)
"""When no source was seen for so long, nobody knows what the switches do."""


async def silent(connection: AsyncConnection, now: datetime) -> bool:
    """Whether there are sources, and none of them is read any more."""
    seen = (await connection.execute(select(func.max(call_source.c.seen_at)))).scalar()
    return seen is not None and seen < now - SILENT_AFTER


async def own(connection: AsyncConnection, source: str, owner: str) -> str | None:
    """Become, or stay, the owner of a source: how far it has been read; None, another owns it."""
    kind = sqlite if on_sqlite(connection) else postgresql
    await connection.execute(kind.insert(call_source).values(source=source).on_conflict_do_nothing())
    now = datetime.now(UTC)
    mine = call_source.c
    free = or_(mine.owner.is_(None), mine.owner == owner, mine.seen_at < now - GONE_AFTER)
    take = update(call_source).where(mine.source == source, free).values(owner=owner, seen_at=now)
    if not (await connection.execute(take)).rowcount:
        return None
    return str((await connection.execute(select(mine.position).where(mine.source == source))).scalar())


async def come_to(connection: AsyncConnection, source: str, owner: str, position: str) -> None:
    """The owner has read a source up to here; it is refused when it is the owner no more."""
    this = update(call_source).where(call_source.c.source == source, call_source.c.owner == owner)
    if not (await connection.execute(this.values(position=position, seen_at=datetime.now(UTC)))).rowcount:
        raise Refused(f"{source} is read by another program now; this one has stopped reading it")


async def leave(connection: AsyncConnection, source: str, owner: str) -> None:
    """The owner reads a source no more."""
    mine = update(call_source).where(call_source.c.source == source, call_source.c.owner == owner)
    await connection.execute(mine.values(owner=None))
