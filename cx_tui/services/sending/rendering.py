"""Texts for many: the fields in a subject and a body are filled with what is known of each recipient."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.customer_expressions import names_referred
from cx_tui.db.tables import contact, customer
from cx_tui.domain.outbox import Way
from cx_tui.domain.sms import LONGEST
from cx_tui.domain.templates import as_it_is, compile_template, on_one_line, values_of
from cx_tui.errors import Invalid

LONGEST_SUBJECT = 300
LONGEST_FILLED_SUBJECT = 900


class Text(NamedTuple):
    """What one recipient gets: none is the text of all; and the values that were filled in."""

    subject: str | None
    body: str | None
    filled: dict[str, str]


class Renderer:
    """The texts of one order."""

    def __init__(self, way: Way, subject: str, body: str) -> None:
        self._way = way
        self._subject = compile_template(subject, on_one_line)
        self._body = compile_template(body, as_it_is)
        self._names = sorted({*self._subject.names, *self._body.names})

    async def texts(self, connection: AsyncConnection, people: Sequence[tuple[int, int]]) -> list[Text]:
        """The texts for these customers and contacts."""
        if not self._names:
            return [Text(None, None, {})] * len(people)
        customers = await self._read(connection, customer, {one for one, _ in people})
        contacts = await self._read(connection, contact, {one for _, one in people})
        return [self._text(customers[one], contacts[other]) for one, other in people]

    async def _read(self, connection: AsyncConnection, table: Table, ids: Iterable[int]) -> dict[int, Any]:
        """What the fields need of these records, and no more."""
        parts = (name.partition(".") for name in self._names)
        wanted = {"name", *(attribute for record, _, attribute in parts if record == table.name)}
        known = {**table.c, **(names_referred() if table is customer else {})}
        columns = (known[attribute].label(attribute) for attribute in sorted(wanted - {"id"}))
        rows = select(table.c.id, *columns).where(table.c.id.in_(ids))
        return {row.id: row for row in await connection.execute(rows)}

    def _text(self, of_customer: Any, of_contact: Any) -> Text:
        filled = values_of(self._names, customer=of_customer, contact=of_contact)
        subject = self._subject.fill(filled) if self._subject.names else None
        body = self._body.fill(filled) if self._body.names else None
        if problems := too_long(
            self._way, subject or "", body or "", LONGEST_FILLED_SUBJECT, f" to {of_contact.name}"
        ):
            raise Invalid(problems)
        return Text(subject, body, filled)


def too_long(
    way: Way, subject: str, body: str, longest: int = LONGEST_SUBJECT, to: str = ""
) -> dict[str, str]:
    """What is longer than it may be, with a sentence for each part."""
    problems = {}
    if len(subject) > longest:
        problems["subject"] = f"the subject{to} has {len(subject):,} characters; {longest} are the most"
    if way is Way.SMS and len(body) > LONGEST:
        problems["body"] = f"the SMS{to} has {len(body):,} characters; {LONGEST:,} are the most"
    return problems
