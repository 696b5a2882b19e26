"""What other records refer to is not deleted: who uses it is said instead."""

from collections.abc import Collection, Iterator

from sqlalchemy import Column, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.tables import record_table
from cx_tui.domain.declared import Declared
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Reference
from cx_tui.domain.record import Record
from cx_tui.domain.records import every_record
from cx_tui.errors import Refused


async def refuse_used(connection: AsyncConnection, record: type[Record], ids: Collection[int]) -> None:
    """Refused when one of these records of the setup is used."""
    if record.declared.owner or record.declared.name == "customer":
        return
    for declared, column in _referring(record.declared.name):
        table = column.table.c
        uses = select(column, func.count()).where(
            among(connection, column, list(ids)), table.deleted_at.is_(None)
        )
        found = (await connection.execute(uses.group_by(column).order_by(column))).all()
        if found:
            using = declared.so_many(sum(number for _, number in found))
            which = "it is" if len(ids) == 1 else f"{len(found)} of them are"
            raise Refused(f"{which} used by {using}; give those something else first")


def _referring(record: str) -> Iterator[tuple[Declared, Column[int]]]:
    """The columns of other records that name one of a kind; what belongs to it is not meant."""
    for other in every_record():
        declared = other.declared
        for name, field in fields_of(other).items():
            refers = isinstance(field.kind, Reference) and field.kind.record == record
            if refers and name != declared.owner_id:
                yield declared, record_table(other).c[name]
