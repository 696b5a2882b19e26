"""Changing customers who exist: their new values wait in a table of their own and are written at the end.

So every row of the file is judged by the customers as they were before it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Boolean, Column, MetaData, Table, case, func, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable, DropTable

from cx_tui.db.derived import follow
from cx_tui.db.frame_copy import Ready, ready
from cx_tui.db.records import taken_in_words
from cx_tui.db.tables import NOBODYS, record_table
from cx_tui.domain.fields import Field
from cx_tui.domain.records import record_named
from cx_tui.domain.records.customer import Customer
from cx_tui.errors import Refused
from cx_tui.services.upload.judged import ID, KEY, VERSION, WHOSE, differs, logged, logged_now, now, stored
from cx_tui.services.upload.judged import text as text_of
from cx_tui.services.upload.logged import json_of

MEANWHILE = "others changed {} of this file while it was uploaded, so nothing was; upload it again"


NEW = "uploaded"
"""The table in which new values wait."""


@dataclass(frozen=True)
class Changes:
    """Some customers' changes, ready to be written."""

    ids: list[int]
    customers: set[int]
    """The customers that they belong to."""
    names: set[str]
    """The fields that any of them changes."""
    values: Ready
    log: Ready


class Updating:
    """The changes of one upload."""

    def __init__(
        self,
        connection: AsyncConnection,
        fields: Mapping[str, Field],
        moment: datetime,
        record: str = "customer",
    ) -> None:
        self._connection = connection
        self._kind = record_named(record)
        self._table = record_table(self._kind)
        self._is_customer = self._kind is Customer
        self._customers: set[int] = set()
        self._fields = fields
        self._moment = moment
        self._on_sqlite = connection.dialect.name == "sqlite"
        self._ids: list[int] = []
        self._names: set[str] = set()
        self._new: Table | None = None

    def rows(self, changed: pl.DataFrame, told: Mapping[str, Any]) -> Changes:
        """Changes of customers, and their log, ready to be written."""
        differing = {name: differs(name) for name in self._fields}
        frame = changed.select(
            ID,
            *(
                pl.when(of).then(_either(changed, logged_now(name), now(name))).alias(f"before {name}")
                for name, of in differing.items()
            ),
            *(
                pl.when(of).then(_either(changed, logged(name), text_of(name))).alias(f"after {name}")
                for name, of in differing.items()
            ),
        )
        texts = {
            when: json_of({name: frame[f"{when} {name}"].alias(name) for name in self._fields})
            for when in ("before", "after")
        }
        whose = changed[ID if self._is_customer else WHOSE]
        log = pl.DataFrame({"record_id": changed[ID], "customer_id": whose, **texts})
        return Changes(
            changed[ID].to_list(),
            set(whose.unique()),
            {name for name, of in differing.items() if changed.select(of.any()).item()},
            ready(self._on_sqlite, NEW, self._values(changed), {}),
            ready(self._on_sqlite, "change", log, told),
        )

    async def put(self, changes: Changes) -> None:
        """Note changes of customers, and write their log."""
        if self._new is None:
            self._new = self._new_table()
            await self._connection.execute(CreateTable(self._new))
        self._ids += changes.ids
        self._customers |= changes.customers
        self._names |= changes.names
        await changes.values.put(self._connection)
        await changes.log.put(self._connection)

    async def finish(self, report: Callable[[str, int, int], None], operation_id: int) -> int:
        """Change the customers; says how many."""
        if self._new is None:
            return 0
        several = self._kind.declared.several
        report(f"changing {several}", 0, len(self._ids))
        new = self._new
        await self._connection.execute(text(f"CREATE UNIQUE INDEX {new.name}_id ON {new.name} (id)"))
        mine = (self._table.c.id == new.c.id) & (self._table.c.version == new.c.version)
        values = {name: self._given(new, name) for name in self._fields}
        if self._is_customer and "name" in self._fields:
            values["name_key"] = func.coalesce(new.c.name_key, self._table.c.name_key)
        also = {"version": self._table.c.version + 1, "changed_at": self._moment}
        with taken_in_words(self._kind):
            done = await self._connection.execute(update(self._table).where(mine).values({**values, **also}))
        if done.rowcount != len(self._ids):
            raise Refused(MEANWHILE.format(several))
        await self._connection.execute(DropTable(new))
        report("changing what follows from them", len(self._ids), len(self._ids))
        whose = self._customers - {NOBODYS}
        await follow(self._connection, self._kind.declared.name, self._names, whose, operation_id)
        return len(self._ids)

    def _new_table(self) -> Table:
        columns = [Column(name, self._table.c[name].type) for name in (ID, VERSION, *self._fields)]
        if self._is_customer and "name" in self._fields:
            columns.append(Column("name_key", self._table.c.name_key.type))
        flags: list[Column[Any]] = [
            Column(_flag(name), Boolean()) for name, field in self._fields.items() if field.optional
        ]
        return Table(NEW, MetaData(), *columns, *flags, prefixes=["TEMPORARY"])

    def _values(self, rows: pl.DataFrame) -> pl.DataFrame:
        flag = pl.Int64 if self._on_sqlite else pl.Boolean
        return rows.select(
            ID,
            VERSION,
            *(pl.col(stored(name)).alias(name) for name in self._fields),
            *([pl.col(KEY).alias("name_key")] if self._is_customer and "name" in self._fields else []),
            *(
                pl.col(text_of(name)).is_not_null().cast(flag).alias(_flag(name))
                for name, field in self._fields.items()
                if field.optional
            ),
        )

    def _given(self, new: Table, name: str) -> Any:
        """The new value if the file gives one; one that may be empty can be given as nothing."""
        if self._fields[name].optional:
            return case((new.c[_flag(name)], new.c[name]), else_=self._table.c[name])
        return func.coalesce(new.c[name], self._table.c[name])


def _either(rows: pl.DataFrame, first: str, other: str) -> pl.Expr:
    """The first column where rows have it, else the other."""
    return pl.col(first if first in rows.columns else other)


def _flag(name: str) -> str:
    return f"gives_{name}"
