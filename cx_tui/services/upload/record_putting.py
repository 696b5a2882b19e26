"""Writing records that were judged: new ones and changed ones, the log, what follows for customers."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing, history, log_blocks, rebuilt_indexes
from cx_tui.db.derived import follow, hold, sliced
from cx_tui.db.frame_copy import Ready, ready
from cx_tui.db.history_tables import operation
from cx_tui.db.log_blocks import Block
from cx_tui.db.records import taken_in_words
from cx_tui.db.tables import NOBODYS, record_table
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.history import Act
from cx_tui.domain.records import record_named
from cx_tui.domain.sheet_fields import kept_in, owner_column, refers_to
from cx_tui.domain.who import Who
from cx_tui.errors import NotFound
from cx_tui.services.changes.pipeline import Pipeline
from cx_tui.services.upload.columns import ColumnReader
from cx_tui.services.upload.creating import blocks_of
from cx_tui.services.upload.judged import ID, VERDICT, WHOSE, logged, stored
from cx_tui.services.upload.judged import text as text_of
from cx_tui.services.upload.logged import json_of
from cx_tui.services.upload.logged_file import LoggedFile
from cx_tui.services.upload.order import Order, Verdict
from cx_tui.services.upload.putting import Put, Report
from cx_tui.services.upload.record_existing import RecordExisting
from cx_tui.services.upload.updating import Updating

PLACE = "position"
MANY = 20_000
"""So many new records are worth preparations."""
SHARE = 4
"""When a quarter of the records or more are new, SQLite makes a scattered index anew."""


class RecordPutting:
    """Writes the rows of one upload, part by part, as one operation in one transaction."""

    def __init__(
        self,
        connection: AsyncConnection,
        beside: AsyncConnection,
        who: Who,
        order: Order,
        fields: Mapping[str, Field],
        report: Report,
        pipeline: Pipeline,
        meanwhile: AsyncExitStack,
    ) -> None:
        self._connection = connection
        self._beside = beside
        self._who = who
        self._order = order
        self._fields = fields
        self._report = report
        self._pipeline = pipeline
        self._meanwhile = meanwhile
        self._prepared = False
        self._file = LoggedFile(order)
        self._record = order.record
        self._kind = record_named(order.record)
        self._table = record_table(self._kind)
        self._on_sqlite = connection.dialect.name == "sqlite"
        self._now = datetime.now(UTC)
        self._usual = self._usual_values()
        owner = owner_column(self._kind.declared)
        changing = {name: field for name, field in fields.items() if name != owner}
        self._updating = Updating(connection, changing, self._now, order.record)
        self._operation_id: int | None = None
        self._next: int | None = None
        self._created = 0
        self._customers: set[int] = set()
        self._places: dict[int, int] = {}

    async def put(self, rows: pl.DataFrame, share: float) -> None:
        """Write the rows that can be written."""
        new = rows.filter(pl.col(VERDICT) == Verdict.CREATE.value)
        changed = rows.filter(pl.col(VERDICT) == Verdict.UPDATE.value)
        if not (len(new) or len(changed)):
            return
        operation_id = await self._begin()
        if len(new):
            numbered = new.with_columns(await self._ids(len(new)), await self._position(new))
            self._customers |= set(new[WHOSE].unique())
            await self._prepare(int(len(new) / share))
            await self._pipeline.put(lambda: self._made(numbered, operation_id), self._create)
        if len(changed):
            told = {"operation_id": operation_id, "record": self._record, "act": Act.UPDATE.value}
            await self._pipeline.put(lambda: self._updating.rows(changed, told), self._updating.put)

    async def finish(self) -> Put:
        """Do what is done for all rows at once."""
        await self._pipeline.finish()
        if self._operation_id is None:
            return Put(None, 0, 0)
        with taken_in_words(self._kind):
            await self._meanwhile.aclose()
        updated = await self._updating.finish(self._report, self._operation_id)
        if self._created:
            await self._finish_new()
        declared = self._kind.declared
        title = await self._file.title(f"{declared.many}: ", self._created, updated)
        named = update(operation).where(operation.c.id == self._operation_id).values(title=title)
        await self._connection.execute(named)
        await history.finish(self._connection, self._operation_id, self._created + updated)
        return Put(self._operation_id, self._created, updated)

    async def _finish_new(self) -> None:
        customers = sorted(self._customers - {NOBODYS})
        if customers:
            self._report("changing what follows from them", self._created, self._created)
        if self._created >= MANY:
            await bulk_writing.count_rows_on(self._connection, [self._table])
        for part in sliced(customers):
            if len(await hold(self._connection, part)) < len(part):
                raise NotFound("a customer has been deleted, so nothing was written; upload it again")
        await follow(self._connection, self._record, (), customers, self._operation_id)

    async def _prepare(self, expected: int) -> None:
        """Before the first of so many new records: what is only theirs is put in order at the end, where
        SQLite would look a place up for each."""
        if self._prepared:
            return
        self._prepared = True
        if not self._on_sqlite or expected < MANY:
            return
        scattered = f"uq_{self._table.name}_{'_'.join(self._kind.declared.together)}"
        async with self._pipeline.turn:
            there = (
                await self._connection.execute(select(func.count()).select_from(self._table))
            ).scalar_one()
            if expected * SHARE > there:
                await self._meanwhile.enter_async_context(
                    rebuilt_indexes.without_indexes(self._connection, [self._table.name], [scattered])
                )

    async def _begin(self) -> int:
        if self._operation_id is None:
            async with self._pipeline.turn:
                name = self._order.path.name
                self._operation_id = await history.begin(
                    self._connection, self._who, Act.UPLOAD, name, self._now
                )
        return self._operation_id

    async def _ids(self, count: int) -> pl.Series:
        """New numbers for records, that nobody else gets."""
        self._created += count
        if not self._on_sqlite:
            numbers = text(
                "SELECT array_agg(nextval(it)) FROM generate_series(1, :count),"
                " (SELECT pg_get_serial_sequence(:name, 'id')::regclass AS it OFFSET 0) AS sequence"
            ).bindparams(count=count, name=self._table.name)
            return pl.Series(ID, (await self._beside.execute(numbers)).scalar_one(), dtype=pl.Int64)
        if self._next is None:
            async with self._pipeline.turn:
                highest = (await self._connection.execute(select(func.max(self._table.c.id)))).scalar()
            self._next = (highest or 0) + 1
        first, self._next = self._next, self._next + count
        return pl.int_range(first, self._next, dtype=pl.Int64, eager=True).alias(ID)

    async def _position(self, new: pl.DataFrame) -> pl.Series:
        """Places of new records behind the others of their owner, in the order of the file."""
        if not self._kind.declared.ordered:
            return pl.repeat(0, len(new), dtype=pl.Int64, eager=True).alias(PLACE)
        owners = new[stored(owner_column(self._kind.declared))].to_list()
        if unknown := [owner for owner in set(owners) if owner not in self._places]:
            existing = RecordExisting(self._beside, self._record, self._fields)
            self._places |= {**dict.fromkeys(unknown, 0), **await existing.last_places(unknown)}
        places = []
        for owner in owners:
            self._places[owner] += 1
            places.append(self._places[owner])
        return pl.Series(PLACE, places, dtype=pl.Int64)

    def _made(self, new: pl.DataFrame, operation_id: int) -> tuple[Ready, Ready | list[Block]]:
        """New records and their log, ready to be written."""
        ordered = [PLACE] if self._kind.declared.ordered else []
        columns = {kept_in(self._record, name): self._value(name) for name in self._fields}
        frame = new.select(ID, *ordered, *(value.alias(name) for name, value in columns.items()))
        constants = {name: value for name, value in self._usual.items() if name not in frame.columns}
        return ready(self._on_sqlite, self._table.name, frame, constants), self._noted(new, operation_id)

    def _noted(self, new: pl.DataFrame, operation_id: int) -> Ready | list[Block]:
        """What the log keeps of new records: of those that belong to no customer in blocks."""
        texts = {
            kept: logged(name) if logged(name) in new.columns else text_of(name)
            for name in self._fields
            if (kept := kept_in(self._record, name)) != "customer_id"
        }
        if self._kind.declared.owner != "customer":
            told = {name: pl.col(column) for name, column in texts.items()}
            return blocks_of(new, told, operation_id, self._record)
        after = json_of({name: new[column].alias(name) for name, column in texts.items()})
        log = pl.DataFrame({"record_id": new[ID], "customer_id": new[WHOSE], "after": after})
        same = {"operation_id": operation_id, "record": self._record, "act": Act.CREATE.value, "before": "{}"}
        return ready(self._on_sqlite, "change", log, same)

    async def _create(self, made: tuple[Ready, Ready | list[Block]]) -> None:
        records, notes = made
        with taken_in_words(self._kind):
            await records.put(self._connection)
        if isinstance(notes, list):
            await log_blocks.note(self._connection, notes)
        else:
            await notes.put(self._connection)

    def _value(self, name: str) -> pl.Expr:
        """What is stored: as the file says it, else what is usual."""
        given = pl.col(stored(name))
        usual = self._usual[kept_in(self._record, name)]
        return given if usual is None else pl.when(given.is_null()).then(pl.lit(usual)).otherwise(given)

    def _usual_values(self) -> dict[str, Any]:
        """What a new record has where the file says nothing, as it is stored."""
        dialect = self._connection.dialect
        found = {}
        for name, field in fields_of(self._kind).items():
            if name in self._table.c and name != ID:
                reader = ColumnReader(field, self._table, dialect)
                found[name] = None if field.required and refers_to(field) else reader.stored(field.empty())
        moment = self._now.replace(tzinfo=None) if self._on_sqlite else self._now
        now = moment.isoformat(" ", "microseconds")
        return {**found, "version": 1, "created_at": now, "changed_at": now, "deleted_at": None}
