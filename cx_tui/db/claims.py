"""Claims: which program sends which message, and what came of it.

A message is claimed before its first byte is sent, and only who has the claim may say what came of it:
what a program that was killed had begun is found, and nothing else.

Every act here is one statement, which is a transaction of its own.  What came of messages is kept for
every few of them, so that statement goes straight to the driver: on SQLite each step of a cursor is a
visit to another thread.
"""

import json
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Error as SqliteError
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import Database, ask
from cx_tui.db.error_sentences import in_words
from cx_tui.db.outbox_tables import CLAIMED, UNSENT, message, worker
from cx_tui.domain.outbox import Message, State, Way

PLANNED_ONCE = {
    "plan_cache_mode": "auto",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
"""How PostgreSQL plans what is done again and again, whatever the table looked like at the first time."""

GONE = "the program that sent it ended before the answer came"

# A message that was cancelled on its way and was not sent stays cancelled.  The claim is compared so that no
# database takes its index for it, and goes through all that we have claimed.
SETTLE = """
UPDATE message SET
    state = CASE WHEN message.state = 'cancelled' AND new.state IN ('queued', 'delayed', 'held')
        THEN message.state ELSE new.state END,
    attempts = message.attempts - new.not_begun,
    answer = new.answer, reference = new.reference,
    due_at = {due_at}, sent_at = {sent_at}, look_at = {look_at}, claim = NULL
FROM {given} WHERE message.id = new.message_id AND coalesce(message.claim, '') = {token}
RETURNING message.id
"""
MOMENTS = ("due_at", "sent_at", "look_at")
PARTS = ("message_id", "state", "not_begun", "answer", "reference", *MOMENTS)
SETTLE_SQLITE = SETTLE.format(
    given="(SELECT "  # noqa: S608  # names of ours
    + ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in PARTS)
    + " FROM json_each(?)) AS new",
    token="?",  # noqa: S106  # the place of a value
    **{name: f"new.{name}" for name in MOMENTS},
)
SETTLE_POSTGRESQL = SETTLE.format(
    given="jsonb_to_recordset($1::text::jsonb) AS new (message_id int, state text, not_begun int,"
    " answer text, reference text, due_at text, sent_at text, look_at text)",
    token="$2",  # noqa: S106  # the same
    **{name: f"(new.{name} || '+00')::timestamptz" for name in MOMENTS},
)


@dataclass(frozen=True)
class Result:
    """What is to be kept of one message."""

    message_id: int
    state: State
    answer: str
    due_at: datetime
    sent_at: datetime | None = None
    look_at: datetime | None = None
    reference: str = ""
    not_begun: bool = False
    """Whether it is to be as if it had not been touched: no attempt is counted."""


class Claims:
    """The claims of one program on the messages of one way."""

    def __init__(self, database: Database, connection: AsyncConnection, way: Way, token: str) -> None:
        self._database = database
        self._connection = connection
        self._way = way
        self._token = token

    async def take(self, limit: int) -> list[Message]:
        """Messages that are due and that nobody else sends, the oldest first."""
        now = datetime.now(UTC)
        own = message.c
        due = select(own.id).where(own.way == self._way, UNSENT, own.due_at <= now)
        due = due.order_by(own.due_at, own.id).limit(limit).with_for_update(skip_locked=True)
        # PostgreSQL must look for them once: a second look would lock others.
        these = select(due.cte("due").prefix_with("MATERIALIZED", dialect="postgresql").c.id)
        mine = update(message).where(own.id.in_(these))
        mine = mine.values(state=State.SENDING, claim=self._token, claimed_at=now, attempts=own.attempts + 1)
        with in_our_words(self._database):
            taken = (await self._connection.execute(mine.returning(message))).all()
        return sorted((Message(**row._mapping) for row in taken), key=lambda one: (one.due_at, one.id))

    async def settle(self, results: Sequence[Result]) -> bool:
        """Keep what came of messages; False when others took over some of them: we count as gone."""
        given = json.dumps([_written(one) for one in results])
        raw = await self._connection.get_raw_connection()
        driver: Any = raw.driver_connection
        with in_our_words(self._database):
            if self._database.on_sqlite:
                kept = await driver.execute_fetchall(SETTLE_SQLITE, (given, self._token))
            else:
                kept = await driver.fetch(SETTLE_POSTGRESQL, given, self._token)
        return len(kept) == len(results)


