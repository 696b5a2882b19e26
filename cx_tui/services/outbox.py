"""Ordering messages, and looking at what became of them."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from cx_tui.db import history, outbox
from cx_tui.db.engine import Database, ask
from cx_tui.db.following import sliced
from cx_tui.db.outbox_tables import message, template
from cx_tui.db.tables import contact
from cx_tui.domain.history import Act, Change
from cx_tui.domain.kinds import BadValue, Email, Phone
from cx_tui.domain.outbox import Job, Message, Reach, State, Template, Way
from cx_tui.domain.sms import length_of
from cx_tui.domain.templates import fields_in, known_fields, unknown
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, NotFound, Refused
from cx_tui.messaging.compose import Attachment
from cx_tui.messaging.markdown import as_html
from cx_tui.services.rendering import Renderer, Text, too_long
from cx_tui.services.stopping import GoOn, stoppable
from cx_tui.services.together import Progress

PART = 250
"""So many people are worked on at a time: that must not keep the program from its keys."""

AGAIN = (State.FAILED, State.UNKNOWN, State.CANCELLED, State.DELAYED)
"""What an operator may have sent again."""


@dataclass(frozen=True)
class Recipient:
    """A contact, and whether a message can reach them."""

    contact_id: int
    customer_id: int
    name: str
    address: str
    reach: Reach


@dataclass(frozen=True)
class Wanted:
    """A message as an operator writes it."""

    way: Way
    body: str
    subject: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    due_at: datetime | None = None


class Outbox:
    """The outbox of one database, as one person uses it."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def recipients(self, way: Way, customers: Sequence[int]) -> list[Recipient]:
        """The contacts of these customers, and whether a message can reach each."""
        found: list[Recipient] = []
        own = contact.c
        to = own.email if way is Way.EMAIL else own.mobile
        wanted = select(own.id, own.customer_id, own.name, to.label("address"), own.unsubscribed)
        async with self._database.reading() as connection:
            for part in sliced(customers, PART):
                theirs = wanted.where(own.customer_id.in_(part), own.deleted_at.is_(None))
                for row in await ask(connection, theirs.order_by(own.customer_id, own.id)):
                    address = row.address or ""
                    reach = reach_of(way, address, unsubscribed=row.unsubscribed)
                    found.append(Recipient(row.id, row.customer_id, row.name, address, reach))
        return found

    async def preview(self, wanted: Wanted, recipient: Recipient) -> tuple[str, str]:
        """Subject and body as a recipient would see them."""
        check(wanted)
        async with self._database.reading() as connection:
            (text,) = await _renderer(wanted).texts(connection, _people([recipient]))
        subject = wanted.subject if text.subject is None else text.subject
        return subject, wanted.body if text.body is None else text.body

    async def rehearse(
        self, wanted: Wanted, recipients: Sequence[Recipient], progress: Progress | None = None
    ) -> int:
        """Write everybody's message and keep none, to find what is wrong; says how many SMS segments it
        would take."""
        check(wanted)
        renderer, done, segments = _renderer(wanted), 0, 0
        reached = [one for one in recipients if one.reach is Reach.WILL]
        async with self._database.reading() as connection:
            for part in sliced(reached, PART):
                texts = await renderer.texts(connection, _people(part))
                if wanted.way is Way.SMS:
                    segments += sum(length_of(text.body or wanted.body).segments for text in texts)
                done += len(part)
                if progress:
                    progress(done, len(reached))
        return segments

    async def order(
        self, wanted: Wanted, recipients: Sequence[Recipient], progress: Progress | None = None
    ) -> Job:
        """Have a message sent to all of them who can be reached: one each, nobody sees another."""
        check(wanted)
        reached = [one for one in recipients if one.reach is Reach.WILL]
        if not reached:
            raise Refused("nobody of them can be reached, so nothing was sent")
        title = f"{wanted.way.label} to {len(reached):,}: {_short(wanted)}"
        customers = list(dict.fromkeys(one.customer_id for one in reached))
        return await stoppable(lambda go_on: self._order(wanted, reached, title, customers, go_on, progress))

    async def order_test(self, wanted: Wanted, address: str, like: Recipient) -> Job:
        """Have one message sent to an address of one's own, with what a recipient would read in it."""
        check(wanted)
        try:
            address = (Email() if wanted.way is Way.EMAIL else Phone()).parse(address)
        except BadValue as error:
            raise Invalid({"address": str(error)}) from None
        now = replace(wanted, due_at=None)
        myself = replace(like, name=f"Test by {self._who.name or 'nobody known'}", address=address)
        title = f"Test {wanted.way.label} to {address}: {_short(wanted)}"
        return await stoppable(lambda go_on: self._order(now, [myself], title, [], go_on))

    async def _order(
        self,
        wanted: Wanted,
        reached: Sequence[Recipient],
        title: str,
        noted: Sequence[int],
        go_on: GoOn,
        progress: Progress | None = None,
    ) -> Job:
        """Keep the job, its messages and what is noted of it, or nothing at all."""
        now = datetime.now(UTC)
        job = Job(
            key=secrets.token_hex(8), at=now, due_at=wanted.due_at or now, who=self._who.name[:120],
            origin=self._who.origin[:200], way=wanted.way, subject=wanted.subject, body=wanted.body,
        )  # fmt: skip
        renderer, done = _renderer(wanted), 0
        async with self._database.writing() as connection:
            job.operation_id = await history.begin(
                connection, self._who, Act.SEND, title, now, records=len(noted)
            )
            job.id = await outbox.add_job(connection, job, wanted.files)
            for part in sliced(reached, PART):
                go_on()
                texts = await renderer.texts(connection, _people(part))
                await outbox.add_messages(connection, list(map(partial(_message, job), part, texts)))
                done += len(part)
                if progress:
                    progress(done, len(reached))
            for some in sliced(noted, PART):
                go_on()
                await history.note(connection, _changes(job.operation_id, some, _short(wanted)))
        return job

    async def jobs(self, limit: int, before: int | None = None) -> list[tuple[Job, dict[State, int]]]:
        """The newest jobs, each with how many of its messages are in which state."""
        async with self._database.reading() as connection:
            return await outbox.jobs(connection, limit, before)

    async def messages(
        self, job_id: int, limit: int, after: int = 0, states: Collection[State] = ()
    ) -> list[Message]:
        """The messages of a job, beginning after a number; of some states if asked."""
        async with self._database.reading() as connection:
            return await outbox.messages(connection, job_id, limit, after, states)

    async def counts(self, job_id: int) -> dict[State, int]:
        """How many messages of a job are in which state."""
        async with self._database.reading() as connection:
            return await outbox.counts(connection, job_id)

    async def pauses(self) -> dict[str, tuple[datetime, str]]:
        """Why nothing is sent on a way, since when."""
        async with self._database.reading() as connection:
            return await outbox.pauses(connection)

    async def try_again(self, way: Way) -> None:
        """Have a way that is paused tried at once, such as when its server was put right."""
        async with self._database.writing() as connection:
            await outbox.set_pause(connection, way, "", datetime.now(UTC))

    async def cancel(self, job_id: int) -> int:
        """Don't send what was not sent yet; says how many messages that were."""
        said = f"cancelled by {self._who.name}"
        async with self._database.writing() as connection:
            return await outbox.cancel(connection, message.c.job_id == job_id, said)

    async def send_again(self, ids: Collection[int]) -> int:
        """Queue messages again that failed, were cancelled, or of which nobody knows."""
        said = f"queued again by {self._who.name}"
        return await self._change(message.c.id.in_(ids), AGAIN, State.QUEUED, said)

    async def send_failed_again(self, job_id: int) -> int:
        """Queue all messages of a job again that failed."""
        said = f"queued again by {self._who.name}"
        return await self._change(message.c.job_id == job_id, (State.FAILED,), State.QUEUED, said)

    async def _change(self, of: Any, states: Collection[State], new: State, said: str) -> int:
        async with self._database.writing() as connection:
            return await outbox.queue_again(connection, of, states, datetime.now(UTC), said)

    async def templates(self) -> list[Template]:
        """The stored templates by name."""
        async with self._database.reading() as connection:
            found = await ask(connection, select(template).order_by(template.c.name))
        return [Template(**row._mapping) for row in found]

    async def keep_template(self, wanted: Template) -> None:
        """Keep a template, in place of one with its name."""
        values = {name: value for name, value in vars(wanted).items() if name != "id"}
        values["changed_at"] = datetime.now(UTC)
        async with self._database.writing() as connection:
            mine = template.c.name == wanted.name
            if not (await connection.execute(template.update().where(mine).values(values))).rowcount:
                await connection.execute(template.insert().values(values))

    async def drop_template(self, name: str) -> None:
        """Forget a template."""
        async with self._database.writing() as connection:
            done = await connection.execute(template.delete().where(template.c.name == name))
            if not done.rowcount:
                raise NotFound(f'there is no template "{name}"')


