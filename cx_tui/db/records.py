"""Reading and writing records, whatever they are: customers, and the records of their cards.

A repository takes a connection, never commits, never sends.  What a record is found by and counted
as follows from it in `derived`.
"""

import dataclasses
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Select, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.tables import NOBODYS, customer, record_table
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import BadValue, Toml
from cx_tui.domain.record import Record
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import key_of
from cx_tui.errors import Invalid

R = TypeVar("R", bound=Record)
Values = Mapping[str, Any]


def only_one_may_have(record: type[Record]) -> dict[str, str]:
    """The fields whose value only one record may have, and the sentence when another has it."""
    declared = record.declared
    usual = f"another {declared.one} has this"
    found = {
        name: field.taken or f"{usual} {field.label}"
        for name, field in fields_of(record).items()
        if field.unique
    }
    if declared.together:
        found[declared.together[-1]] = declared.taken or usual
    return found


def unique_column(record: type[Record]) -> tuple[str, str]:
    """The field of a record whose value only one may have, and the column that is compared; none if none."""
    name = next((name for name, field in fields_of(record).items() if field.unique), "")
    return name, "name_key" if record is Customer else name


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
        self.name = record.declared.name
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

    async def of_owner(self, connection: AsyncConnection, owner_id: int) -> list[R]:
        """The records of an owner, in their order, or that in which they were made."""
        declared = self.record.declared
        own = self.table.c
        order = [own.position, own.id] if declared.ordered else [own.id]
        question = self._of(own[declared.owner_id] == owner_id).order_by(*order)
        return [self._made(row) for row in await connection.execute(question)]

    async def used(self, connection: AsyncConnection, name: str, limit: int) -> list[str]:
        """The texts that a field has in some record, those that most have first."""
        column = self.table.c[name]
        kept = select(column).where(self.table.c.deleted_at.is_(None), column != "").group_by(column)
        usual = kept.order_by(func.count().desc(), column).limit(limit)
        return [row[0] for row in await ask(connection, usual)]

    async def add(self, connection: AsyncConnection, values: Values, now: datetime) -> R:
        """A new record of these values."""
        if self.record.declared.ordered:
            values = {**values, "position": await self._last_place(connection, values) + 1}
        record = self.record(id=0, created_at=now, changed_at=now, **values)
        every = {name: getattr(record, name) for name in self._names if name != "id"}
        written = insert(self.table).values({**self._begins, **every, **self._follows(every)})
        with taken_in_words(self.record):
            record.id = (await connection.execute(written.returning(self.table.c.id))).scalar_one()
        return record

    async def write(self, connection: AsyncConnection, record: R, values: Values, now: datetime) -> bool:
        """Change these fields of a record; False when somebody else changed it since it was read."""
        own = self.table.c
        changed = {**values, **self._follows(values), "version": record.version + 1, "changed_at": now}
        mine = update(self.table).where(own.id == record.id, own.version == record.version).values(changed)
        with taken_in_words(self.record):
            return bool((await connection.execute(mine)).rowcount)

    def customer_of(self, record: R) -> int:
        """The customer that a record belongs to, or is; nobody's number when it belongs to none."""
        own = record.id if self.record is Customer else NOBODYS
        return int(getattr(record, "customer_id", own))

    def owner_of(self, record: R) -> int:
        """The number of the record that it belongs to."""
        return int(getattr(record, self.record.declared.owner_id))

    async def _last_place(self, connection: AsyncConnection, values: Values) -> int:
        """The last place among the records of the same owner."""
        owner_id = self.record.declared.owner_id
        last = select(func.max(self.table.c.position)).where(self.table.c[owner_id] == values[owner_id])
        return int((await connection.execute(last)).scalar() or 0)

    def _columns(self) -> list[Any]:
        return [self.table.c[name] for name in self._names]

    def _of(self, condition: Any) -> Select[Any]:
        return select(*self._columns()).where(condition, self.table.c.deleted_at.is_(None))

    def _made(self, row: Any) -> R:
        return self.record(**row._mapping)


@contextmanager
def taken_in_words(record: type[Record]) -> Iterator[None]:
    """Where two records would have a value that only one may have, say which."""
    try:
        yield
    except IntegrityError as error:
        said, table = str(error.orig), record.declared.table
        for field, sentence in only_one_may_have(record).items():
            column = unique_column(record)[1] if field == unique_column(record)[0] else field
            # SQLite names the column, PostgreSQL the index.
            if f"{table}.{column}" in said or re.search(rf"uq_{table}_\w*{column}", said):
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
