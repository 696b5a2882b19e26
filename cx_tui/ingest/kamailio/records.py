"""Records of a Kamailio from its table acc_cdrs, in the order of their ids."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import TextClause, bindparam, text

from cx_tui.db.engine import Database, ask
from cx_tui.domain.calls.call import Call
from cx_tui.errors import Misconfigured
from cx_tui.ingest.adapter import Recognise, nobody
from cx_tui.ingest.files.blocks import BadRow
from cx_tui.ingest.kamailio.rows import RecordRows

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
        self._database = database
        self._clock = clock
        self._table = table
        self._made = RecordRows(source, f"the table {table}", zone, recognise)
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
        return await asyncio.to_thread(self._made.made_of, rows)

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
