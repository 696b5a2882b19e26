"""Handing over: letters and SMS of the outbox, made of their jobs and given to the servers."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Generic, TypeVar

from cx_tui.config import Settings
from cx_tui.db import outbox
from cx_tui.db.engine import Database
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.outbox import Job, Message
from cx_tui.domain.templates import Template, compile_template, fields_in
from cx_tui.domain.templates import as_html as in_html
from cx_tui.messaging.accounts import MailServer, SmsAccount
from cx_tui.messaging.compose import Attachment, Letter, Mailbox, compose, compose_body
from cx_tui.messaging.mail import Mail
from cx_tui.messaging.markdown import as_html
from cx_tui.messaging.outcome import Gate, Outcome, Refused
from cx_tui.messaging.sms import Sms
from cx_tui.messaging.unsubscribing import way_out
from cx_tui.services.sending.opt_outs import token_of
from cx_tui.services.sending.passwords import has_password, is_taken_out
from cx_tui.services.sending.sender import HandOver

T = TypeVar("T")

JOBS_KEPT = 20
SMS_AT_ONCE = 4


@dataclass(frozen=True)
class _Written:
    """What the letters of a job have in common: its HTML, its files, and the whole body when all get it."""

    page: Template
    plain: Template
    files: list[Attachment]
    shared: bytes | None

    def body_for(self, message: Message) -> bytes:
        """The body of one letter; BadValue when a value is missing."""
        if self.shared is not None:
            return self.shared
        plain = self.plain.fill(message.filled) if has_password(message.filled) else message.body or ""
        return compose_body(plain, self.page.fill(message.filled), self.files)


def _write(job: Job, files: list[tuple[str, bytes]]) -> _Written:
    page = compile_template(as_html(job.body), in_html)
    attached = [Attachment(name, content) for name, content in files]
    own = fields_in(job.body)
    return _Written(
        page,
        compile_template(job.body),
        attached,
        None if own else compose_body(job.body, page.fill({}), attached),
    )


class _Kept(Generic[T]):
    """What was made of the last few jobs; each is made once, in a thread."""

    def __init__(self, database: Database, make: Callable[[Job, list[tuple[str, bytes]]], T]) -> None:
        self._database = database
        self._make = make
        self._jobs: OrderedDict[int, tuple[Job, T]] = OrderedDict()
        self._one = asyncio.Lock()

    async def of(self, job_id: int) -> tuple[Job, T]:
        """A job, and what was made of it."""
        if job_id not in self._jobs:
            async with self._one:
                if job_id not in self._jobs:
                    self._jobs[job_id] = await self._read(job_id)
                if len(self._jobs) > JOBS_KEPT:
                    self._jobs.popitem(last=False)
        return self._jobs[job_id]

    async def _read(self, job_id: int) -> tuple[Job, T]:
        async with self._database.reading() as connection:
            job, files = await outbox.body_of(connection, job_id)
        return job, await asyncio.to_thread(self._make, job, files)


class LetterHandover:
    """Writes letters and takes them to the mail server."""

    def __init__(self, database: Database, server: MailServer, settings: Settings) -> None:
        self._jobs = _Kept(database, _write)
        self._server = server
        self._domain = server.sender.on_the_wire.rpartition("@")[2]
        self._unsubscribe = settings.mail.unsubscribe
        self._mail = Mail(server)
        self.per_second = settings.mail.per_second
        self.stop_after = settings.mail.stop_after

    @property
    def at_once(self) -> int:
        """How many letters to send at the same time."""
        return self._mail.at_once

    async def prepare(self, message: Message) -> HandOver:
        """Write the letter: the same again whenever it is sent again."""
        if is_taken_out(message.filled):
            said = "the password was taken out when it was sent; make a new one and mail that"
            return partial(_refused, said)
        try:
            job, written = await self._jobs.of(message.job_id)
            return partial(self._mail.send, self._letter(message, job, written))
        except BadValue as error:
            return partial(_refused, str(error))

    def _letter(self, message: Message, job: Job, written: _Written) -> Letter:
        out = way_out(self._unsubscribe, message.address, token_of(job.key, message.id))
        return compose(
            written.body_for(message),
            sender=self._server.sender,
            to=Mailbox(message.address, message.name),
            subject=job.subject if message.subject is None else message.subject,
            message_id=f"<{job.key}.{message.id}@{self._domain}>",
            # Of sending, not of ordering: what was ordered for next week is not a week old then.
            date=message.claimed_at or datetime.now(UTC),
            unsubscribe=out.address,
            one_click=out.one_click,
            returns_to=self._server.returns_to,
            reply_to=self._server.reply_to,
            list_id=self._server.list_id,
            signer=self._server.signer,
        )

    async def test_connection(self) -> str:
        """One sentence about what works."""
        return await self._mail.test_connection()

    async def largest(self) -> int:
        """How many bytes a letter may have; 0 is no limit that is known."""
        return await self._mail.largest()

    async def close(self) -> None:
        await self._mail.close()


class SmsHandover:
    """Takes SMS to Twilio."""

    def __init__(self, database: Database, account: SmsAccount, settings: Settings) -> None:
        self._jobs = _Kept(database, lambda job, files: job.body)
        self.sms = Sms(account)
        self.per_second = settings.sms.per_second
        self.stop_after = settings.sms.stop_after

    @property
    def at_once(self) -> int:
        """How many SMS to hand over at the same time."""
        return SMS_AT_ONCE

    async def prepare(self, message: Message) -> HandOver:
        """Find the text."""
        return partial(self._send, message.address, await self.text_of(message))

    async def text_of(self, message: Message) -> str:
        """The text of a message."""
        return (await self._jobs.of(message.job_id))[1] if message.body is None else message.body

    async def _send(self, to: str, text: str, gate: Gate) -> Outcome:
        if not text.strip():
            return await _refused("the text is empty for this contact, so nothing was sent", gate)
        if gate is not None:
            await gate
        return await self.sms.send(to, text)

    async def test_connection(self) -> str:
        """One sentence about what works."""
        return await self.sms.test_connection()

    async def close(self) -> None:
        await self.sms.close()


async def _refused(why: str, gate: Gate) -> Outcome:
    if gate is not None:
        await gate
    return Refused(why)
