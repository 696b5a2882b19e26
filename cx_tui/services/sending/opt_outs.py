"""Who wants no more e-mail or SMS: noted when a server says so or when they use their link, and listed."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from cx_tui.db.engine import Database, ask
from cx_tui.db.outbox_tables import job, message
from cx_tui.db.records import repository_of
from cx_tui.db.tables import contact, customer
from cx_tui.domain.outbox import Message, Way
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.who import Who
from cx_tui.errors import Conflict, NotFound
from cx_tui.services.records.writing import Writing

FLAG = {Way.EMAIL: "no_email", Way.SMS: "no_sms"}
"""The field of a contact that says it of each way."""
ADDRESS = {Way.EMAIL: "email", Way.SMS: "mobile"}
SERVER = {Way.EMAIL: "the mail server", Way.SMS: "Twilio"}


@dataclass(frozen=True)
class OptedOut:
    """A contact who has opted out."""

    contact_id: int
    customer_id: int
    customer: str
    name: str
    email: str
    mobile: str
    ways: tuple[Way, ...]


def token_of(job_key: str, message_id: int) -> str:
    """What names a message, and so its recipient, in a link: nobody can guess another one."""
    return f"{job_key}.{message_id}"


class OptOuts:
    """The opt-outs of one database."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def listed(self) -> list[OptedOut]:
        """Everybody who has opted out of something, by customer."""
        own = contact.c
        wanted = _there().where(or_(own.no_email, own.no_sms)).order_by(customer.c.name_key, own.id)
        async with self._database.reading() as connection:
            return [_opted_out(row) for row in await ask(connection, wanted)]

    async def add(self, ways: Collection[Way], who: str) -> list[OptedOut]:
        """Note that somebody wants no more, named by an address, a number or the token of a link; says whom
        that is.  NotFound when it is nobody."""
        named = who.strip()
        async with self._database.reading() as connection:
            found = await ask(connection, _there().where(_is_named(named)))
        if not found:
            raise NotFound(f'no contact has the address, number or token "{named}"')
        for row in found:
            await self._note(row.id, ways)
        async with self._database.reading() as connection:
            again = await ask(connection, _there().where(contact.c.id.in_([row.id for row in found])))
            return [_opted_out(row) for row in again]

    async def added(self, ways: Collection[Way], names: Sequence[str]) -> tuple[list[OptedOut], list[str]]:
        """The same for several: whom they are, and a sentence for each that is nobody."""
        found, missing = [], []
        for name in names:
            try:
                found += await self.add(ways, name)
            except NotFound as error:
                missing.append(str(error))
        return found, missing

    async def refused(self, one: Message) -> None:
        """Note that a message was refused because its address takes no more, if it is still the contact's."""
        with suppress(NotFound, Conflict):
            await self._note(one.contact_id, [one.way], address=one.address)

    async def _note(self, contact_id: int, ways: Collection[Way], address: str | None = None) -> None:
        repository = repository_of(Contact)
        async with self._database.writing() as connection:
            person = await repository.get(connection, contact_id)
            if person is None or (address and not any(_has(person, way, address) for way in ways)):
                return
            flags = {FLAG[way]: True for way in ways}
            before = {name: getattr(person, name) for name in flags}
            await Writing(repository, self._who, datetime.now(UTC)).save(
                connection, contact_id, before, flags
            )


def _has(person: Contact, way: Way, address: str) -> bool:
    return (getattr(person, ADDRESS[way]) or "") == address


def _there() -> Select[Any]:
    own = contact.c
    wanted = select(
        own.id, own.customer_id, own.name, own.email, own.mobile, own.no_email, own.no_sms,
        customer.c.name.label("customer"),
    ).join(customer)  # fmt: skip
    return wanted.where(own.deleted_at.is_(None), customer.c.deleted_at.is_(None))


def _is_named(named: str) -> Any:
    key, _, number = named.rpartition(".")
    if key and number.isascii() and number.isdigit() and "@" not in named and len(number) < 10:
        theirs = select(message.c.contact_id).join(job, job.c.id == message.c.job_id)
        return contact.c.id.in_(theirs.where(job.c.key == key, message.c.id == int(number)))
    return or_(contact.c.email == named, contact.c.mobile == named)


def _opted_out(row: Any) -> OptedOut:
    ways = tuple(way for way in Way if getattr(row, FLAG[way]))
    return OptedOut(row.id, row.customer_id, row.customer, row.name, row.email or "", row.mobile, ways)
