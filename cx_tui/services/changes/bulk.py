"""What is done to many records of one kind at once: bulk edit and delete.

Each is one transaction and one operation in the log, worked in parts, so that the program stays awake
and can say how far it is; when it is cancelled, nothing of it has happened.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, cast

from sqlalchemy import or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history, log_blocks
from cx_tui.db.bulk_values import among, write_each
from cx_tui.db.bulk_writing import writing_much
from cx_tui.db.derived import follow, sliced
from cx_tui.db.engine import Database
from cx_tui.db.log_blocks import Block
from cx_tui.db.record_names import names_of
from cx_tui.db.tables import customer_column, record_table
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, Noted, Texts
from cx_tui.domain.kinds import Reference
from cx_tui.domain.query import Query
from cx_tui.domain.record import Record
from cx_tui.domain.records.customer import PORTAL_AREAS, Customer
from cx_tui.domain.selection import Selection
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, Refused
from cx_tui.services.approvals.needed import check_bulk_edit, check_delete
from cx_tui.services.changes import bulk_rules, selected
from cx_tui.services.changes.pipeline import pipelined
from cx_tui.services.changes.selected import Stake
from cx_tui.services.changes.stopping import GoOn, stoppable
from cx_tui.services.records.used import refuse_used

SLICE = 2_000
"""So many records are changed at a time: working on them must not keep the program from its keys."""

Progress = Callable[[int, int], None]
Values = Mapping[str, Any]
NO_TEXTS: Texts = {}
Notes = list[Block] | list[Noted]
"""What the log keeps of records: of customers in blocks, of others a line for each."""
Made = tuple[Notes, list[tuple[Any, ...]], set[int]]
"""What the log keeps of records, their new values, and the customers they belong to."""


@dataclass(frozen=True)
class Done:
    """An operation on many records: its number in the log, and how many it changed."""

    operation_id: int
    changed: int


class Approved(Protocol):
    """A request of somebody that is carried out, when a second person has agreed."""

    async def begin(self, connection: AsyncConnection) -> None:
        """In the transaction that does it, before anything is done."""

    async def end(self, connection: AsyncConnection, operation_id: int | None) -> None:
        """When it is done."""


class BulkChanges:
    """Acts on many records of one kind, by one person: on customers unless another kind is said."""

    def __init__(
        self,
        database: Database,
        who: Who,
        record: type[Record] = Customer,
        approved: Approved | None = None,
    ) -> None:
        self._database = database
        self._approved = approved
        self._who = who
        self._record = self.record = record
        self._table = record_table(record)

    async def chosen(self, selection: Selection) -> Sequence[int]:
        """The records of a selection that are there, in the order of their numbers."""
        return await selected.ids_of(self._database, selection)

    async def shown_of(self, ids: Collection[int], query: Query) -> frozenset[int]:
        """Those of these customers that a list shows."""
        return await selected.shown_of(self._database, ids, query)

    async def stake(self, ids: Sequence[int]) -> Stake:
        """What goes with these records."""
        return await selected.stake(self._database, self._record, ids)

    async def distinct(self, ids: Sequence[int], name: str) -> list[tuple[str, int]]:
        """The values that a field has now, as they are shown, and how many records have each."""
        return await selected.distinct(self._database, self._record, ids, name)

    async def edit(self, ids: Sequence[int], values: Values, progress: Progress | None = None) -> Done:
        """Give fields of these records new values; of portal areas only those that are named."""
        every = fields_of(self._record)
        wrong = [name for name in values if not every[name].bulk]
        if not values:
            raise Refused("nothing is to be changed; choose a value for at least one field")
        if wrong:
            raise Invalid({name: f"{every[name].label} can't be edited in bulk" for name in wrong})
        shown = {name: every[name].kind.show(value) for name, value in values.items()} | await self._names(
            values
        )
        title = ", ".join(f"{every[name].label} = {text}" for name, text in shown.items())
        if self._record is not Customer:
            title = f"{self._record.declared.many}: {title}"
        return await stoppable(lambda go_on: self._edit(ids, values, title, progress, go_on))

    async def _names(self, values: Values) -> dict[str, str]:
        """The names of what values refer to."""
        kinds = {name: fields_of(self._record)[name].kind for name in values}
        async with self._database.reading() as connection:
            return {
                name: (await names_of(connection, kind.record, [values[name]]))[values[name]]
                for name, kind in kinds.items()
                if isinstance(kind, Reference) and values[name] is not None
            }

    async def _edit(
        self, ids: Sequence[int], values: Values, title: str, progress: Progress | None, go_on: GoOn
    ) -> Done:
        now = datetime.now(UTC)
        async with writing_much(self._database) as connection:
            if self._approved:
                await self._approved.begin(connection)
            else:
                await check_bulk_edit(connection, self._record, ids, values)
            operation_id = await history.begin(connection, self._who, Act.BULK_EDIT, title, now)
            changed = 0

            async def write(done: int, made: Made) -> None:
                nonlocal changed
                changed += await self._write(connection, made, values, now, operation_id)
                if progress:
                    progress(done, len(ids))

            async with pipelined() as pipeline:
                for done, part in _parts(ids):
                    go_on()
                    async with pipeline.turn:
                        rows = await self._read(connection, part, values)
                        await bulk_rules.keep_to(connection, self._record, [row[0] for row in rows], values)
                    edited = partial(_edited, self._record, operation_id, rows, values)
                    await pipeline.put(edited, partial(write, done))
                    if self._database.on_sqlite:
                        # Its driver is a thread like the one that makes ready: they would only get in each
                        # other's way.
                        await pipeline.finish()
            go_on()
            await history.finish(connection, operation_id, changed)
            if self._approved:
                await self._approved.end(connection, operation_id if changed else None)
        return Done(operation_id, changed)

    async def delete(self, ids: Sequence[int], progress: Progress | None = None) -> Done:
        """Delete records; they stay in the tables, and the log can bring them back."""
        return await stoppable(lambda go_on: self._delete(ids, progress, go_on))

    async def _delete(self, ids: Sequence[int], progress: Progress | None, go_on: GoOn) -> Done:
        now = datetime.now(UTC)
        declared, own = self._record.declared, self._table.c
        async with writing_much(self._database) as connection:
            if self._approved:
                await self._approved.begin(connection)
            else:
                await check_delete(connection, self._record, ids)
            title = declared.so_many(len(ids)) if len(ids) > 1 else await self._name(connection, ids)
            operation_id = await history.begin(connection, self._who, Act.DELETE, title, now)
            changed = 0
            for done, part in _parts(ids):
                go_on()
                await bulk_rules.keep_to(connection, self._record, part, None)
                await refuse_used(connection, self._record, part)
                these = among(connection, own.id, part) & own.deleted_at.is_(None)
                gone = update(self._table).where(these)
                gone = gone.values(deleted_at=now, changed_at=now, version=own.version + 1)
                gone_ones = gone.returning(own.id, customer_column(self._table))
                rows = sorted((await connection.execute(gone_ones)).all())
                notes = [_noted(self._record, operation_id, one, whose, Act.DELETE) for one, whose in rows]
                await _note(connection, _kept(self._record, notes))
                if self._record is not Customer:
                    await follow(connection, declared.name, (), {row[1] for row in rows}, operation_id)
                changed += len(rows)
                if progress:
                    progress(done, len(ids))
            await history.finish(connection, operation_id, changed)
            if self._approved:
                await self._approved.end(connection, operation_id if changed else None)
        return Done(operation_id, changed)

    async def _read(self, connection: AsyncConnection, ids: Sequence[int], values: Values) -> Sequence[Any]:
        """What these records have now; those who have the new values already are left as they are."""
        own = self._table.c
        by_area = any(isinstance(value, Mapping) for value in values.values())
        # What becomes of areas depends on those that each customer has.
        other = true() if by_area else or_(*(own[name].is_distinct_from(new) for name, new in values.items()))
        these = among(connection, own.id, ids) & own.deleted_at.is_(None) & other
        wanted = select(own.id, customer_column(self._table), *(own[name] for name in values))
        wanted = wanted.where(these).order_by(own.id)
        return (await connection.execute(wanted.with_for_update(key_share=True))).all()

    async def _write(
        self, connection: AsyncConnection, made: Made, values: Values, now: datetime, operation_id: int
    ) -> int:
        """Note what was changed, and give these records their new values: how many they are."""
        notes, news, whose = made
        await _note(connection, notes)
        await write_each(connection, self._table, list(values), news, changed_at=now)
        await follow(connection, self._record.declared.name, list(values), whose, operation_id)
        return len(news)

    async def _name(self, connection: AsyncConnection, ids: Sequence[int]) -> str:
        """What one record is called."""
        declared, own = self._record.declared, self._table.c
        found = (await connection.execute(select(own[declared.names]).where(own.id.in_(ids)))).first()
        if found is None:
            return "nothing"
        return str(found[0]) if self._record is Customer else f"{declared.one} {found[0]}"


def _parts(ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    """The ids in their order, in parts, each with how many are done when it is."""
    done = 0
    for part in sliced(sorted(ids), SLICE):
        done += len(part)
        yield done, part


def _kept(record: type[Record], notes: list[Noted]) -> Notes:
    return log_blocks.made(notes) if record is Customer else notes


async def _note(connection: AsyncConnection, notes: Notes) -> None:
    blocks = [note for note in notes if isinstance(note, Block)]
    if blocks:
        await log_blocks.note(connection, blocks)
    elif notes:
        await history.note_many(connection, cast(list[Noted], notes))


def _edited(record: type[Record], operation_id: int, rows: Sequence[Any], values: Values) -> Made:
    """What the log keeps of each record, and its new values; equal texts are made once."""
    every = fields_of(record)
    writes = [every[name].write for name in values]
    seen: dict[Hashable, tuple[Texts, Texts, tuple[Any, ...]] | None] = {}
    notes, news = [], []
    for row in rows:
        key = alike(row[2:])
        if key not in seen:
            new = tuple(merged(old, value) for old, value in zip(row[2:], values.values(), strict=True))
            pairs = list(zip(values, writes, row[2:], new, strict=True))
            was = {name: write(old) for name, write, old, now in pairs if old != now}
            is_now = {name: write(now) for name, write, old, now in pairs if old != now}
            seen[key] = (was, is_now, new) if is_now else None
        found = seen[key]
        if found:
            before, after, new = found
            notes.append(_noted(record, operation_id, row[0], row[1], Act.UPDATE, before, after))
            news.append((row[0], *new))
    return _kept(record, notes), news, {note[3] for note in notes}


def alike(values: tuple[Any, ...]) -> Hashable:
    """What is equal when the values are."""
    try:
        hash(values)
    except TypeError:
        return repr(values)
    return values


def merged(old: Any, value: Any) -> Any:
    """The new value; of several areas only those that are named are changed."""
    if not isinstance(value, Mapping):
        return value
    both = {**old, **value}
    return {area: both[area] for area in PORTAL_AREAS if both.get(area, "inherit") != "inherit"}


def _noted(
    record: type[Record],
    operation_id: int,
    record_id: int,
    customer_id: int,
    act: Act,
    before: Texts = NO_TEXTS,
    after: Texts = NO_TEXTS,
) -> Noted:
    return operation_id, record.declared.name, record_id, customer_id, act, before, after
