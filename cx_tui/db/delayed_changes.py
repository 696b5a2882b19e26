"""Changes that wait for their time, and who is about to change what."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.put import on_sqlite
from cx_tui.db.engine import ask
from cx_tui.db.history_tables import delayed, editing
from cx_tui.db.tables import customer
from cx_tui.domain.history import DelayedChange, DelayedState, Editor
from cx_tui.domain.who import Who

SEEN_FOR = timedelta(seconds=30)
"""A session that was not seen for so long is gone."""

NEWEST = 500
DELAYED = [column.name for column in delayed.c]


async def order(connection: AsyncConnection, wanted: DelayedChange) -> int:
    """Keep a change until its time."""
    values = {name: value for name, value in vars(wanted).items() if name != "id"}
    return int(
        (await connection.execute(insert(delayed).values(values).returning(delayed.c.id))).scalar_one()
    )


async def take_due(
    connection: AsyncConnection, now: datetime, limit: int, unconfirmed_of: str | None = None
) -> list[DelayedChange]:
    """Due changes that nobody else is about to make, theirs until the transaction ends; of a person only
    those that turn back what nobody has confirmed.

    In the order of their customers, so that two workers never wait for each other.
    """
    due = (
        select(delayed)
        .where(delayed.c.state == DelayedState.WAITING, delayed.c.due_at <= now)
        .order_by(delayed.c.due_at, delayed.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if unconfirmed_of is not None:
        due = due.where(delayed.c.reverts.is_not(None), delayed.c.who == unconfirmed_of)
    taken = [_sound(DelayedChange(**row._mapping)) for row in await connection.execute(due)]
    return sorted(taken, key=lambda one: (one.customer_id, one.due_at, one.id))


async def take(connection: AsyncConnection, delayed_id: int) -> DelayedChange | None:
    """One delayed change, locked."""
    question = select(delayed).where(delayed.c.id == delayed_id).with_for_update()
    row = (await connection.execute(question)).first()
    return None if row is None else _sound(DelayedChange(**row._mapping))


async def settle(connection: AsyncConnection, one: DelayedChange) -> None:
    """Keep what became of a delayed change."""
    became = {
        "state": one.state,
        "said": one.said[:1000],
        "operation_id": one.operation_id,
        "due_at": one.due_at,
        "base": one.base,
        "wanted": one.wanted,
    }
    await connection.execute(update(delayed).where(delayed.c.id == one.id).values(became))


async def board(
    connection: AsyncConnection,
    states: Collection[DelayedState],
    customer_id: int | None = None,
    *,
    latest: bool = False,
) -> list[tuple[DelayedChange, str]]:
    """Delayed changes and the names of their customers, those that are due first, or the latest first."""
    question = select(delayed, customer.c.name).join(customer, customer.c.id == delayed.c.customer_id)
    question = question.where(delayed.c.state.in_(states))
    if customer_id is not None:
        question = question.where(delayed.c.customer_id == customer_id)
    order = (delayed.c.due_at.desc(), delayed.c.id.desc()) if latest else (delayed.c.due_at, delayed.c.id)
    rows = await ask(connection, question.order_by(*order).limit(NEWEST))
    return [
        (_sound(DelayedChange(**{name: getattr(row, name) for name in DELAYED})), row.name) for row in rows
    ]


def _sound(one: DelayedChange) -> DelayedChange:
    """A change whose values are no texts by their names has none: it can be held, and shown."""
    for texts in (one.base, one.wanted):
        if not (isinstance(texts, dict) and all(isinstance(text, str) for text in texts.values())):
            one.base, one.wanted = {}, {}
            break
    return one


async def to_confirm(connection: AsyncConnection, customer_id: int) -> bool:
    """Whether a change of a customer waits to be confirmed."""
    own = delayed.c
    waits = select(own.id).where(
        own.customer_id == customer_id, own.reverts.is_not(None), own.state == DelayedState.WAITING
    )
    return (await connection.execute(waits)).first() is not None


async def unconfirmed(connection: AsyncConnection) -> list[tuple[datetime, str]]:
    """When changes will be turned back, and the names of their customers; the next first."""
    own = delayed.c
    waiting = select(own.due_at, customer.c.name).join(customer, customer.c.id == own.customer_id)
    waiting = waiting.where(own.state == DelayedState.WAITING, own.reverts.is_not(None))
    return [
        (row.due_at, row.name) for row in await ask(connection, waiting.order_by(own.due_at).limit(NEWEST))
    ]


async def moment(connection: AsyncConnection) -> datetime:
    """The moment by the clock of the database: programs on several machines look at one clock."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    return cast(datetime, (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one())


async def next_due(connection: AsyncConnection) -> datetime | None:
    """When the next change is due."""
    first = select(delayed.c.due_at).where(delayed.c.state == DelayedState.WAITING)
    row = (await ask(connection, first.order_by(delayed.c.due_at).limit(1)))[:1]
    return row[0][0] if row else None


async def sit_down(
    connection: AsyncConnection, customer_id: int, session: str, who: Who, now: datetime
) -> None:
    """Say that somebody has a customer open to change it; said again, that they still have."""
    mine = (editing.c.customer_id == customer_id) & (editing.c.session == session)
    if (await connection.execute(update(editing).where(mine).values(seen_at=now))).rowcount:
        return
    await connection.execute(delete(editing).where(editing.c.seen_at < now - SEEN_FOR))
    values = {
        "customer_id": customer_id,
        "session": session,
        "who": who.name[:120],
        "origin": who.origin[:200],
    }
    kind = sqlite if on_sqlite(connection) else postgresql
    row = kind.insert(editing).values(**values, since=now, seen_at=now)
    # Where the database took its time, the same session may just have said so on another connection.
    key = [editing.c.customer_id, editing.c.session]
    await connection.execute(row.on_conflict_do_update(index_elements=key, set_={"seen_at": now}))


async def get_up(connection: AsyncConnection, session: str) -> None:
    """Say that a session has nothing open any more."""
    await connection.execute(delete(editing).where(editing.c.session == session))


async def others(connection: AsyncConnection, customer_id: int, session: str, now: datetime) -> list[Editor]:
    """Who else has this customer open."""
    theirs = select(editing).where(
        editing.c.customer_id == customer_id, editing.c.session != session, editing.c.seen_at > now - SEEN_FOR
    )
    rows = await ask(connection, theirs.order_by(editing.c.since))
    return [Editor(row.who, row.origin, row.since) for row in rows]
