"""The records of a selection, and what they are and have: what an operator sees before an act."""

from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.customer_expressions import read_clock
from cx_tui.db.customer_lists import CustomerSelect
from cx_tui.db.derived import sliced
from cx_tui.db.engine import Database, ask
from cx_tui.db.history_tables import WAITING, delayed
from cx_tui.db.record_lists import RecordSelect
from cx_tui.db.record_names import names_of
from cx_tui.db.tables import contact, counters, record_table, table_named
from cx_tui.domain.declared import Declared
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Reference
from cx_tui.domain.query import Query
from cx_tui.domain.record import Record
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.records.did import Did
from cx_tui.domain.selection import Selection


@dataclass(frozen=True)
class Stake:
    """What goes with some records."""

    kind: Declared
    number: int
    live: int = 0
    """Calls that are up now."""
    contacts: int = 0
    waiting: int = 0
    """Delayed changes that wait for their time."""
    says: Sequence[str] = ()
    """What else stops with them, in sentences."""

    @property
    def has_calls(self) -> bool:
        """Whether calls may be up that have to do with them."""
        return self.kind.name == Customer.declared.name


async def ids_of(database: Database, selection: Selection) -> "array[int]":
    """The records of a selection that are there, in the order of their numbers."""
    async with database.reading() as connection:
        if not selection.all_but:
            table = table_named(selection.query.record)
            return array("q", sorted(await _existing(connection, table, selection.ids)))
        found = await ask(connection, await _every(database, connection, selection.query))
    return array("q", sorted(row[0] for row in found if row[0] not in selection.ids))


async def shown_of(database: Database, ids: Collection[int], query: Query) -> frozenset[int]:
    """Those of these customers that a list shows."""
    shown: set[int] = set()
    async with database.reading() as connection:
        asked = await _customers(database, connection, query)
        for part in sliced(list(ids)):
            shown.update(row[0] for row in await ask(connection, asked.among(part)))
    return frozenset(shown)


async def stake(database: Database, record: type[Record], ids: Sequence[int]) -> Stake:
    """What goes with these records."""
    if record is Customer:
        return await _stake_of_customers(database, ids)
    says: list[str] = []
    if record is Did:
        from cx_tui.services.money.releasing import what_stops

        async with database.reading() as connection:
            says = await what_stops(connection, ids, datetime.now(UTC).date())
    return Stake(record.declared, len(ids), says=says)


async def _stake_of_customers(database: Database, ids: Sequence[int]) -> Stake:
    live = contacts = waiting = 0
    async with database.reading() as connection:
        for part in sliced(ids):
            mine = select(func.coalesce(func.sum(counters.c.live), 0)).where(counters.c.customer_id.in_(part))
            live += (await ask(connection, mine))[0][0]
            contacts += await _count(connection, contact, part, contact.c.deleted_at.is_(None))
            waiting += await _count(connection, delayed, part, WAITING)
    return Stake(Customer.declared, len(ids), live, contacts, waiting)


async def distinct(
    database: Database, record: type[Record], ids: Sequence[int], name: str
) -> list[tuple[str, int]]:
    """The values that a field has now, as they are shown, and how many records have each."""
    own, kind = record_table(record).c, fields_of(record)[name].kind
    column = own[name]
    found: Counter[Any] = Counter()
    async with database.reading() as connection:
        for part in sliced(ids):
            grouped = select(column, func.count()).where(own.id.in_(part)).group_by(column)
            for value, number in [tuple(row) for row in await ask(connection, grouped)]:
                found[value if isinstance(kind, Reference) else kind.show(value)] += number
        if isinstance(kind, Reference):
            names = await names_of(connection, kind.record, [one for one in found if one is not None])
            return [("" if one is None else names[one], number) for one, number in found.most_common()]
    return found.most_common()


async def _customers(database: Database, connection: AsyncConnection, query: Query) -> CustomerSelect:
    clock, some = await read_clock(connection), database.rights.reseller
    return CustomerSelect(query, clock, on_sqlite=database.on_sqlite, some=some)


async def _every(database: Database, connection: AsyncConnection, query: Query) -> Select[Any]:
    """The question for all that a query finds."""
    if query.record != Customer.declared.name:
        return RecordSelect(query).every()
    return (await _customers(database, connection, query)).every()


async def _existing(connection: AsyncConnection, table: Table, ids: Collection[int]) -> list[int]:
    there: list[int] = []
    for part in sliced(list(ids)):
        kept = select(table.c.id).where(table.c.id.in_(part), table.c.deleted_at.is_(None))
        there += [row[0] for row in await ask(connection, kept)]
    return there


async def _count(connection: AsyncConnection, table: Any, ids: Sequence[int], condition: Any) -> int:
    counted = select(func.count()).select_from(table).where(table.c.customer_id.in_(ids), condition)
    return int((await ask(connection, counted))[0][0])
