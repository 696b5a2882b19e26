"""Writing what was judged: new customers and changed ones, their counters, the log; all of it or nothing."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing, first_load, history, log_blocks, new_counters, rebuilt_indexes
from cx_tui.db.customer_expressions import read_clock
from cx_tui.db.frame_copy import Ready
from cx_tui.db.history_tables import operation
from cx_tui.db.log_blocks import Block
from cx_tui.db.records import taken_in_words
from cx_tui.db.tables import INDEXED_COUNTERS, counters, customer, found_by
from cx_tui.domain.fields import Field
from cx_tui.domain.history import Act
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.who import Who
from cx_tui.services.changes.pipeline import Pipeline
from cx_tui.services.upload.creating import Creating, constants_of
from cx_tui.services.upload.judged import ID, VERDICT
from cx_tui.services.upload.logged_file import LoggedFile
from cx_tui.services.upload.order import Verdict
from cx_tui.services.upload.updating import Updating

Report = Callable[[str, int, int], None]
"""Says what is being done, how many rows are done, of how many."""

FILLED = ("customer", "found_by", "counters")
SCATTERED = ("uq_customer_name_key", "ix_customer_status", "ix_found_by_external_id")
"""Indexes in which new customers go everywhere; in the others they come one after the other."""
ANEW = (
    *SCATTERED,
    *(f"pk_{name}" for name in FILLED),
    "ix_found_by_document",
    *(f"ix_counters_{name}" for name in INDEXED_COUNTERS),
)
"""Indexes that PostgreSQL makes faster of all rows at once; the others have few rows each."""
MANY = 4
"""When a quarter of the customers or more are new, SQLite makes scattered indexes anew."""


@dataclass(frozen=True)
class Put:
    """What an upload has written; no operation if there was nothing to write."""

    operation_id: int | None
    created: int
    updated: int


class Putting:
    """Writes the rows of one upload, part by part, as one operation in one transaction; what need not wait
    for that is asked of the database `beside` it.

    What is otherwise in the database meanwhile ends with the stack that is given.  What waits for
    PostgreSQL's search index is put into it by `search`, which nobody waits for.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        beside: AsyncConnection,
        who: Who,
        name: str,
        file: LoggedFile,
        fields: Mapping[str, Field],
        report: Report,
        pipeline: Pipeline,
        meanwhile: AsyncExitStack,
        search: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._beside = beside
        self._who = who
        self._name = name
        self._file = file
        self._fields = fields
        self._report = report
        self._pipeline = pipeline
        self._meanwhile = meanwhile
        self._search = search
        self._now = datetime.now(UTC)
        self._operation_id: int | None = None
        self._creating: Creating | None = None
        self._created = 0
        # None where others may make customers meanwhile: on PostgreSQL, when there are some already.
        self._next: int | None = None
        self._range = (0, 0)
        self._updating = Updating(connection, fields, self._now)

    async def put(self, rows: pl.DataFrame, share: float) -> None:
        """Write the rows that can be written; so large is their share of all that will come."""
        new = rows.filter(pl.col(VERDICT) == Verdict.CREATE.value)
        changed = rows.filter(pl.col(VERDICT) == Verdict.UPDATE.value)
        if len(new):
            creating = self._creating or await self._prepare(int(len(new) / share))
            numbered = new.with_columns(await self._ids(len(new)))
            await self._pipeline.put(
                lambda: (creating.rows(numbered), creating.blocks(numbered)), self._create
            )
        if len(changed):
            operation_id = await self._begin()
            logged = {"operation_id": operation_id, "record": "customer", "act": Act.UPDATE.value}
            await self._pipeline.put(lambda: self._updating.rows(changed, logged), self._updating.put)

    async def finish(self) -> Put:
        """Do what is done for all rows at once."""
        await self._pipeline.finish()
        if self._operation_id is None:
            return Put(None, 0, 0)
        if self._created:
            await self._finish_new(*self._range)
        updated = await self._updating.finish(self._report, self._operation_id)
        title = await self._file.title("", self._created, updated)
        named = update(operation).where(operation.c.id == self._operation_id).values(title=title)
        await self._connection.execute(named)
        await history.finish(self._connection, self._operation_id, self._created + updated)
        return Put(self._operation_id, self._created, updated)

    async def _begin(self) -> int:
        if self._operation_id is None:
            async with self._pipeline.turn:
                self._operation_id = await history.begin(
                    self._connection, self._who, Act.UPLOAD, self._name, self._now
                )
        return self._operation_id

    async def _finish_new(self, lowest: int, highest: int) -> None:
        connection = self._connection
        if self._next is None:
            self._search()
        self._report("counting new customers", self._created, self._created)
        these: ColumnElement[bool] = customer.c.id.between(lowest, highest)
        if highest - lowest >= self._created:
            # Others got numbers between ours.
            these &= customer.c.id.not_in(select(counters.c.customer_id))
        await new_counters.count(connection, await read_clock(connection), these, self._fields)
        self._report("making them searchable", self._created, self._created)
        with taken_in_words(Customer):
            await self._meanwhile.aclose()
        if self._next is not None:
            await bulk_writing.count_ids_on(connection, customer)

    async def _prepare(self, expected: int) -> Creating:
        """Before the first of so many new customers: drop what is made faster at the end."""
        connection = self._connection
        operation_id = await self._begin()
        constants = constants_of(connection.dialect, self._now)
        self._creating = creating = Creating(self._fields, connection.dialect, constants, operation_id)
        async with self._pipeline.turn:
            await self._meanwhile.enter_async_context(bulk_writing.large_cache(connection))
            if connection.dialect.name == "sqlite":
                await self._prepare_file(expected)
            elif await first_load.take_over(connection, FILLED):
                await self._prepare_first(creating)
            else:
                await connection.execute(text("SET LOCAL gin_pending_list_limit = '1GB'"))
        return creating

    async def _prepare_file(self, expected: int) -> None:
        """An SQLite database is only ours while we write."""
        connection = self._connection
        there = (await connection.execute(select(func.count()).select_from(found_by))).scalar_one()
        highest = (await connection.execute(select(func.max(customer.c.id)))).scalar()
        self._next = (highest or 0) + 1
        many = expected * MANY > there
        tables, indexes = (FILLED, SCATTERED) if many else (["found_by"], ())
        await self._meanwhile.enter_async_context(
            rebuilt_indexes.without_indexes(connection, tables, indexes)
        )

    async def _prepare_first(self, creating: Creating) -> None:
        """While there are no customers, their tables on PostgreSQL are only ours."""
        connection = self._connection
        for table in ("customer", "found_by"):
            creating.freeze(table)
            constants = creating.constants(table)
            said = await self._meanwhile.enter_async_context(
                first_load.by_default(connection, table, constants)
            )
            creating.leave_out(table, said)
        await self._meanwhile.enter_async_context(rebuilt_indexes.without_indexes(connection, FILLED, ANEW))
        sequence = func.nextval(func.pg_get_serial_sequence("customer", "id"))
        self._next = (await connection.execute(select(sequence))).scalar_one()

    async def _create(self, made: tuple[list[Ready], list[Block]]) -> None:
        tables, together = made
        with taken_in_words(Customer):
            for table in tables:
                await table.put(self._connection)
        await log_blocks.note(self._connection, together)

    async def _ids(self, count: int) -> pl.Series:
        """New numbers for customers, that nobody else gets."""
        if self._next is not None:
            ids = pl.int_range(self._next, self._next + count, dtype=pl.Int64, eager=True).alias(ID)
            self._next += count
        else:
            numbers = text(
                "SELECT array_agg(nextval(it)) FROM generate_series(1, :count),"
                " (SELECT pg_get_serial_sequence('customer', 'id')::regclass AS it OFFSET 0) AS sequence"
            ).bindparams(count=count)
            ids = pl.Series(ID, (await self._beside.execute(numbers)).scalar_one(), dtype=pl.Int64)
        self._created += count
        self._range = (self._range[0] or int(ids[0]), int(ids[-1]))
        return ids
