"""The outbox: what was ordered to be sent, what became of it, and why nothing is sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing
from cx_tui.db.engine import ask
from cx_tui.db.history_tables import change
from cx_tui.db.outbox_tables import LOOKED_AT, UNSENT, job, job_file, message, pause
from cx_tui.db.tables import contact
from cx_tui.domain.history import Act
from cx_tui.domain.outbox import WAITING, Job, Message, State, Way

MESSAGE = [field.name for field in fields(Message) if field.name != "id"]

# Several programs may say it at the same moment.
SAY_WHY = text(
    "INSERT INTO pause (way, since, said) VALUES (:way, :since, :said)"
    " ON CONFLICT (way) DO UPDATE SET said = excluded.said"
).bindparams(bindparam("since", type_=pause.c.since.type))


async def add_job(connection: AsyncConnection, wanted: Job, files: Sequence[tuple[str, bytes]]) -> int:
    """Keep a job with its files; says its number."""
    values = {name: value for name, value in vars(wanted).items() if name != "id"}
    job_id = int((await connection.execute(insert(job).values(values).returning(job.c.id))).scalar_one())
    for name, content in files:
        await connection.execute(insert(job_file).values(job_id=job_id, name=name, content=content))
    return job_id


async def add_messages(connection: AsyncConnection, messages: Sequence[Message]) -> None:
    """Keep messages of a job."""
    rows = [tuple(getattr(one, name) for name in MESSAGE) for one in messages]
    await bulk_writing.insert(connection, message, MESSAGE, rows)


async def body_of(connection: AsyncConnection, job_id: int) -> tuple[Job, list[tuple[str, bytes]]]:
    """A job and its files."""
    row = (await connection.execute(select(job).where(job.c.id == job_id))).one()
    files = select(job_file.c.name, job_file.c.content).where(job_file.c.job_id == job_id)
    found = await connection.execute(files.order_by(job_file.c.id))
    return Job(**row._mapping), [(file.name, file.content) for file in found]


async def jobs(
    connection: AsyncConnection, limit: int, before: int | None = None
) -> list[tuple[Job, dict[State, int]]]:
    """The newest jobs, each with how many of its messages are in which state."""
    newest = select(job).order_by(job.c.id.desc()).limit(limit)
    if before is not None:
        newest = newest.where(job.c.id < before)
    found = [Job(**row._mapping) for row in await ask(connection, newest)]
    states: dict[int, dict[State, int]] = {one.id: {} for one in found}
    of, state = message.c.job_id, message.c.state
    counted = select(of, state, func.count()).where(of.in_(states)).group_by(of, state)
    for job_id, name, number in map(tuple, await ask(connection, counted)):
        states[job_id][name] = number
    return [(one, states[one.id]) for one in found]


async def messages(
    connection: AsyncConnection, job_id: int, limit: int, after: int = 0, states: Collection[State] = ()
) -> list[Message]:
    """The messages of a job in their order, beginning after a number; of some states if asked."""
    question = select(message).where(message.c.job_id == job_id, message.c.id > after)
    if states:
        question = question.where(message.c.state.in_(states))
    found = await ask(connection, question.order_by(message.c.id).limit(limit))
    return [Message(**row._mapping) for row in found]


async def found(
    connection: AsyncConnection, text: str, customer_id: int | None, limit: int
) -> list[tuple[Message, Job]]:
    """The newest messages of all jobs, each with its job: to a customer's contacts, or to an address or a
    name with some text in it."""
    if customer_id is not None:
        # By the customer's log: messages have no index by customer, as every send would pay for it.
        sent = select(change.c.operation_id).where(
            change.c.customer_id == customer_id, change.c.act == Act.SEND
        )
        theirs = select(contact.c.id).where(contact.c.customer_id == customer_id)
        of = and_(
            message.c.job_id.in_(select(job.c.id).where(job.c.operation_id.in_(sent))),
            message.c.contact_id.in_(theirs),
        )
    else:
        of = or_(
            *(
                func.lower(one).contains(text.lower(), autoescape=True)
                for one in (message.c.address, message.c.name)
            )
        )
    newest = select(message).where(of).order_by(message.c.id.desc()).limit(limit)
    messages = [Message(**row._mapping) for row in await ask(connection, newest)]
    ids = {one.job_id for one in messages}
    known = {
        row.id: Job(**row._mapping) for row in await ask(connection, select(job).where(job.c.id.in_(ids)))
    }
    return [(one, known[one.job_id]) for one in messages]


async def counts(connection: AsyncConnection, job_id: int) -> dict[State, int]:
    """How many messages of a job are in which state."""
    number = func.count().label("number")
    counted = select(message.c.state, number).where(message.c.job_id == job_id)
    found = await ask(connection, counted.group_by(message.c.state))
    return {row.state: row.number for row in found}


async def cancel(connection: AsyncConnection, of: Any, answer: str) -> int:
    """Messages that were not sent yet shall not be; says how many there were.

    One that is on its way may still be sent, and its sender will say so; it is not tried again.
    """
    waiting = update(message).where(of, message.c.state.in_((*WAITING, State.SENDING)))
    return int((await connection.execute(waiting.values(state=State.CANCELLED, answer=answer))).rowcount)


async def spare(connection: AsyncConnection, contacts: Any, of: Any = None) -> int:
    """Take back what waits to be sent to those of some contacts who do not want it, or are gone."""

    def those(when: Any) -> Any:
        return message.c.contact_id.in_(select(contact.c.id).where(contacts, when))

    unwilling = or_(
        and_(message.c.way == Way.EMAIL, those(contact.c.no_email)),
        and_(message.c.way == Way.SMS, those(contact.c.no_sms)),
    )
    to_all = select(job.c.id).where(job.c.service)
    waiting = and_(
        UNSENT,
        true() if of is None else of,
        or_(those(contact.c.deleted_at.is_not(None)), unwilling & message.c.job_id.not_in(to_all)),
    )
    return await cancel(connection, waiting, "opted out, or no longer there")


async def hold(connection: AsyncConnection, job_id: int, answer: str) -> int:
    """Messages of a job that wait shall wait for a person; says how many there were."""
    waiting = update(message).where(message.c.job_id == job_id, UNSENT)
    return int((await connection.execute(waiting.values(state=State.HELD, answer=answer[:500]))).rowcount)


async def held(connection: AsyncConnection, job_ids: Collection[int]) -> dict[int, str]:
    """Why messages of these jobs are held: what stands in the first of each."""
    theirs = select(func.min(message.c.id)).where(
        message.c.state == State.HELD, message.c.job_id.in_(job_ids)
    )
    first = select(message.c.job_id, message.c.answer).where(
        message.c.id.in_(theirs.group_by(message.c.job_id))
    )
    return {row.job_id: row.answer for row in await ask(connection, first)}


async def queue_again(
    connection: AsyncConnection, of: Any, states: Collection[State], now: datetime, answer: str
) -> int:
    """Queue messages in some states again, unless somebody is still at them; says how many there were."""
    those = update(message).where(of, message.c.state.in_(states), message.c.claim.is_(None))
    anew = {"state": State.QUEUED, "attempts": 0, "due_at": now, "look_at": None, "answer": answer}
    return int((await connection.execute(those.values(anew))).rowcount)


async def to_look_up(
    connection: AsyncConnection, now: datetime, until: datetime, limit: int
) -> list[Message]:
    """SMS of which it is time to ask what became of them; nobody else asks before `until`."""
    due = select(message.c.id).where(LOOKED_AT, message.c.look_at <= now).order_by(message.c.look_at)
    due = due.limit(limit).with_for_update(skip_locked=True)
    mine = update(message).where(message.c.id.in_(due.scalar_subquery())).values(look_at=until)
    taken = (await connection.execute(mine.returning(message))).all()
    return [Message(**row._mapping) for row in taken]


async def next_look(connection: AsyncConnection) -> datetime | None:
    """When it is time to ask what became of an SMS."""
    first = select(message.c.look_at).where(LOOKED_AT).order_by(message.c.look_at).limit(1)
    row = (await ask(connection, first))[:1]
    return row[0][0] if row else None


async def found_out(connection: AsyncConnection, one: Message, values: Mapping[str, Any]) -> None:
    """Keep what became of an SMS, unless somebody has it sent again meanwhile."""
    own = message.c
    as_it_was = (own.id == one.id) & (own.state == one.state) & (own.reference == one.reference)
    await connection.execute(update(message).where(as_it_was, own.claim.is_(None)).values(values))


async def references_to(connection: AsyncConnection, address: str) -> set[str]:
    """The names that messages to an address have at the server."""
    named = select(message.c.reference).where(message.c.address == address, message.c.reference != "")
    return {row[0] for row in await ask(connection, named)}


async def next_due(connection: AsyncConnection, way: Way) -> datetime | None:
    """When the next message of a way is due."""
    first = select(message.c.due_at).where(message.c.way == way, UNSENT)
    row = (await ask(connection, first.order_by(message.c.due_at).limit(1)))[:1]
    return row[0][0] if row else None


async def set_pause(connection: AsyncConnection, way: Way, said: str, now: datetime) -> None:
    """Say why nothing is sent on a way; nothing said is that it goes on."""
    if said:
        await connection.execute(SAY_WHY, {"way": way.value, "since": now, "said": said[:500]})
    else:
        await connection.execute(delete(pause).where(pause.c.way == way.value))


async def pauses(connection: AsyncConnection) -> dict[str, tuple[datetime, str]]:
    """Why nothing is sent, by way."""
    return {row.way: (row.since, row.said) for row in await ask(connection, select(pause))}
