"""Ordering messages, and looking at what became of them."""

from asyncio import to_thread
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from cx_tui.db import outbox
from cx_tui.db.derived import sliced
from cx_tui.db.engine import Database, ask
from cx_tui.db.outbox_tables import message, template
from cx_tui.db.tables import contact
from cx_tui.domain.kinds import BadValue, Email, Phone
from cx_tui.domain.outbox import Job, Message, Reach, State, Template, Way
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.sms import length_of
from cx_tui.domain.templates import may_be_empty
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, NotFound, Refused
from cx_tui.services.changes.bulk import Progress
from cx_tui.services.changes.stopping import stoppable
from cx_tui.services.sending.draft_message import DraftMessage, check
from cx_tui.services.sending.orders import Order, Ordered, people_of, renderer_of
from cx_tui.services.sending.recipients import PART, Recipient, contacts_of
from cx_tui.services.sending.rendering import Text
from cx_tui.services.sending.shipped_templates import PASSWORD_NAME, password_template, shipped

AGAIN = (State.FAILED, State.UNKNOWN, State.CANCELLED, State.DELAYED, State.HELD)
"""What an operator may have sent again."""


MOST_FOUND = 500
"""So many messages are shown of those that are looked for."""


class Outbox:
    """The outbox of one database, as one person uses it."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def recipients(
        self, way: Way, customers: Sequence[int], *, service: bool = False
    ) -> list[Recipient]:
        """The contacts of these customers, and whether a message can reach each; a service notice goes to
        those who have opted out, too."""
        async with self._database.reading() as connection:
            return await contacts_of(connection, way, customers, service=service)

    async def preview(self, wanted: DraftMessage, recipient: Recipient) -> tuple[str, str]:
        """Subject and body as a recipient would see them."""
        await to_thread(check, wanted)
        async with self._database.reading() as connection:
            (text,) = await renderer_of(wanted).texts(connection, people_of([recipient]))
        subject = wanted.subject if text.subject is None else text.subject
        return subject, _body(text, wanted)

    async def rehearse(
        self, wanted: DraftMessage, recipients: Sequence[Recipient], progress: Progress | None = None
    ) -> int:
        """Write everybody's message and keep none, to find what is wrong; says how many SMS segments it
        would take."""
        await to_thread(check, wanted)
        renderer, done, segments = renderer_of(wanted), 0, 0
        reached = [one for one in recipients if one.reach is Reach.WILL]
        async with self._database.reading() as connection:
            for part in sliced(reached, PART):
                texts = await renderer.texts(connection, people_of(part))
                if wanted.way is Way.SMS:
                    segments += sum(length_of(_body(text, wanted)).segments for text in texts)
                done += len(part)
                if progress:
                    progress(done, len(reached))
        return segments

    async def empties(
        self, wanted: DraftMessage, recipients: Sequence[Recipient], progress: Progress | None = None
    ) -> tuple[int, int]:
        """How many of the recipients would get an empty subject, and how many an empty text."""
        mail = wanted.way is Way.EMAIL
        subjects = bodies = done = 0
        if not (may_be_empty(wanted.body) or (mail and may_be_empty(wanted.subject))):
            return 0, 0
        renderer = renderer_of(wanted)
        reached = [one for one in recipients if one.reach is Reach.WILL]
        async with self._database.reading() as connection:
            for part in sliced(reached, PART):
                texts = await renderer.texts(connection, people_of(part))
                subjects += sum(
                    mail and text.subject is not None and not text.subject.strip() for text in texts
                )
                bodies += sum(text.body is not None and not text.body.strip() for text in texts)
                done += len(part)
                if progress:
                    progress(done, len(reached))
        return subjects, bodies

    async def order(
        self, wanted: DraftMessage, recipients: Sequence[Recipient], progress: Progress | None = None
    ) -> Ordered:
        """Have a message sent to all of them who can still be reached: one each, nobody sees another."""
        await to_thread(check, wanted)
        return await stoppable(
            lambda go_on: Order(wanted, self._who, go_on, progress).to(self._database, recipients)
        )

    async def order_test(self, wanted: DraftMessage, address: str, like: Recipient) -> Job:
        """Have one message sent to an address of one's own, with what a recipient would read in it."""
        await to_thread(check, wanted)
        try:
            own = (Email() if wanted.way is Way.EMAIL else Phone()).parse(address)
        except BadValue as error:
            raise Invalid({"address": str(error)}) from None
        now = replace(wanted, due_at=None)
        return await stoppable(
            lambda go_on: Order(now, self._who, go_on).to_oneself(self._database, own, like)
        )

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

    async def found(self, text: str, customer_id: int | None = None) -> list[tuple[Message, Job]]:
        """The newest messages of a customer, or to an address or a name with some text in it."""
        async with self._database.reading() as connection:
            return await outbox.found(connection, text, customer_id, MOST_FOUND)

    async def held(self, job_ids: Collection[int]) -> dict[int, str]:
        """Why jobs were stopped, of those that were and wait for a person."""
        async with self._database.reading() as connection:
            return await outbox.held(connection, job_ids)

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
            queued = await outbox.queue_again(connection, of, states, datetime.now(UTC), said)
            theirs = contact.c.id.in_(select(message.c.contact_id).where(of))
            return queued - await outbox.spare(connection, theirs, of)

    async def templates(self) -> list[Template]:
        """The templates by name: those that are stored, and of the program's those that nobody replaced."""
        async with self._database.reading() as connection:
            kept = [Template(**row._mapping) for row in await ask(connection, select(template))]
        names = {one.name for one in kept}
        others = [one for one in shipped() if one.name not in names]
        return sorted([*kept, *others], key=lambda one: one.name)

    async def template(self, name: str, way: Way) -> Template:
        """The template of a name for a way; NotFound names those that there are."""
        fitting = [one for one in await self.templates() if one.way is way]
        for one in fitting:
            if one.name.casefold() == name.casefold():
                return one
        known = ", ".join(one.name for one in fitting) or "none"
        raise NotFound(f'there is no template "{name}" for {way.label}; there are: {known}')

    async def mail_password(self, of: Contact) -> Job:
        """Give a contact a new password for the portal, and mail it to them."""
        from cx_tui.services.sending.passwords import mail_password  # imported here: hardly anybody needs it

        kept = [one for one in await self.templates() if one.name == PASSWORD_NAME]
        return await mail_password(self._database, self._who, of, kept[0] if kept else password_template())

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
            if not done.rowcount and any(one.name == name for one in shipped()):
                raise Refused(f'"{name}" comes with the program; keep a template by its name to replace it')
            if not done.rowcount:
                raise NotFound(f'there is no template "{name}"')


def _body(text: Text, wanted: DraftMessage) -> str:
    """What somebody reads: an empty text of their own is none that all get."""
    return wanted.body if text.body is None else text.body
