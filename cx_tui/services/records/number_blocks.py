"""Number blocks: the next free one is given out under a lock, so that nobody ever gets the same."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import Database
from cx_tui.db.records import repository_of
from cx_tui.db.tables import record_table
from cx_tui.domain.records.company import NumberRange
from cx_tui.domain.records.number_block import NumberBlock
from cx_tui.domain.who import Who
from cx_tui.errors import Refused
from cx_tui.services.records.writing import Writing

UNSET = (
    "no number range is set; write where it begins and how large blocks are in the setup, under Number range"
)


@dataclass(frozen=True)
class Assigned:
    """A block that was given out, and whether somebody had it before."""

    block: NumberBlock
    had_before: bool


async def assign(database: Database, who: Who, customer_id: int) -> Assigned:
    """Give a customer the next free block."""
    async with database.writing() as connection:
        ours = await _range(connection)
        first, had_before = await _next(connection, ours)
        writing = Writing(repository_of(NumberBlock), who, datetime.now(UTC))
        values = {"customer_id": customer_id, "first": first, "size": ours.size}
        written = await writing.create(connection, values)
    return Assigned(written.record, had_before)


async def _range(connection: AsyncConnection) -> Any:
    """The number range, locked until the transaction ends."""
    own = record_table(NumberRange)
    asked = select(own).where(own.c.deleted_at.is_(None)).order_by(own.c.id).limit(1).with_for_update()
    found = (await connection.execute(asked)).first()
    if found is None:
        raise Refused(UNSET)
    return found


async def _next(connection: AsyncConnection, ours: Any) -> tuple[int, bool]:
    """Where the next block begins: behind all that ever were, or one that was released when there is none."""
    own = record_table(NumberBlock).c
    last = select(func.max(own.first + own.size)).where(own.first >= ours.first)
    behind = (await connection.execute(last)).scalar() or ours.first
    if ours.last is None or behind + ours.size - 1 <= ours.last:
        return int(behind), False
    in_use = select(own.first).where(own.deleted_at.is_(None))
    released = select(own.first).where(
        own.deleted_at.is_not(None), own.size == ours.size, own.first.not_in(in_use)
    )
    found = (await connection.execute(released.order_by(own.deleted_at).limit(1))).scalar()
    if found is None:
        raise Refused(
            f"the number range ends at {ours.last:,}, and no block is free; make it larger in the setup"
        )
    return int(found), True
