"""An upload from file to database: read, judged and written part by part, in one transaction."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing, new_counters
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.who import Who
from cx_tui.errors import Misconfigured
from cx_tui.services.changes.pipeline import pipelined
from cx_tui.services.upload.encoding import label_of
from cx_tui.services.upload.existing import Existing
from cx_tui.services.upload.judged import VERDICT, WARNING
from cx_tui.services.upload.judging import Judge
from cx_tui.services.upload.logged_file import LoggedFile
from cx_tui.services.upload.needing_two import NeedingTwo
from cx_tui.services.upload.order import REJECTED, Order, Verdict, mapped_fields
from cx_tui.services.upload.putting import Put, Putting, Report
from cx_tui.services.upload.rejects import Rejects, rejects_of
from cx_tui.services.upload.sheet import LINE, Sheet

AHEAD = 3
"""So many parts are made ready ahead.  More would only take memory."""

LARGE = 20_000
"""A file with so many lines is worth preparations."""

Parts = AsyncIterator[tuple[pl.DataFrame, pl.DataFrame]]
"""The parts of a file as they are in it and as they were parsed."""

Listener = Callable[[pl.DataFrame], None]
"""Is told the verdicts of each part."""


class Finds(Protocol):
    """Finds what rows speak of."""

    async def find(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with what was there before the upload."""


class Puts(Protocol):
    """Writes what was judged."""

    async def put(self, rows: pl.DataFrame, share: float) -> None:
        """Write the rows that can be written; so large is their share of all that will come."""


VERDICTS = {verdict.value: verdict for verdict in Verdict}


@dataclass
class Summary:
    """What an upload came to."""

    note: str
    counts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    warnings: int = 0
    written: bool = False
    put: Put = Put(None, 0, 0)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return sum(self.counts.values())

    @property
    def rejected(self) -> int:
        """How many of them are not written and need a person."""
        return sum(self.counts[verdict] for verdict in REJECTED)

    def add(self, rows: pl.DataFrame) -> None:
        """Count the verdicts of some rows."""
        for verdict, number in rows.group_by(VERDICT).len().iter_rows():
            self.counts[VERDICTS[verdict]] += number
        self.warnings += len(rows) - rows[WARNING].null_count()


