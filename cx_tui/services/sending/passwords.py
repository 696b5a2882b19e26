"""A new password for the portal that is mailed to its contact: set and queued together, or neither.

What operators see of the letter has a sign in its place.  The password itself stands in the outbox until the
letter was taken or refused; then it is taken out.
"""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import token_hex

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history, outbox
from cx_tui.db.engine import Database
from cx_tui.db.outbox_tables import message
from cx_tui.db.records import repository_of
from cx_tui.domain.history import Act, Change
from cx_tui.domain.kinds import BadValue, Email
from cx_tui.domain.outbox import Job, Message, Template, Way
from cx_tui.domain.passwords import hashed, made
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.templates import fields_in, fill
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, Refused
from cx_tui.services.records.writing import Writing
from cx_tui.services.sending.rendering import Renderer
from cx_tui.services.sending.shipped_templates import PASSWORD_FIELD

HIDDEN = "********"
"""What is shown, and kept at the end, in place of a password."""


def has_password(filled: Mapping[str, str]) -> bool:
    """Whether there is a password in what is filled into a message, or was one."""
    return PASSWORD_FIELD in filled


def is_taken_out(filled: Mapping[str, str]) -> bool:
    """Whether the password is there no more."""
    return filled.get(PASSWORD_FIELD) == HIDDEN


async def mail_password(database: Database, who: Who, contact: Contact, template: Template) -> Job:
    """Give a contact a new password and queue the letter that says it; Refused when it can't be written."""
    address = _address_of(contact)
    if PASSWORD_FIELD not in fields_in(template.body):
        raise Refused(f'the template "{template.name}" has no {{{{ {PASSWORD_FIELD} }}}} in its text')
    password = made()
    kept = await to_thread(hashed, password)
    now = datetime.now(UTC)
    async with database.writing() as connection:
        writing = Writing(repository_of(Contact), who, now)
        before = {"password_hash": contact.password_hash}
        await writing.save(connection, contact.id, before, {"password_hash": kept})
        filled = await _filled(connection, template, contact)
        job = Job(
            key=token_hex(8), at=now, due_at=now, who=who.name[:120], origin=who.origin[:200], way=Way.EMAIL,
            subject=fill(template.subject, filled), body=template.body, service=True,
        )  # fmt: skip
        title = f"E-mail with a new password to {contact.name}"
        job.operation_id = await history.begin(connection, who, Act.SEND, title, now, records=1)
        job.id = await outbox.add_job(connection, job, ())
        letter = Message(
            job_id=job.id, contact_id=contact.id, customer_id=contact.customer_id, way=Way.EMAIL,
            name=contact.name, address=address, body=fill(template.body, filled), due_at=now,
            filled={**filled, PASSWORD_FIELD: password},
        )  # fmt: skip
        await outbox.add_messages(connection, [letter])
        said = Change(
            operation_id=job.operation_id, record="customer", record_id=contact.customer_id,
            customer_id=contact.customer_id, act=Act.SEND, before={}, after={"message": job.subject},
        )  # fmt: skip
        await history.note(connection, [said])
    return job


async def take_out(database: Database, one: Message) -> None:
    """Take the password out of a letter that was taken or refused."""
    filled = {**one.filled, PASSWORD_FIELD: HIDDEN}
    async with database.writing() as connection:
        await connection.execute(update(message).where(message.c.id == one.id).values(filled=filled))


def _address_of(contact: Contact) -> str:
    try:
        return str(Email().parse(contact.email or ""))
    except BadValue:
        raise Refused(f"{contact.name} has no e-mail address to which a password could be sent") from None


async def _filled(connection: AsyncConnection, template: Template, contact: Contact) -> dict[str, str]:
    """The values of the template's other fields, and a sign for the password."""
    others = " ".join(
        f"{{{{ {name} }}}}" for name in fields_in(template.subject + template.body) if name != PASSWORD_FIELD
    )
    renderer = Renderer(Way.EMAIL, "", others)
    try:
        (text,) = await renderer.texts(connection, [(contact.customer_id, contact.id)])
    except KeyError as missing:
        raise Invalid({"body": f"the template has an unknown field {missing}"}) from None
    return {**text.filled, PASSWORD_FIELD: HIDDEN}