@asynccontextmanager
async def claims(database: Database, way: Way, token: str) -> AsyncIterator[Claims]:
    """A connection for claims."""
    # For questions by its name; what it is for is that each of its statements is a transaction.
    async with database.reading() as connection, _planned_once(database, connection):
        yield Claims(database, connection, way, token)


@asynccontextmanager
async def _planned_once(database: Database, connection: AsyncConnection) -> AsyncIterator[None]:
    """PostgreSQL takes three times as long to plan what keeps results as to do it: once is enough.  A plan
    that is made once looks each message up, as it may be used when there are a million."""
    if database.on_sqlite:
        yield
        return
    for name, value in PLANNED_ONCE.items():
        await connection.exec_driver_sql(f"SET {name} = {value}")
    try:
        yield
    finally:
        with suppress(DBAPIError):
            for name in PLANNED_ONCE:
                await connection.exec_driver_sql(f"RESET {name}")


def _written(result: Result) -> dict[str, Any]:
    return {
        "message_id": result.message_id,
        "state": result.state.value,
        "not_begun": int(result.not_begun),
        "answer": result.answer[:500],
        "reference": result.reference[:120],
        "due_at": _as_text(result.due_at),
        "sent_at": _as_text(result.sent_at),
        "look_at": _as_text(result.look_at),
    }


def _as_text(moment: datetime | None) -> str | None:
    """A moment as SQLite keeps it."""
    return None if moment is None else moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]


@contextmanager
def in_our_words(database: Database) -> Iterator[None]:
    """Errors of a driver become sentences, as everywhere."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        raise in_words(error, database.url) or error from error
    except _errors_of_driver(database) as error:
        wrapped = OperationalError("what came of messages", None, error)
        raise in_words(wrapped, database.url) or wrapped from error


def _errors_of_driver(database: Database) -> tuple[type[Exception], ...]:
    if database.on_sqlite:
        return (SqliteError,)
    from asyncpg import InterfaceError, PostgresError  # imported here: SQLite needs none of it

    return (PostgresError, InterfaceError)


async def seen(connection: AsyncConnection, token: str, now: datetime) -> None:
    """Say that this program sends (still)."""
    mine = update(worker).where(worker.c.token == token).values(seen_at=now)
    if not (await connection.execute(mine)).rowcount:
        await connection.execute(insert(worker).values(token=token, seen_at=now))


async def gone(connection: AsyncConnection, token: str) -> None:
    """Say that this program does not send any more."""
    await connection.execute(delete(worker).where(worker.c.token == token))


async def claimants(connection: AsyncConnection) -> set[str]:
    """The programs that have claims."""
    found = await ask(connection, select(message.c.claim).where(CLAIMED).distinct())
    return {row[0] for row in found}


async def workers(connection: AsyncConnection) -> Mapping[str, datetime]:
    """The programs that send, and when each was seen last."""
    return {row.token: row.seen_at for row in await ask(connection, select(worker))}


async def recover(connection: AsyncConnection, lost: Collection[str], now: datetime) -> int:
    """What programs that are gone had claimed: e-mail is sent again, with the same id; of an SMS nobody
    knows whether it was sent, so it is held until that is looked up.  Says how many there were."""
    theirs = message.c.claim.in_(lost)
    # Those that were cancelled on their way stay so.
    sending = theirs & (message.c.state == State.SENDING)
    again = update(message).where(sending, message.c.way == Way.EMAIL)
    again = again.values(state=State.QUEUED, claim=None, due_at=now, answer=f"{GONE}; it is sent again")
    held = update(message).where(sending, message.c.way == Way.SMS)
    held = held.values(state=State.UNKNOWN, claim=None, look_at=now, answer=f"{GONE}; it may have been sent")
    found = [(await connection.execute(each)).rowcount for each in (again, held)]
    await connection.execute(update(message).where(theirs).values(claim=None))
    await connection.execute(delete(worker).where(worker.c.token.in_(lost)))
    return int(sum(found))
