"""Records into a file, part by part, in the order of their list.

Every field that can be uploaded has its column, so that an upload of the file changes nothing: the owner
stands there with its name, and so does what a reference refers to.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cx_tui.db.record_names import names_of
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import Reference
from cx_tui.domain.query import Query
from cx_tui.domain.records import record_named
from cx_tui.domain.sheet_fields import kept_in, refers_to, sheet_fields
from cx_tui.errors import Refused
from cx_tui.services.export.writers import writer_to

if TYPE_CHECKING:
    from cx_tui.db.engine import Database
    from cx_tui.services.session import Session

SLICE = 16_384
MOST_IN_A_SHEET = 1_048_575
"""So many rows fit into a spreadsheet beneath its header."""

Rows = Sequence[Mapping[str, Any]]
Progress = Callable[[int, int], None]


class Export:
    """Exports of the records of one database."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    async def of_query(self, path: Path, query: Query, progress: Progress | None = None) -> int:
        """Write the records that a query asks for; says how many."""
        listing = await self._session.listing(query)
        total = await listing.exact_count()
        return await self.of_ids(path, query.record, await listing.every_id(), progress, total)

    async def of_ids(
        self,
        path: Path,
        record: str,
        ids: Sequence[int],
        progress: Progress | None = None,
        total: int | None = None,
    ) -> int:
        """Write these records, as long as they are there; says how many."""
        listing = await self._session.listing(Query(record=record))
        names = _columns(record)

        async def parts() -> AsyncIterator[pl.DataFrame]:
            for start in range(0, len(ids), SLICE):
                some = ids[start : start + SLICE]
                if record == "customer":
                    yield await self._session.customers.texts(some, sheet_fields(record))
                else:
                    found = await listing.again(some, names)
                    yield await texts_of(
                        self._session.database, record, [found[one] for one in some if one in found]
                    )

        return await _write(path, record, len(ids) if total is None else total, parts(), progress)


def write_template(path: Path, record: str = "customer") -> None:
    """Write a file with all columns and one example row."""
    fields = sheet_fields(record)
    with writer_to(path, fields, record_named(record).declared.many) as writer:
        writer.add(pl.DataFrame([{name: _example(field) for name, field in fields.items()}]))


async def _write(
    path: Path, record: str, total: int, parts: AsyncIterator[pl.DataFrame], progress: Progress | None
) -> int:
    if path.suffix.lower() == ".xlsx" and total > MOST_IN_A_SHEET:
        raise Refused(f"a spreadsheet holds {MOST_IN_A_SHEET:,} rows, these are {total:,}; choose .csv")
    written = 0
    with writer_to(path, sheet_fields(record), record_named(record).declared.many) as writer:
        # One part is written while the next is read.
        writing = asyncio.ensure_future(asyncio.sleep(0))
        try:
            async for texts in parts:
                await writing
                writing = asyncio.ensure_future(asyncio.to_thread(writer.add, texts))
                written += len(texts)
                if progress:
                    progress(written, total)
        finally:
            await asyncio.wait([writing])
        await writing
    return written


def _example(field: Field) -> str:
    """What stands in a template: an example, else what is usual."""
    other = refers_to(field)
    if other and field.required and not field.example:
        named = record_named(other)
        return fields_of(named)[named.declared.names].example
    # Nobody has a record of the example's name yet.
    return "" if other else field.example or field.write(field.empty())


async def texts_of(database: "Database", record: str, rows: Rows) -> pl.DataFrame:
    """The texts of rows, a column for each field that a file has."""
    columns = {}
    for name, field in sheet_fields(record).items():
        values = list(map(itemgetter(kept_in(record, name)), rows))
        columns[name] = pl.Series(await _texts(database, field, values), dtype=pl.String)
    return pl.DataFrame(columns)


async def _texts(database: "Database", field: Field, values: Sequence[Any]) -> list[str]:
    """Values as texts, references by the names of what they refer to."""
    other = refers_to(field)
    if not other:
        return field.write_each(values)
    if isinstance(field.kind, Reference):
        values = [() if value is None else (value,) for value in values]
    async with database.reading() as connection:
        names = await names_of(connection, other, {one for value in values for one in value})
    return [", ".join(names[one] for one in value) for value in values]


def _columns(record: str) -> list[str]:
    """The columns of a list that are read."""
    return [kept_in(record, name) for name in sheet_fields(record)]
