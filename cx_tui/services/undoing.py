"""Undoing a whole operation from the log, field by field where nobody changed the value since."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history
from cx_tui.db.bulk import writing_much
from cx_tui.db.engine import Database
from cx_tui.db.following import follow
from cx_tui.db.history import Noted, Texts
from cx_tui.db.many import among, write_each
from cx_tui.db.records import UNIQUE, follows_customer, taken, taken_in_words
from cx_tui.db.tables import CARD_TABLES, customer
from cx_tui.domain.cards import card_named
from cx_tui.domain.customer import Customer
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.history import Act, Change, Operation
from cx_tui.domain.kinds import Secret
from cx_tui.domain.search import fold
from cx_tui.domain.who import Who
from cx_tui.errors import NotFound, Refused
from cx_tui.services.stopping import GoOn, stoppable
from cx_tui.services.together import NO_TEXTS, Progress

SLICE = 1_000
"""So many changes are turned back at a time: reading them must not keep the program from its keys."""

News = dict[tuple[str, ...], list[tuple[Any, ...]]]

NAMED = 100
"""So many of those that could not be undone are named; the rest is counted."""


@dataclass(frozen=True)
class Undone:
    """What became of an undo: how many records are as they were, and why others are not."""

    operation_id: int
    records: int
    refused: int
    why: tuple[str, ...]


class _Undoing:
    """One undo in progress."""

    def __init__(self, connection: AsyncConnection, operation_id: int, now: datetime) -> None:
        self.connection = connection
        self.operation_id = operation_id
        self.now = now
        self.records = 0
        self.refused = 0
        self.why: list[str] = []

    async def turn_back(self, changes: Sequence[Change]) -> None:
        """Turn some changes back; each record stands in them once."""
        by_kind: dict[tuple[str, Act], list[Change]] = defaultdict(list)
        for change in changes:
            by_kind[change.record, change.act].append(change)
        for (record, act), some in by_kind.items():
            if act in (Act.CREATE, Act.DELETE, Act.RESTORE):
                await self._bring_back(record, act, some)
            else:
                await self._give_back(record, some)

    async def _give_back(self, record: str, changes: Sequence[Change]) -> None:
        """Give fields the values that they had."""
        every, table = _fields_and_table(record)
        names = sorted({name for change in changes for name in change.after})
        rows = await self._rows(table, changes, names)
        others = await self._taken(record, table, changes)
        backs = await asyncio.to_thread(_backs, changes, rows, every, others)
        for change, back in zip(changes, backs, strict=True):
            for why in back.why:
                self._refuse(change, why)
        notes, news = await asyncio.to_thread(_given_back, self.operation_id, changes, backs)
        for columns, new in news.items():
            with taken_in_words():
                await write_each(self.connection, table, columns, new, changed_at=self.now)
        await self._noted(record, notes, names)

    async def _taken(self, record: str, table: Table, changes: Sequence[Change]) -> Mapping[int, str]:
        """The records that had what only one may have and another has now, and which field that is."""
        name, column = UNIQUE.get(record, ("", ""))
        texts = {change.record_id: change.before[name] for change in changes if change.before.get(name)}
        if not texts:
            return {}
        keys = {one: fold(text) if record == "customer" else text for one, text in texts.items()}
        return dict.fromkeys(await taken(self.connection, table.c[column], keys), name)

    async def _bring_back(self, record: str, act: Act, changes: Sequence[Change]) -> None:
        """Delete what was created, as it was; bring back what was deleted."""
        _, table = _fields_and_table(record)
        name, column = UNIQUE.get(record, ("", "id"))
        rows = await self._rows(table, changes, [column], deleted=act is Act.DELETE)
        keys = {one: getattr(row, column) for one, row in rows.items() if name and getattr(row, column)}
        others = await taken(self.connection, table.c[column], keys) if act is Act.DELETE else set()
        those = []
        for change in changes:
            row = rows.get(change.record_id)
            if row is None:
                self._refuse(
                    change, "it was brought back since" if act is Act.DELETE else "it was deleted since"
                )
            elif act is Act.CREATE and row.version > 1:
                self._refuse(change, "it was changed since it was created")
            elif change.record_id in others:
                self._refuse(change, _taken_now(record, name))
            else:
                those.append(change)
        moment = None if act is Act.DELETE else self.now
        with taken_in_words():
            await self.connection.execute(
                update(table)
                .where(among(self.connection, table.c.id, [change.record_id for change in those]))
                .values(deleted_at=moment, version=table.c.version + 1, changed_at=self.now)
            )
        done = Act.RESTORE if act is Act.DELETE else Act.DELETE
        await self._noted(record, [_note(self.operation_id, change, done) for change in those], [])

    async def _rows(
        self, table: Table, changes: Sequence[Change], names: Sequence[str], *, deleted: bool = False
    ) -> dict[int, Any]:
        there = table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None)
        ids = [change.record_id for change in changes]
        columns = (table.c.id, table.c.version, *(table.c[name] for name in names))
        rows = (
            select(*columns)
            .where(among(self.connection, table.c.id, ids), there)
            .order_by(table.c.id)
            .with_for_update(key_share=True)
        )
        return {row.id: row for row in await self.connection.execute(rows)}

    async def _noted(self, record: str, notes: Sequence[Noted], names: Sequence[str]) -> None:
        await history.note_many(self.connection, notes)
        await follow(self.connection, record, names, {whose for _, _, _, whose, *_ in notes})
        self.records += len(notes)

    def _refuse(self, change: Change, why: str) -> None:
        self.refused += 1
        if len(self.why) < NAMED:
            self.why.append(f"{change.record} #{change.record_id}: {why}")


async def undo(database: Database, who: Who, operation_id: int, progress: Progress | None = None) -> Undone:
    """Undo an operation; what was changed since stays as it is, and is said."""
    return await stoppable(lambda go_on: _undo(database, who, operation_id, progress, go_on))


async def _undo(
    database: Database, who: Who, operation_id: int, progress: Progress | None, go_on: GoOn
) -> Undone:
    now = datetime.now(UTC)
    async with writing_much(database) as connection:
        operation = _undoable(await history.one(connection, operation_id, lock=True), operation_id)
        title = f"{operation.act.label} #{operation.id}: {operation.title}"
        undo_id = await history.begin(connection, who, Act.UNDO, title, now, undoes=operation_id)
        undoing = _Undoing(connection, undo_id, now)
        after = done = 0
        while changes := await history.changes(connection, operation_id, SLICE, after):
            go_on()
            await undoing.turn_back(changes)
            after, done = changes[-1].id, done + len(changes)
            if progress:
                progress(done, operation.records)
        if not undoing.records:
            raise Refused(
                "nothing of it can be undone: " + ("; ".join(undoing.why[:3]) or "it changed nothing")
            )
        await history.finish(connection, undo_id, undoing.records)
        await history.mark_undone(connection, operation_id, undo_id)
        if operation.undoes is not None:
            await history.mark_undone(connection, operation.undoes, None)
    return Undone(undo_id, undoing.records, undoing.refused, tuple(undoing.why))


def _undoable(operation: Operation | None, operation_id: int) -> Operation:
    if operation is None:
        raise NotFound(f"there is no operation {operation_id}")
    if operation.undone_by is not None:
        raise Refused(f"it was undone already, by operation {operation.undone_by}")
    if operation.act is Act.SEND:
        raise Refused("what was sent can't be called back; cancel what still waits among the messages")
    return operation


def _fields_and_table(record: str) -> tuple[Mapping[str, Field], Table]:
    if record == "customer":
        return fields_of(Customer), customer
    return fields_of(card_named(record).record), CARD_TABLES[record]


@dataclass(frozen=True)
class _Back:
    """What becomes of one change: the texts that are given back, the columns and values that follow from
    them, what was there instead, and why other fields stay as they are."""

    given: Texts = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    had: Texts = field(default_factory=dict)
    why: tuple[str, ...] = ()


def _backs(
    changes: Sequence[Change], rows: Mapping[int, Any], every: Mapping[str, Field], others: Mapping[int, str]
) -> list[_Back]:
    """What becomes of each change; of equal ones it is found out once."""
    seen: dict[Any, _Back] = {}
    found = []
    for change in changes:
        row, other = rows.get(change.record_id), others.get(change.record_id)
        key = (repr(row and row[2:]), repr(change.before), repr(change.after), other)
        if key not in seen:
            seen[key] = _back(change, row, every, other)
        found.append(seen[key])
    return found


def _back(change: Change, row: Any, every: Mapping[str, Field], other: str | None) -> _Back:
    if row is None:
        return _Back(why=("it is not there any more",))
    given, why = {}, []
    for name, text in change.after.items():
        one = every[name]
        if isinstance(one.kind, Secret):
            why.append(f"{one.label} was never written down")
        elif one.fixed:
            why.append(f"{one.label} can't be changed after creation")
        elif _differs(getattr(row, name), text, one):
            why.append(f"{one.label} was changed since")
        elif name == other:
            why.append(_taken_now(change.record, name))
        else:
            given[name] = change.before.get(name, "")
    values = {name: every[name].read(text) for name, text in given.items()}
    if change.record == "customer":
        values |= follows_customer(values)
    had = {name: change.after[name] for name in given}
    return _Back(given, tuple(values), tuple(values.values()), had, tuple(why))


def _given_back(
    operation_id: int, changes: Sequence[Change], backs: Sequence[_Back]
) -> tuple[list[Noted], News]:
    """What is noted of each change that is turned back, and the new values by their columns."""
    notes, news = [], defaultdict(list)
    for change, back in zip(changes, backs, strict=True):
        if back.given:
            notes.append(_note(operation_id, change, Act.UPDATE, back.had, back.given))
            news[back.columns].append((change.record_id, *back.values))
    return notes, news


def _note(
    operation_id: int, change: Change, act: Act, before: Texts = NO_TEXTS, after: Texts = NO_TEXTS
) -> Noted:
    return operation_id, change.record, change.record_id, change.customer_id, act, before, after


def _taken_now(record: str, name: str) -> str:
    return f"another {record} has its {_fields_and_table(record)[0][name].label} now"


def _differs(value: Any, text: str, of: Field) -> bool:
    """Whether a value is another one than a text of the log says; a database may keep areas in an order
    of its own, so equal texts are only the quick way."""
    return of.write(value) != text and bool(value != of.read(text))
