"""Undoing a whole operation from the log, field by field where nobody changed the value since."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import approvals, history, log_blocks, log_pages
from cx_tui.db.bulk_values import among, write_each
from cx_tui.db.bulk_writing import writing_much
from cx_tui.db.derived import follow
from cx_tui.db.engine import Database
from cx_tui.db.records import taken, taken_in_words, unique_column
from cx_tui.domain.approvals import why_change
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, Change, Noted, Operation, values
from cx_tui.domain.records import record_named
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import key_of
from cx_tui.domain.who import Who
from cx_tui.errors import NotFound, Refused
from cx_tui.services.approvals.needed import WATCHED
from cx_tui.services.changes.bulk import SLICE, Progress
from cx_tui.services.changes.pipeline import Pipeline, pipelined
from cx_tui.services.changes.stopping import GoOn, stoppable
from cx_tui.services.history.values_back import Backs, fields_and_table, given_back, note, taken_now

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

    def __init__(
        self, connection: AsyncConnection, operation_id: int, now: datetime, pipeline: Pipeline
    ) -> None:
        self.connection = connection
        self.operation_id = operation_id
        self.now = now
        self.pipeline = pipeline
        self.records = 0
        self.refused = 0
        self.stayed: list[tuple[Change, str]] = []

    async def turn_back(self, changes: Sequence[Change]) -> None:
        """Turn some changes back; each record stands in them once."""
        by_kind: dict[tuple[str, Act, bool], list[Change]] = defaultdict(list)
        for change in changes:
            by_kind[change.record, change.act, change.in_block].append(change)
        for (record, act, _), some in by_kind.items():
            if act in (Act.CREATE, Act.DELETE, Act.RESTORE):
                await self.pipeline.finish()
                await self._bring_back(record, act, some)
            else:
                await self._give_back(record, some)

    async def _give_back(self, record: str, changes: Sequence[Change]) -> None:
        """Give fields the values that they had."""
        _, table = fields_and_table(record)
        if record == "customer":
            changes = await self._of_one_alone(changes)
        if not changes:
            return
        names = sorted({name for change in changes for name in change.after})
        if unique_column(record_named(record))[0] in names or self.connection.dialect.name == "sqlite":
            # What one gives back first, another may get then.  And SQLite's driver is a thread like the one
            # that makes ready: they would only get in each other's way.
            await self.pipeline.finish()
        async with self.pipeline.turn:
            rows = await self._rows(table, changes, names)
            others = await self._taken(record, table, changes)

        async def write(backs: Backs) -> None:
            for change, why in backs.refused:
                self._refuse(change, why)
            for columns, new in backs.news.items():
                with taken_in_words(record_named(record)):
                    await write_each(self.connection, table, columns, new, changed_at=self.now)
            await self._noted(changes[0], backs.notes, names)

        await self.pipeline.put(partial(given_back, self.operation_id, changes, rows, others), write)

    async def _of_one_alone(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Those that one person alone may turn back; the others are refused."""
        if not any(WATCHED & change.after.keys() for change in changes):
            return changes
        async with self.pipeline.turn:
            rules = await approvals.rules(self.connection)
        alone = []
        for change in changes:
            before, after = (
                values(Customer, {name: text for name, text in one.items() if name in WATCHED})
                for one in (change.after, change.before)
            )
            if rules and (why := why_change(rules, before, after)):
                self._refuse(change, why)
            else:
                alone.append(change)
        return alone

    async def _taken(self, record: str, table: Table, changes: Sequence[Change]) -> Mapping[int, str]:
        """The records that had what only one may have and another has now, and which field that is."""
        name, column = unique_column(record_named(record))
        texts = {change.record_id: change.before[name] for change in changes if change.before.get(name)}
        if not texts:
            return {}
        read = key_of if record == "customer" else fields_of(record_named(record))[name].read
        keys = {one: read(text) for one, text in texts.items()}
        return dict.fromkeys(await taken(self.connection, table.c[column], keys), name)

    async def _bring_back(self, record: str, act: Act, changes: Sequence[Change]) -> None:
        """Delete what was created, as it was; bring back what was deleted."""
        _, table = fields_and_table(record)
        name, column = unique_column(record_named(record))
        column = column or "id"
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
            elif act is Act.CREATE and not record_named(record).declared.deletes:
                self._refuse(change, "it is money and is never deleted; cancel it instead")
            elif act is Act.CREATE and row.version > 1:
                self._refuse(change, "it was changed since it was created")
            elif change.record_id in others:
                self._refuse(change, taken_now(record, name))
            else:
                those.append(change)
        moment = None if act is Act.DELETE else self.now
        with taken_in_words(record_named(record)):
            await self.connection.execute(
                update(table)
                .where(among(self.connection, table.c.id, [change.record_id for change in those]))
                .values(deleted_at=moment, version=table.c.version + 1, changed_at=self.now)
            )
        done = Act.RESTORE if act is Act.DELETE else Act.DELETE
        await self._noted(changes[0], [note(self.operation_id, change, done) for change in those], [])

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
        return {row[0]: row for row in await self.connection.execute(rows)}

    async def _noted(self, like: Change, notes: Sequence[Noted], names: Sequence[str]) -> None:
        """Note what was turned back as it was noted when it was done."""
        if like.in_block:
            await log_blocks.note(self.connection, await asyncio.to_thread(log_blocks.made, notes))
        else:
            await history.note_many(self.connection, notes)
        whose = {whose for _, _, _, whose, *_ in notes}
        await follow(self.connection, like.record, names, whose, self.operation_id)
        self.records += len(notes)

    def _refuse(self, change: Change, why: str) -> None:
        self.refused += 1
        if len(self.stayed) < NAMED:
            self.stayed.append((change, why))

    async def why(self) -> tuple[str, ...]:
        """Why the first of them stayed, each with the name of its customer."""
        ids = list({change.customer_id for change, _ in self.stayed})
        names = await log_pages.names(self.connection, ids)
        return tuple(f"{_named(change, names)}: {why}" for change, why in self.stayed)


