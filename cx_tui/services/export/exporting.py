"""Customers into a file, part by part, in the order of their list.

Every field that can be uploaded has its column, so that an upload of the file changes nothing.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import polars as pl

from cx_tui.domain.query import Query
from cx_tui.errors import Refused
from cx_tui.services.export.writers import writer_to
from cx_tui.services.lists.customers import Customers
from cx_tui.services.upload.order import upload_fields

SLICE = 4_096
MOST_IN_A_SHEET = 1_048_575
"""So many rows fit into a spreadsheet beneath its header."""

CustomerRow = Mapping[str, Any]
Progress = Callable[[int, int], None]


class Export:
    """Exports of the customers of one database."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    async def of_query(self, path: Path, query: Query, progress: Progress | None = None) -> int:
        """Write the customers that a query asks for; says how many."""
        listing = await self._customers.list(query)
        total = await listing.exact_count()

        async def parts() -> AsyncIterator[list[CustomerRow]]:
            for start in range(0, total, SLICE):
                yield list(await listing.rows(start, SLICE, upload_fields()))

        return await _write(path, total, parts(), progress)

    async def of_ids(self, path: Path, ids: Sequence[int], progress: Progress | None = None) -> int:
        """Write these customers, as long as they are there; says how many."""
        listing = await self._customers.list(Query())

        async def parts() -> AsyncIterator[list[CustomerRow]]:
            for start in range(0, len(ids), SLICE):
                some = ids[start : start + SLICE]
                found = await listing.again(some, upload_fields())
                yield [found[one] for one in some if one in found]

        return await _write(path, len(ids), parts(), progress)


def write_template(path: Path) -> None:
    """Write a file with all columns and one example row."""
    with writer_to(path) as writer:
        writer.add(pl.DataFrame([{name: field.example for name, field in upload_fields().items()}]))


async def _write(
    path: Path, total: int, parts: AsyncIterator[list[CustomerRow]], progress: Progress | None
) -> int:
    if path.suffix.lower() == ".xlsx" and total > MOST_IN_A_SHEET:
        raise Refused(f"a spreadsheet holds {MOST_IN_A_SHEET:,} rows, these are {total:,}; choose .csv")
    written = 0
    with writer_to(path) as writer:
        async for rows in parts:
            writer.add(_texts(rows))
            written += len(rows)
            if progress:
                progress(written, total)
    return written


def _texts(rows: Sequence[CustomerRow]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: pl.Series(field.write_each(list(map(itemgetter(name), rows))), dtype=pl.String)
            for name, field in upload_fields().items()
        }
    )
