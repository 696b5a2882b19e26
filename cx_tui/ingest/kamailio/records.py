"""Records of a Kamailio from its table acc_cdrs, in the order of their ids."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import TextClause, bindparam, text

from cx_tui.db.engine import Database, ask
from cx_tui.domain.calls.call import Call
from cx_tui.errors import Invalid, Misconfigured
from cx_tui.ingest.adapter import Recognise, nobody
from cx_tui.ingest.files.blocks import LINE, BadRow
from cx_tui.ingest.files.building import Builder
from cx_tui.ingest.files.formats import BY_NAME
from cx_tui.ingest.mapping import check

BATCH = 500
LOST = 300.0
"""Seconds: a number that was left out for so long will never come."""
MOST_GAPS = 1000


class RecordTable:
    """The table of records of one switch.

    Numbers are given out before a row is there: one may become visible behind a larger one.  Those that were
    left out are asked for again, for some minutes.
    """

    def __init__(
        self,
        source: str,
        database: Database,
        *,
        table: str = "acc_cdrs",
        zone: str = "",
        after: int = 0,
        recognise: Recognise = nobody,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not table.replace("_", "").isalnum():
            raise Misconfigured(f'"{table}" is not a name of a table; Kamailio\'s own is acc_cdrs')
        self._source = source
        self._database = database
        self._zone = zone
        self._recognise = recognise
        self._clock = clock
        self._table = table
        self._builder: Builder | None = None
        self._gaps: dict[int, float] = {}
        self.last = after

    async def next(self) -> tuple[list[Call], list[BadRow]]:
        """The next records, and what is wrong with rows that are none; nothing when there are none yet."""
        rows = await self._rows(self._new(), {"after": self.last, "most": BATCH})
        self._gaps = {one: since for one, since in self._gaps.items() if self._clock() - since < LOST}
        if self._gaps:
            rows = [*await self._rows(self._left_out(), {"gaps": list(self._gaps)}), *rows]
        if not rows:
            return [], []
        self._pass({int(row["id"]) for row in rows})
        return await asyncio.to_thread(self._made_of, rows)

    async def newest(self) -> int:
        """The largest number of a record."""
        rows = await self._rows(text(f"SELECT max(id) AS id FROM {self._table}"), {})  # noqa: S608
        return int(rows[0]["id"] or 0)

    async def has(self, key: str, after: int) -> bool:
        """Whether the call has its record, behind this number: there is no index on its key."""
        where = f"SELECT id FROM {self._table} WHERE id > :after AND callid = :key LIMIT 1"  # noqa: S608
        return bool(await self._rows(text(where), {"after": after, "key": key}))

    def _new(self) -> TextClause:
        return text(f"SELECT * FROM {self._table} WHERE id > :after ORDER BY id LIMIT :most")  # noqa: S608

    def _left_out(self) -> TextClause:
        these = text(f"SELECT * FROM {self._table} WHERE id IN :gaps ORDER BY id")  # noqa: S608
        return these.bindparams(bindparam("gaps", expanding=True))

    async def _rows(self, question: TextClause, given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        async with self._database.reading() as connection:
            return [dict(row._mapping) for row in await ask(connection, question, given)]

    def _pass(self, ids: set[int]) -> None:
        now = self._clock()
        for one in ids & self._gaps.keys():
            del self._gaps[one]
        last = max(self.last, *ids)
        # Where it begins for the first time nothing was left out before.
        first = self.last + 1 if self.last else min(ids)
        for one in range(max(first, last - MOST_GAPS), last):
            if one not in ids and one not in self._gaps and one > self.last:
                self._gaps[one] = now
        self.last = last

    def _made_of(self, rows: Sequence[Mapping[str, Any]]) -> tuple[list[Call], list[BadRow]]:
        columns = [name for name in rows[0] if name != LINE]
        texts = {name: ["" if row[name] is None else str(row[name]) for row in rows] for name in columns}
        frame = pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String))
        frame = frame.with_columns(pl.Series(LINE, [int(row["id"]) for row in rows], dtype=pl.Int64))
        if self._builder is None:
            self._builder = self._build(columns)
        made = self._builder.made_of(frame)
        return made.calls, made.bad

    def _build(self, columns: Sequence[str]) -> Builder:
        own = BY_NAME["kamailio-cdrs"]
        found = own if own.with_header <= set(columns) else BY_NAME["kamailio-cdrs-plain"]
        mapping = found.mapping.for_columns(columns).in_zone(self._zone)
        try:
            if not mapping.key:
                raise Misconfigured("it has no column callid; add callid=$dlg_var(callid) to cdr_extra")
            check(mapping, columns)
        except (Invalid, Misconfigured) as error:
            raise Misconfigured(f"the table {self._table} of {self._source}: {error}") from None
        return Builder(mapping, self._source, self._recognise)
