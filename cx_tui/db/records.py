"""Reading and writing records, whatever they are: customers, and the records of their cards.

A repository takes a connection, never commits, never sends.  What a record is found by and counted
as follows from it in `following`.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Select, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.tables import customer, record_table
from cx_tui.domain.kinds import BadValue, Toml
from cx_tui.domain.record import Record
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import key_of
from cx_tui.errors import Invalid

R = TypeVar("R", bound=Record)
Values = Mapping[str, Any]

TAKEN = {
    "customer.name_key": ("name", "another customer has this name"),
    "uq_customer_name_key": ("name", "another customer has this name"),
    "contact.email": ("email", "another contact has this e-mail address, which is also the login"),
    "uq_contact_email": ("email", "another contact has this e-mail address, which is also the login"),
}
"""What a database calls a value that only one may have: its field, and the sentence for it."""


UNIQUE = {"customer": ("name", "name_key"), "contact": ("email", "email")}
"""The field of a record whose value only one may have, and the column that is compared."""


def nothing_follows(values: Values) -> Values:
    """Most records are kept as they are."""
    return {}


class Repository(Generic[R]):
    """The records of one table."""

    def __init__(
        self,
        record: type[R],
        table: Table,
        follows: Callable[[Values], Values] = nothing_follows,
        begins: Values = MappingProxyType({}),
    ) -> None:
        self.record = record
        self.table = table
        self.name = table.name
        self._follows = follows
        self._begins = begins
        self._names = [column.name for column in dataclasses.fields(record)]

    async def get(self, connection: AsyncConnection, record_id: int, *, lock: bool = False) -> R | None:
        """The record of a number, as long as it is not deleted; locked until the transaction ends."""
        question = self._of(self.table.c.id == record_id)
        # A lock that lets others add what belongs to the record.
        asked = question.with_for_update(key_share=True) if lock else question
        found = (await connection.execute(asked)).first()
        return None if found is None else self._made(found)

    async def some(self, connection: AsyncConnection, ids: Collection[int]) -> dict[int, R]:
        """The records of these numbers, deleted ones too."""
        question = select(*self._columns()).where(self.table.c.id.in_(ids))
        return {row.id: self._made(row) for row in await connection.execute(question)}

    async def of_customer(self, connection: AsyncConnection, customer_id: int) -> list[R]:
        """The records of a customer's card, in the order in which they were made."""
        question = self._of(self.table.c.customer_id == customer_id).order_by(self.table.c.id)
        return [self._made(row) for row in await connection.execute(question)]

    async def used(self, connection: AsyncConnection, name: str, limit: int) -> list[str]:
        """The texts that a field has in some record, those that most have first."""
        column = self.table.c[name]
        kept = select(column).where(self.table.c.deleted_at.is_(None), column != "").group_by(column)
        usual = kept.order_by(func.count().desc(), column).limit(limit)
        return [row[0] for row in await ask(connection, usual)]

    async def add(self, connection: AsyncConnection, values: Values, now: datetime) -> R:
        """A new record of these values."""
        record = self.record(id=0, created_at=now, changed_at=now, **values)
        every = {name: getattr(record, name) for name in self._names if name != "id"}
        written = insert(self.table).values({**self._begins, **every, **self._follows(every)})
        with taken_in_words():
            record.id = (await connection.execute(written.returning(self.table.c.id))).scalar_one()
        return record

    async def write(self, connection: AsyncConnection, record: R, values: Values, now: datetime) -> bool:
        """Change these fields of a record; False when somebody else changed it since it was read."""
        own = self.table.c
        changed = {**values, **self._follows(values), "version": record.version + 1, "changed_at": now}
        mine = update(self.table).where(own.id == record.id, own.version == record.version).values(changed)
        with taken_in_words():
            return bool((await connection.execute(mine)).rowcount)

    def customer_of(self, record: R) -> int:
        """The customer that a record belongs to, or is."""
        return int(getattr(record, "customer_id", record.id))

    def _columns(self) -> list[Any]:
        return [self.table.c[name] for name in self._names]

    def _of(self, condition: Any) -> Select[Any]:
        return select(*self._columns()).where(condition, self.table.c.deleted_at.is_(None))

    def _made(self, row: Any) -> R:
        return self.record(**row._mapping)


@contextmanager
def taken_in_words() -> Iterator[None]:
    """Where two would have a value that only one may have, say which."""
    try:
        yield
    except IntegrityError as error:
        said = str(error.orig)
        for name, (field, sentence) in TAKEN.items():
            if name in said:
                raise Invalid({field: sentence}) from error
        raise


async def taken(connection: AsyncConnection, column: Column[Any], wanted: Mapping[int, str]) -> set[int]:
    """Of records that want a value which only one may have, those for whom another has it."""
    own = column.table.c
    held = select(column, own.id).where(column.in_(set(wanted.values())), own.deleted_at.is_(None))
    holders = {row[0]: row[1] for row in await connection.execute(held)}
    return {one for one, value in wanted.items() if holders.get(value, one) != one}


def follows_customer(values: Values) -> Values:
    """What is kept beside a customer's own fields."""
    found: dict[str, Any] = {}
    if "name" in values:
        found["name_key"] = key_of(values["name"])
    if "toml" in values:
        found["toml_broken"] = is_broken(values["toml"])
    return found


def is_broken(toml: str) -> bool:
    """Whether the variables can't be read."""
    try:
        Toml().variables(toml)
    except BadValue:
        return True
    return False


CUSTOMERS = Repository(Customer, customer, follows_customer, {"pending": False})


def repository_of(record: type[Record]) -> Repository[Any]:
    """The records of a kind."""
    return CUSTOMERS if record is Customer else Repository(record, record_table(record))