def _named(change: Change, names: Mapping[int, str]) -> str:
    """A record as people know it: by its customer's name."""
    name = names.get(change.customer_id, f"customer #{change.customer_id}")
    return name if change.record == "customer" else f"{change.record} #{change.record_id} of {name}"


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
        async with pipelined() as pipeline:
            undoing = _Undoing(connection, undo_id, now, pipeline)
            after = done = 0
            while True:
                async with pipeline.turn:
                    changes = await history.changes(connection, operation_id, SLICE, after)
                if not changes:
                    break
                go_on()
                await undoing.turn_back(changes)
                after, done = changes[-1].id, done + len(changes)
                if progress:
                    progress(done, operation.records)
        go_on()
        why = await undoing.why()
        if not undoing.records:
            raise Refused("nothing of it can be undone: " + ("; ".join(why[:3]) or "it changed nothing"))
        await history.finish(connection, undo_id, undoing.records)
        await history.mark_undone(connection, operation_id, undo_id)
        if operation.undoes is not None:
            await history.mark_undone(connection, operation.undoes, None)
    return Undone(undo_id, undoing.records, undoing.refused, why)


def _undoable(operation: Operation | None, operation_id: int) -> Operation:
    if operation is None:
        raise NotFound(f"there is no operation {operation_id}")
    if operation.undone_by is not None:
        raise Refused(f"it was undone already, by operation {operation.undone_by}")
    if operation.act is Act.SEND:
        raise Refused("what was sent can't be called back; cancel what still waits among the messages")
    if operation.act is Act.BOOK:
        raise Refused(
            "what was booked, issued or signed stays so; book a correction or a credit note instead"
        )
    if operation.act is Act.MESSAGE:
        raise Refused("a message to operators was read already; write another one")
    if operation.act is Act.END:
        raise Refused("a call that was ended can't be put through again")
    if operation.act is Act.DELETE_MESSAGE:
        raise Refused("a voicemail message that was deleted from the switch can't be brought back")
    return operation
