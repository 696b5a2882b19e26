"""Writing what was judged: new customers and changed ones, their counters, the log; all of it or nothing."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk, fresh, history
from cx_tui.db.frames import put_frame
from cx_tui.db.history_tables import operation
from cx_tui.db.known import read_clock
from cx_tui.db.records import taken_in_words
from cx_tui.db.tables import customer
from cx_tui.domain.fields import Field
from cx_tui.domain.history import Act
from cx_tui.domain.who import Who
from cx_tui.services.upload.columns import ColumnReader
from cx_tui.services.upload.judged import ID, KEY, VERDICT, folded, stored
from cx_tui.services.upload.judged import text as text_of
from cx_tui.services.upload.logged import json_of
from cx_tui.services.upload.order import Verdict, upload_fields
from cx_tui.services.upload.updating import Updating

Report = Callable[[str, int, int], None]
"""Says what is being done, how many rows are done, of how many."""

FILLED = ("customer", "found_by", "counters", "change")
SCATTERED = ("uq_customer_name_key", "ix_customer_status", "ix_customer_external_id")
"""Indexes in which new customers go everywhere; in the others they come one after the other."""
MANY = 4
"""When a quarter of the customers or more are new, SQLite makes scattered indexes anew."""


@dataclass(frozen=True)
class Put:
    """What an upload has written; no operation if there was nothing to write."""

    operation_id: int | None
    created: int
    updated: int


class Putting:
    """Writes the rows of one upload, part by part, as one operation in one transaction."""

    def __init__(
        self, connection: AsyncConnection, who: Who, name: str, fields: Mapping[str, Field], report: Report
    ) -> None:
        self._connection = connection
        self._who = who
        self._name = name
        self._fields = fields
        self._report = report
        self._now = datetime.now(UTC)
        self._operation_id: int | None = None
        self._created = 0
        self._highest = 0
        self._range: tuple[int, int] | None = None
        self._adding = AsyncExitStack()
        self._updating = Updating(connection, fields, self._now)

    async def put(self, rows: pl.DataFrame, share: float) -> None:
        """Write the rows that can be written; so large is their share of all that will come."""
        new = rows.filter(pl.col(VERDICT) == Verdict.CREATE.value)
        changed = rows.filter(pl.col(VERDICT) == Verdict.UPDATE.value)
        if self._operation_id is None and len(new) + len(changed):
            self._operation_id = await history.begin(
                self._connection, self._who, Act.UPLOAD, self._name, self._now
            )
        if len(new):
            if not self._created:
                await self._prepare(int(len(new) / share))
            with taken_in_words():
                await self._create(new)
        if len(changed):
            await self._updating.put(changed, self._logged(Act.UPDATE))

    async def finish(self) -> Put:
        """Do what is done for all rows at once."""
        if self._operation_id is None:
            return Put(None, 0, 0)
        if self._range:
            self._report("counting new customers", self._created, self._created)
            clock = await read_clock(self._connection)
            await fresh.count(self._connection, clock, customer.c.id.between(*self._range))
            self._report("making them searchable", self._created, self._created)
            with taken_in_words():
                await self._adding.aclose()
        updated = await self._updating.finish(self._report)
        title = f"{self._name[:200]}: {self._created:,} new, {updated:,} changed"
        named = update(operation).where(operation.c.id == self._operation_id).values(title=title)
        await self._connection.execute(named)
        await history.finish(self._connection, self._operation_id, self._created + updated)
        return Put(self._operation_id, self._created, updated)

    async def _prepare(self, expected: int) -> None:
        """Before the first of so many new customers: drop what is made faster at the end."""
        connection = self._connection
        there = (await connection.execute(select(func.count()).select_from(customer))).scalar_one()
        highest = (await connection.execute(select(func.max(customer.c.id)))).scalar()
        self._highest = highest or 0
        await self._adding.enter_async_context(bulk.large_cache(connection))
        if connection.dialect.name == "sqlite":
            many = expected * MANY > there
            dropped = bulk.without_indexes(
                connection, FILLED if many else ["found_by"], SCATTERED if many else ()
            )
            await self._adding.enter_async_context(dropped)
        elif not there:
            # Nobody waits for a table without customers.
            await self._adding.enter_async_context(bulk.without_indexes(connection, FILLED))
        else:
            await connection.execute(text("SET LOCAL gin_pending_list_limit = '1GB'"))

    async def _create(self, new: pl.DataFrame) -> None:
        connection = self._connection
        new = new.with_columns(await self._ids(len(new)))
        first, last = int(new[ID].min()), int(new[ID].max())  # type: ignore[arg-type]
        self._range = (self._range[0] if self._range else first, last)
        constants = self._constants()
        values = [self._value(name, constants) for name in self._fields]
        customers = new.select(ID, *values, pl.col(KEY).alias("name_key"))
        others = {name: value for name, value in constants.items() if name not in self._fields}
        # Made while the database is busy.
        beside = asyncio.ensure_future(asyncio.to_thread(self._beside, new))
        try:
            await put_frame(connection, "customer", customers, others)
        finally:
            documents, log = await beside
        await put_frame(connection, "found_by", documents, {})
        await put_frame(connection, "change", log, self._logged(Act.CREATE) | {"before": "{}"})
        self._created += len(new)

    def _beside(self, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What new customers are found by, and what the log keeps of them."""
        after = json_of({name: new[text_of(name)].alias(name) for name in self._fields})
        documents = pl.DataFrame({"customer_id": new[ID], "document": _documents(new)})
        return documents, pl.DataFrame({"record_id": new[ID], "customer_id": new[ID], "after": after})

    def _value(self, name: str, constants: Mapping[str, Any]) -> pl.Expr:
        given = pl.col(stored(name))
        usual = pl.when(pl.col(text_of(name)).is_null()).then(pl.lit(constants[name])).otherwise(given)
        return (given if constants[name] is None else usual).alias(name)

    def _logged(self, act: Act) -> dict[str, Any]:
        return {"operation_id": self._operation_id, "record": "customer", "act": act.value}

    async def _ids(self, count: int) -> pl.Series:
        """New numbers for customers, that nobody else gets."""
        if self._connection.dialect.name == "sqlite":
            first = self._highest + self._created + 1
            return pl.int_range(first, first + count, dtype=pl.Int64, eager=True).alias(ID)
        numbers = text(
            "SELECT array_agg(nextval(it)) FROM generate_series(1, :count),"
            " (SELECT pg_get_serial_sequence('customer', 'id')::regclass AS it OFFSET 0) AS sequence"
        ).bindparams(count=count)
        return pl.Series(ID, (await self._connection.execute(numbers)).scalar_one(), dtype=pl.Int64)

    def _constants(self) -> dict[str, Any]:
        """What a new customer has where the file says nothing, as it is stored."""
        dialect = self._connection.dialect
        every = upload_fields()
        usual = {
            name: ColumnReader(field, customer, dialect).stored(field.empty())
            for name, field in every.items()
        }
        if dialect.name == "sqlite":
            moment: Any = self._now.replace(tzinfo=None).isoformat(" ", "microseconds")
        else:
            moment = self._now.isoformat()
        kept = {"version": 1, "created_at": moment, "changed_at": moment, "deleted_at": None}
        return {**usual, **kept, "toml_broken": False, "pending": False}


def _documents(new: pl.DataFrame) -> pl.Series:
    """What new customers are found by: as `search.document` says it, of those who have no contacts yet."""
    parts = [pl.col(text_of("name"))]
    if text_of("external_id") in new.columns:
        parts.append(_unless_said(pl.col(text_of("external_id")), parts))
    if text_of("tags") in new.columns:
        tags = pl.col(text_of("tags")).str.replace_all(", ", " ", literal=True)
        parts.append(_unless_said(pl.when(tags != "").then(tags), parts))
    return folded(new.select(pl.concat_str(parts, separator="\n", ignore_nulls=True)).to_series())


def _unless_said(part: pl.Expr, parts: list[pl.Expr]) -> pl.Expr:
    said = pl.any_horizontal((part == other).fill_null(False) for other in parts)
    return pl.when(~said).then(part)
