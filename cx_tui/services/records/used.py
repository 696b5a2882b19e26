"""What other records refer to is not deleted: who uses it is said instead."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Integer, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.tables import record_table
from cx_tui.domain.declared import Declared
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Reference, References
from cx_tui.domain.record import Record
from cx_tui.domain.records import every_record
from cx_tui.errors import Refused


class _Referring(NamedTuple):
    """A column of other records that names records of a kind: one each, or several in a list."""

    declared: Declared
    column: Column[Any]
    several: bool


class Unused(NamedTuple):
    """A record of the setup that nothing refers to."""

    declared: Declared
    id: int
    name: str


FOR_THEMSELVES = ("user",)
"""Kinds whose records are of use although nothing refers to them."""


async def refuse_used(connection: AsyncConnection, record: type[Record], ids: Collection[int]) -> None:
    """Refused when one of these records of the setup is used."""
    if not _is_setup(record):
        return
    for declared, column, several in _referring(record.declared.name):
        asked = _uses_in_lists(connection, column, ids) if several else _uses(connection, column, ids)
        found = (await connection.execute(asked)).all()
        if found:
            using = declared.so_many(sum(number for _, number in found))
            which = "it is" if len(ids) == 1 else f"{len(found)} of them are"
            raise Refused(f"{which} used by {using}; give those something else first")


def _uses(connection: AsyncConnection, column: Column[Any], ids: Collection[int]) -> Select[Any]:
    """Which of these numbers a column has, and how often."""
    uses = select(column, func.count()).where(
        among(connection, column, list(ids)), column.table.c.deleted_at.is_(None)
    )
    return uses.group_by(column).order_by(column)


def _uses_in_lists(connection: AsyncConnection, column: Column[Any], ids: Collection[int]) -> Select[Any]:
    """Which of these numbers the lists of a column have, and in how many: a list has a number once."""
    number = _each(connection, column)
    what: list[Any] = [number, func.count()]
    uses: Select[Any] = select(*what).select_from(column.table)
    uses = uses.where(among(connection, number, list(ids)), column.table.c.deleted_at.is_(None))
    return uses.group_by(number).order_by(number)


def _each(connection: AsyncConnection, column: Column[Any]) -> ColumnElement[int]:
    """The numbers in the lists of a column."""
    if connection.dialect.name == "sqlite":
        one: ColumnElement[int] = func.json_each(column).table_valued("value", joins_implicitly=True).c.value
        return one
    each = func.jsonb_array_elements_text(column).table_valued("value", joins_implicitly=True)
    return each.c.value.cast(Integer)


async def unused(connection: AsyncConnection) -> list[Unused]:
    """The records of the setup that nothing refers to, of the kinds that are there to be referred to."""
    found = []
    for record in filter(_is_setup, every_record()):
        referring = list(_referring(record.declared.name))
        if not referring or record.declared.name in FOR_THEMSELVES:
            continue
        own = record_table(record).c
        asked: Select[Any] = select(own.id, own[record.declared.names]).where(own.deleted_at.is_(None))
        rows = (await connection.execute(asked.order_by(own.id))).all()
        names: dict[int, str] = {row[0]: row[1] for row in rows}
        for _, column, several in referring if names else ():
            number = _each(connection, column) if several else column
            used: Select[Any] = select(number).select_from(column.table)
            there = used.where(column.table.c.deleted_at.is_(None)).distinct()
            for row in (await connection.execute(there)).all():
                names.pop(row[0], None)
        found += [Unused(record.declared, one, name) for one, name in names.items()]
    return found


def _is_setup(record: type[Record]) -> bool:
    """Whether records of a kind are what others refer to."""
    return not record.declared.owner and record.declared.name != "customer"


def _referring(record: str) -> Iterator[_Referring]:
    """The columns of other records that name some of a kind; what belongs to it is not meant."""
    for other in every_record():
        declared = other.declared
        for name, field in fields_of(other).items():
            kind = field.kind
            refers = isinstance(kind, Reference | References) and kind.record == record
            if refers and name != declared.owner_id:
                yield _Referring(declared, record_table(other).c[name], isinstance(kind, References))
