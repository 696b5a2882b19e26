"""A post with servers of the tests, and people to write to."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from cx_tui.config import load
from cx_tui.db import bulk_writing
from cx_tui.db.engine import Database
from cx_tui.db.outbox_tables import message
from cx_tui.db.tables import contact
from cx_tui.domain.fields import fields_of
from cx_tui.domain.outbox import Job, Message, Reach, State, Way
from cx_tui.domain.records.contact import Contact
from cx_tui.services.sending.delivery import Delivery
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.recipients import Recipient
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add, add_contact

FIRST_STRANGER = 1_000_000

ENV = {"HOME": "/nowhere", "CANARY_MAIL": "QQmailsecret", "CANARY_SMS": "QQsmssecret"}
MAIL = {
    "mail.server": "127.0.0.1", "mail.tls": "none", "mail.from_address": "noc@acme.example",
    "mail.connections": 2, "mail.unsubscribe": "https://acme.example/u",
}  # fmt: skip
SMS = {
    "sms.account": "AC7",
    "sms.token": "env:CANARY_SMS",
    "sms.sender": "+15005550006",
    "sms.per_second": 0.0,
}


@asynccontextmanager
async def posting(database: Database, **settings: Any) -> AsyncIterator[Delivery]:
    """A post whose settings have __ for dots."""
    given = {name.replace("__", "."): value for name, value in settings.items()}
    post = Delivery(database, load(ENV, given).settings, ENV)
    try:
        yield post
    finally:
        await post.close()


@asynccontextmanager
async def mailing(database: Database, port: int, **more: Any) -> AsyncIterator[Delivery]:
    """A post with a mail server at a port."""
    settings = {name.replace(".", "__"): value for name, value in MAIL.items()}
    async with posting(database, **{**settings, "mail__port": port, **more}) as post:
        yield post


@asynccontextmanager
async def texting(database: Database, url: str, **more: Any) -> AsyncIterator[Delivery]:
    """A post with an SMS account at an address."""
    settings = {name.replace(".", "__"): value for name, value in SMS.items()}
    async with posting(database, **{**settings, "sms__base_url": url, **more}) as post:
        yield post


async def people(session: Session, number: int = 3, **values: Any) -> list[int]:
    """Customers with a contact each; says their numbers."""
    made = []
    for count in range(number):
        one = await add(session, f"Customer {count}")
        given = {"email": f"p{count}@acme.example", "mobile": f"+44770090000{count}", **values}
        await add_contact(session, one.id, f"Person {count}", **given)
        made.append(one.id)
    return made


async def ordered(
    session: Session, way: Way = Way.EMAIL, number: int = 3, body: str = "Hello", **more: Any
) -> Job:
    """A message to some people."""
    recipients = await session.outbox.recipients(way, await people(session, number))
    return await session.outbox.order(DraftMessage(way, body, "Outage", **more), recipients)


async def sent(session: Session, job: Job) -> list[Message]:
    """The messages of a job."""
    return await session.outbox.messages(job.id, 1000)


async def states(session: Session, job: Job) -> Mapping[State, int]:
    """How many messages of a job are in which state."""
    return await session.outbox.counts(job.id)


async def write(database: Database, **values: object) -> None:
    """Change all messages."""
    async with database.writing() as connection:
        await connection.execute(update(message).values(values))


async def strangers(
    database: Database, number: int, customers: Sequence[int] = (1,), way: Way = Way.EMAIL
) -> list[Recipient]:
    """People who were never there before, spread over these customers."""
    now = datetime(2026, 6, 16, tzinfo=UTC)
    to = [f"s{one}@acme.example" if way is Way.EMAIL else f"+4477009{one:05}" for one in range(number)]
    new = [
        Contact(
            id=FIRST_STRANGER + one, customer_id=customers[one % len(customers)], name=f"P {one}",
            email=address if way is Way.EMAIL else None, mobile="" if way is Way.EMAIL else address,
            created_at=now, changed_at=now,
        )
        for one, address in enumerate(to)
    ]  # fmt: skip
    names = list(fields_of(Contact))
    async with database.writing() as connection:
        rows = [tuple(getattr(one, name) for name in names) for one in new]
        await bulk_writing.insert(connection, contact, names, rows)
    return [
        Recipient(one.id, one.customer_id, one.name, address, Reach.WILL)
        for one, address in zip(new, to, strict=True)
    ]


def session_of(database: Database) -> Session:
    """Ana's."""
    return Session(database, ANA)