def reach_of(way: Way, address: str, *, unsubscribed: bool) -> Reach:
    """Whether a message can reach somebody."""
    if unsubscribed:
        return Reach.UNSUBSCRIBED
    if not address:
        return Reach.NO_ADDRESS
    try:
        (Email() if way is Way.EMAIL else Phone()).parse(address)
    except BadValue:
        return Reach.NOT_VALID
    return Reach.WILL


def check(wanted: Wanted) -> None:
    """Refuse a message that can't be sent, with a sentence for each part."""
    problems = too_long(wanted.way, wanted.subject, "" if fields_in(wanted.body) else wanted.body)
    for part, text in (("subject", wanted.subject), ("body", wanted.body)):
        if found := unknown(text, known_fields()):
            problems[part] = str(found[0])
    if wanted.way is Way.EMAIL and not wanted.subject.strip():
        problems["subject"] = "an e-mail needs a subject"
    if not wanted.body.strip():
        problems["body"] = "there is nothing to send yet"
    if wanted.way is Way.EMAIL:
        problems |= _not_mail(wanted) if not problems else {}
    elif wanted.files:
        problems["files"] = "an SMS can't carry files"
    if problems:
        raise Invalid(problems)


def _not_mail(wanted: Wanted) -> dict[str, str]:
    """What no mail server would ever see, as it can't be written."""
    problems = {}
    try:
        as_html(wanted.body)
    except BadValue as error:
        problems["body"] = str(error)
    try:
        for name, _ in wanted.files:
            Attachment(name, b"").part  # noqa: B018  # it is made to see whether it can be
    except BadValue as error:
        problems["files"] = str(error)
    return problems


def _renderer(wanted: Wanted) -> Renderer:
    return Renderer(wanted.way, wanted.subject, wanted.body)


def _people(recipients: Sequence[Recipient]) -> list[tuple[int, int]]:
    return [(one.customer_id, one.contact_id) for one in recipients]


def _message(job: Job, to: Recipient, text: Text) -> Message:
    return Message(
        job_id=job.id, contact_id=to.contact_id, customer_id=to.customer_id, way=job.way, name=to.name,
        address=to.address, subject=text.subject, body=text.body, filled=text.filled, due_at=job.due_at,
    )  # fmt: skip


def _changes(operation_id: int, customers: Sequence[int], said: str) -> list[Change]:
    return [
        Change(
            operation_id=operation_id, record="customer", record_id=one, customer_id=one, act=Act.SEND,
            before={}, after={"message": said},
        )
        for one in customers
    ]  # fmt: skip


def _short(wanted: Wanted) -> str:
    return wanted.subject or wanted.body[:80]
