"""The log: operations and what they changed, written in the transaction that changes it."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Select,
    Text,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing, change_log, log_blocks
from cx_tui.db.bulk_values import numbers
from cx_tui.db.engine import ask
from cx_tui.db.history_tables import OF_OPERATION, change, operation
from cx_tui.domain.history import Act, Change, LogQuery, Noted, Operation
from cx_tui.domain.who import Who

CHANGE = [field.name for field in fields(Change) if field.name != "id"]
AS_NOTED = attrgetter(*CHANGE)
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
    """A new operation; its changes carry its number.  Others hear of it when its transaction has ended."""
    values = {
        **_values(who, act, now), "title": title[:LONGEST_TITLE], "records": records, "undoes": undoes,
    }  # fmt: skip
    made = insert(operation).values(values).returning(operation.c.id, *change_log.wake_up(connection))
    return int((await connection.execute(made)).one()[0])


def _values(who: Who, act: Act, now: datetime) -> dict[str, Any]:
    """What operations that one does at once have in common."""
    return {
        "at": now, "who": who.name[:120], "origin": who.origin[:200], "act": act,
        "host": who.host[:120], "login": who.login[:63], "role": who.role[:20],
    }  # fmt: skip


async def begin_many(
    connection: AsyncConnection, who: Who, act: Act, titles: Sequence[str], now: datetime
) -> list[int]:
    """New operations, one for each title, of one record each: their numbers."""
    same = _values(who, act, now)
    made = insert(operation).returning(operation.c.id, sort_by_parameter_order=True)
    rows = [{**same, "title": title[:LONGEST_TITLE], "records": 1, "undoes": None} for title in titles]
    numbers = [int(row[0]) for row in await connection.execute(made, rows)]
    await change_log.wake_others(connection)
    return numbers


async def note(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    """Write down what was changed."""
    if len(changes) == 1:
        values = dict(zip(CHANGE, AS_NOTED(changes[0]), strict=True))
        await connection.execute(insert(change).values(values))
    else:
        await note_many(connection, list(map(AS_NOTED, changes)))


async def note_many(connection: AsyncConnection, changes: Sequence[Noted]) -> None:
    """Write down what was changed of very many records."""
    await bulk_writing.insert(connection, change, CHANGE, changes)


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
    question = select(*OF_OPERATION).where(operation.c.id == operation_id)
    row = (await connection.execute(question.with_for_update() if lock else question)).first()
    return None if row is None else Operation(**row._mapping)


async def operations(
    connection: AsyncConnection, query: LogQuery, limit: int, before: int | None = None
) -> list[Operation]:
    """The newest operations that a query asks for, those before a number when one is given."""
    question = await matching(connection, select(*OF_OPERATION), query)
    question = question.order_by(operation.c.id.desc()).limit(limit)
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
    """What an operation changed, in its order, beginning after a number; of one customer if asked.

    Those that stand in blocks come first; they have numbers below zero.
    """
    found: list[Change] = []
    if after <= 0:
        found = await log_blocks.changes(connection, operation_id, -after, limit, customer_id)
    if len(found) == limit:
        return found
    return found + await _changes(connection, operation_id, limit - len(found), max(after, 0), customer_id)


async def _changes(
    connection: AsyncConnection, operation_id: int, limit: int, after: int, customer_id: int | None
) -> list[Change]:
    own = change.c
    texts = (cast(own.before, Text), cast(own.after, Text))
    question: Select[Any] = select(own.id, *(own[name] for name in CHANGE[:-2]), *texts)
    if customer_id is None:
        # PostgreSQL, which does not know yet how many there are, would read all that follow, and sort them.
        place = tuple_(own.operation_id, own.id) > tuple_(literal(operation_id), literal(after))
        question = question.where(place, own.operation_id <= operation_id).order_by(own.operation_id)
    else:
        theirs = own.customer_id == customer_id
        question = question.where(own.operation_id == operation_id, own.id > after, theirs)
    # Very many have the same texts.
    read = cache(json.loads)
    names = ("id", *CHANGE)
    found = []
    rows: Sequence[Any] = await ask(connection, question.order_by(own.id).limit(limit))
    for *values, was, became in rows:
        found.append(Change(**dict(zip(names, (*values, read(was), read(became)), strict=True))))
    return found


async def last_of(
    connection: AsyncConnection, record: str, record_id: int, customer_id: int
) -> Operation | None:
    """The operation that changed a record last, or made it."""
    of_record = (change.c.record == record) & (change.c.record_id == record_id)
    changed = select(func.max(change.c.operation_id)).where(change.c.customer_id == customer_id, of_record)
    found = [(await connection.execute(changed)).scalar()]
    if record == "customer":
        found += await log_blocks.operations_of(connection, customer_id)
    return await one(connection, max(each or 0 for each in found))


async def changes_by(
    connection: AsyncConnection, who: Who, record: str, record_id: int, customer_id: int, since: datetime
) -> list[Change]:
    """What somebody has done to a record since a moment, one record at a time."""
    own, by = change.c, operation.c
    question = select(change).join(operation, by.id == own.operation_id).where(
        own.customer_id == customer_id, own.record == record, own.record_id == record_id,
        by.at >= since, by.who == who.name[:120], by.origin == who.origin[:200],
    )  # fmt: skip
    return [Change(**row._mapping) for row in await ask(connection, question.order_by(own.id))]


async def matching(connection: AsyncConnection, question: Select[Any], query: LogQuery) -> Select[Any]:
    """A question about operations, narrowed to those that a query asks for."""
    own = operation.c
    if query.customer_id is not None:
        changed = select(change.c.operation_id).where(change.c.customer_id == query.customer_id)
        together = numbers(connection, await log_blocks.operations_of(connection, query.customer_id))
        question = question.where(own.id.in_(changed.union_all(together)))
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
