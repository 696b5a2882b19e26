"""The log: operations and what they changed, written in the transaction that changes it."""

import asyncio
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk
from cx_tui.db.engine import ask
from cx_tui.db.history_tables import change, operation
from cx_tui.domain.history import Act, Change, LogQuery, Operation
from cx_tui.domain.who import Who

CHANGE = [field.name for field in fields(Change) if field.name != "id"]
LONGEST_TITLE = 300


async def begin(
    connection: AsyncConnection,
    who: Who,
    act: Act,
    title: str,
    now: datetime,
    *,
    records: int = 0,
    undoes: int | None = None,
) -> int:
    """A new operation; its changes carry its number."""
    values = {
        "at": now, "who": who.name[:120], "origin": who.origin[:200], "act": act,
        "title": title[:LONGEST_TITLE], "records": records, "undoes": undoes,
    }  # fmt: skip
    return int(
        (await connection.execute(insert(operation).values(values).returning(operation.c.id))).scalar_one()
    )


async def note(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    """Write down what was changed."""
    if len(changes) > 1:
        rows = await asyncio.to_thread(list, map(attrgetter(*CHANGE), changes))
        await bulk.insert(connection, change, CHANGE, rows)
    elif changes:
        values = {name: getattr(changes[0], name) for name in CHANGE}
        await connection.execute(insert(change).values(values))


async def finish(connection: AsyncConnection, operation_id: int, records: int) -> None:
    """The operation is over, and this is how many records it changed; one that changed nothing was none."""
    this = operation.c.id == operation_id
    done = update(operation).where(this).values(records=records) if records else delete(operation).where(this)
    await connection.execute(done)


async def mark_undone(connection: AsyncConnection, operation_id: int, undone_by: int | None) -> None:
    """The operation was undone by another one; none when that one was undone itself."""
    await connection.execute(
        update(operation).where(operation.c.id == operation_id).values(undone_by=undone_by)
    )


async def one(connection: AsyncConnection, operation_id: int, *, lock: bool = False) -> Operation | None:
    """One operation."""
    question = select(operation).where(operation.c.id == operation_id)
    row = (await connection.execute(question.with_for_update() if lock else question)).first()
    return None if row is None else Operation(**row._mapping)


async def operations(
    connection: AsyncConnection, query: LogQuery, limit: int, before: int | None = None
) -> list[Operation]:
    """The newest operations that a query asks for, those before a number when one is given."""
    question = matching(select(operation), query).order_by(operation.c.id.desc()).limit(limit)
    if before is not None:
        question = question.where(operation.c.id < before)
    return [Operation(**row._mapping) for row in await ask(connection, question)]


async def changes(
    connection: AsyncConnection,
    operation_id: int,
    limit: int,
    after: int = 0,
    customer_id: int | None = None,
) -> list[Change]:
    """What an operation changed, in its order, beginning after a number; of one customer if asked."""
    question = select(change).where(change.c.operation_id == operation_id, change.c.id > after)
    if customer_id is not None:
        question = question.where(change.c.customer_id == customer_id)
    found = await ask(connection, question.order_by(change.c.id).limit(limit))
    return [Change(**row._mapping) for row in found]


async def last_of(
    connection: AsyncConnection, record: str, record_id: int, customer_id: int
) -> Operation | None:
    """The operation that changed a record last."""
    of_record = (change.c.record == record) & (change.c.record_id == record_id)
    last = select(func.max(change.c.operation_id)).where(change.c.customer_id == customer_id, of_record)
    row = (
        await connection.execute(select(operation).where(operation.c.id == last.scalar_subquery()))
    ).first()
    return None if row is None else Operation(**row._mapping)


def matching(question: Select[Any], query: LogQuery) -> Select[Any]:
    """A question about operations, narrowed to those that a query asks for."""
    own = operation.c
    if query.customer_id is not None:
        theirs = select(change.c.operation_id).where(change.c.customer_id == query.customer_id)
        question = question.where(own.id.in_(theirs))
    if query.who:
        question = question.where(
            or_(
                func.lower(own.who).contains(query.who.lower(), autoescape=True),
                func.lower(own.origin).contains(query.who.lower(), autoescape=True),
            )
        )
    if query.act:
        question = question.where(own.act == query.act)
    if query.text:
        question = question.where(func.lower(own.title).contains(query.text.lower(), autoescape=True))
    if query.since:
        question = question.where(own.at >= query.since)
    if query.until:
        question = question.where(own.at < query.until)
    return question