class Upload:
    """One upload of a file into a database, by one person."""

    def __init__(
        self,
        database: Database,
        who: Who,
        order: Order,
        sheet: Sheet,
        report: Report = lambda what, done, of: None,
        listener: Listener = lambda rows: None,
    ) -> None:
        self._database = database
        self._who = who
        self._order = order
        self._sheet = sheet
        self._fields = mapped_fields(order, sheet.header)
        self._judge = self._made_judge()
        self._needing_two = NeedingTwo()
        self._summary = Summary(sheet.note)
        self._tell = report
        self._listener = listener
        self._stopping = False
        self._driver: Any = None

    def _made_judge(self) -> Judge:
        return Judge(self._order, self._fields, self._database.engine.dialect)

    async def run(self) -> Summary:
        """Judge every row, and unless it is a dry run write those that can be written.

        When it is cancelled, it ends after all is turned back.
        """
        if self._sheet.likely and not self._order.dry_run:
            raise Misconfigured(self._guess())
        work = asyncio.ensure_future(self._run())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await self._stop(work)
            raise

    def _guess(self) -> str:
        first, *others = (one.name for one in self._sheet.likely)
        said = f"; it may also be {', '.join(others[:4])}" if others else ""
        return (
            f"{self._order.path.name} is not UTF-8, and {label_of(first)} is only a guess: look at its texts,"
            f" then say --encoding {first}{said}"
        )

    async def _stop(self, work: "asyncio.Future[Summary]") -> None:
        self._stopping = True
        if self._driver is None or not self._database.on_sqlite:
            work.cancel()
        else:
            # SQLite's thread can't be left alone: what it does now is broken off, and then turned back.
            await self._driver.interrupt()
        await asyncio.gather(work, return_exceptions=True)

    def _report(self, what: str, done: int, of: int) -> None:
        if self._stopping:
            raise asyncio.CancelledError
        self._tell(what, done, of)

    async def _run(self) -> Summary:
        with rejects_of(self._order, self._sheet) as rejects:
            # The file is read and parsed while the database is prepared.
            async with _ahead(self._sheet.parts(), self._judge) as parts:
                if self._order.dry_run:
                    async with self._database.reading() as connection:
                        await self._work(connection, connection, parts, rejects)
                        await asyncio.to_thread(rejects.finish)
                else:
                    await self._write(parts, rejects)
        return self._summary

    async def _write(self, parts: Parts, rejects: Rejects) -> None:
        summary = self._summary
        async with AsyncExitStack() as stack:
            alone = self._sheet.lines > LARGE and not await self._anybody_there()
            if alone:
                await stack.enter_async_context(bulk_writing.alone(self._database))
                await new_counters.trust(self._database)
            with suppress(TurnedBack):
                async with self._database.writing() as connection:
                    name, file = self._order.path.name, LoggedFile(self._order)
                    beside = connection
                    if not (alone and self._database.on_sqlite):
                        beside = await stack.enter_async_context(self._database.reading())
                    # SQLite's thread can't be left alone; what it does is broken off elsewhere.
                    async with (
                        AsyncExitStack() as meanwhile,
                        pipelined(cancel=not self._database.on_sqlite) as pipeline,
                    ):
                        putting = Putting(
                            connection, beside, self._who, name, file, self._fields, self._report, pipeline,
                            meanwhile, self._search,
                        )  # fmt: skip
                        await self._work(connection, beside, parts, rejects, putting)
                        if self._order.all_or_nothing and summary.rejected:
                            raise TurnedBack
                        summary.put = await putting.finish()
                        await asyncio.to_thread(rejects.finish)
                    self._report("keeping it", summary.rows, summary.rows)
                summary.written = True

    def _search(self) -> None:
        self._database.afterwards(bulk_writing.put_into_search(self._database))

    async def settle(self) -> None:
        """Afterwards: let the database put its house in order."""
        if not self._order.dry_run:
            await bulk_writing.settle(self._database)

    async def _work(
        self,
        connection: AsyncConnection,
        beside: AsyncConnection,
        parts: Parts,
        rejects: Rejects,
        putting: "Puts | None" = None,
    ) -> None:
        """Judge the file part by part and write it."""
        self._driver = (await connection.get_raw_connection()).driver_connection
        existing = await self._existing(connection, beside)
        summary, lines = self._summary, self._sheet.lines
        async for raw, read_rows in parts:
            found = await existing.find(read_rows)
            rows = await self._ruled(beside, await asyncio.to_thread(self._judge.judge, found))
            summary.add(rows)
            self._listener(rows)
            rejects.add(raw, rows)
            done = max(min(int(rows[LINE][-1]), lines), 1)
            useless = self._order.all_or_nothing and summary.rejected
            if putting and not useless:
                await putting.put(rows, done / max(lines, 1))
            self._report("uploading" if putting else "checking", done, lines)

    async def _ruled(self, connection: AsyncConnection, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows as the rules of their kind judge them, which ask the database."""
        return await self._needing_two.judged(connection, rows)

    async def _existing(self, connection: AsyncConnection, beside: AsyncConnection) -> "Finds":
        return Existing(beside, self._fields, anybody=await _anybody(connection))

    async def _anybody_there(self) -> bool:
        async with self._database.reading() as connection:
            return await _anybody(connection)


async def _anybody(connection: AsyncConnection) -> bool:
    """Whether there are customers."""
    return (await connection.execute(select(customer.c.id).limit(1))).first() is not None


class TurnedBack(Exception):
    """All or nothing was asked for, and it is nothing."""


@asynccontextmanager
async def _ahead(parts: Iterator[pl.DataFrame], judge: Judge) -> AsyncIterator[Parts]:
    """The parts of a file as they are in it and as they were parsed.  Threads are ahead of who takes them:
    one reads the next part while others parse those before it."""
    file = asyncio.Lock()
    over = False

    async def prepared() -> tuple[pl.DataFrame, pl.DataFrame] | None:
        async with file:
            if over:
                return None
            raw = await asyncio.to_thread(lambda: next((part for part in parts if len(part)), None))
        return None if raw is None else (raw, await asyncio.to_thread(judge.read, raw))

    under_way = deque(asyncio.ensure_future(prepared()) for _ in range(AHEAD))

    async def taken() -> Parts:
        while (part := await under_way[0]) is not None:
            under_way.popleft()
            under_way.append(asyncio.ensure_future(prepared()))
            yield part

    try:
        yield taken()
    finally:
        over = True
        # What was begun in a thread can't be left alone.
        await asyncio.gather(*under_way, return_exceptions=True)
