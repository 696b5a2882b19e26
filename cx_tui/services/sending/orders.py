"""Orders to send: a job, its messages and what is noted of them are kept together, or nothing is."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history, outbox
from cx_tui.db.derived import sliced
from cx_tui.db.engine import Database
from cx_tui.domain.history import Act, Change
from cx_tui.domain.outbox import Job, Message, State, Way
from cx_tui.domain.who import Who
from cx_tui.errors import Refused
from cx_tui.services.changes.bulk import Progress
from cx_tui.services.changes.stopping import GoOn
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.recipients import PART, Recipient, still_reached
from cx_tui.services.sending.rendering import Renderer, Text

EMPTY = "the text is empty for this contact, so nothing was sent"


@dataclass(kw_only=True)
class Ordered(Job):
    """A job that was just kept, and how many messages it has."""

    messages: int


@dataclass(frozen=True)
class Order:
    """An order of somebody."""

    wanted: DraftMessage
    who: Who
    go_on: GoOn
    progress: Progress | None = None

    async def to(self, database: Database, recipients: Sequence[Recipient]) -> Ordered:
        """Keep a message to each of them who can be reached at this moment."""
        async with database.writing() as connection:
            reached = await still_reached(connection, self.wanted, recipients, self.go_on)
            if not reached:
                raise Refused("none of them can be reached, so nothing was sent")
            return await self.within(connection, reached)

    async def within(self, connection: AsyncConnection, reached: Sequence[Recipient]) -> Ordered:
        """Keep a message to each of them, together with what else the transaction does."""
        wanted = self.wanted
        customers = list(dict.fromkeys(one.customer_id for one in reached))
        title = f"{wanted.way.label} to {len(reached):,}: {wanted.short}"
        job = await self._begin(connection, title, len(customers))
        await self._write(connection, job, reached)
        for some in sliced(customers, PART):
            self.go_on()
            await history.note(connection, _changes(job.operation_id or 0, some, wanted.short))
        return Ordered(**vars(job), messages=len(reached))

    async def to_oneself(self, database: Database, address: str, like: Recipient) -> Job:
        """Keep one message to an address, with what a recipient would read in it."""
        name = f"Test by {self.who.name or 'nobody known'}"
        title = f"Test {self.wanted.way.label} to {address}: {self.wanted.short}"
        async with database.writing() as connection:
            job = await self._begin(connection, title, 0)
            await self._write(connection, job, [replace(like, name=name, address=address)])
        return job

    async def _begin(self, connection: AsyncConnection, title: str, customers: int) -> Job:
        now, wanted = datetime.now(UTC), self.wanted
        job = Job(
            key=secrets.token_hex(8), at=now, due_at=wanted.due_at or now, who=self.who.name[:120],
            origin=self.who.origin[:200], way=wanted.way, subject=wanted.subject, body=wanted.body,
            service=wanted.service,
        )  # fmt: skip
        job.operation_id = await history.begin(connection, self.who, Act.SEND, title, now, records=customers)
        job.id = await outbox.add_job(connection, job, wanted.files)
        return job

    async def _write(self, connection: AsyncConnection, job: Job, to: Sequence[Recipient]) -> None:
        renderer, done = renderer_of(self.wanted), 0
        for part in sliced(to, PART):
            self.go_on()
            texts = await renderer.texts(connection, people_of(part))
            await outbox.add_messages(connection, list(map(partial(_message, job), part, texts)))
            done += len(part)
            if self.progress:
                self.progress(done, len(to))


def renderer_of(wanted: DraftMessage) -> Renderer:
    """Writes this message to each recipient."""
    return Renderer(wanted.way, wanted.subject, wanted.body)


def people_of(recipients: Sequence[Recipient]) -> list[tuple[int, int]]:
    """The customer and the contact of each."""
    return [(one.customer_id, one.contact_id) for one in recipients]


def _message(job: Job, to: Recipient, text: Text) -> Message:
    empty = job.way is Way.SMS and text.body is not None and not text.body.strip()
    return Message(
        state=State.FAILED if empty else State.QUEUED,
        answer=EMPTY if empty else "",
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
