"""Customers into a file, part by part, in the order of their list.

Every field that can be uploaded has its column, so that an upload of the file changes nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import polars as pl

from cx_tui.domain.query import Query
from cx_tui.errors import Refused
from cx_tui.services.export.writers import writer_to
from cx_tui.services.lists.customers import Customers
from cx_tui.services.upload.order import upload_fields

SLICE = 16_384
MOST_IN_A_SHEET = 1_048_575
"""So many rows fit into a spreadsheet beneath its header."""

Progress = Callable[[int, int], None]


class Export:
    """Exports of the customers of one database."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    async def of_query(self, path: Path, query: Query, progress: Progress | None = None) -> int:
        """Write the customers that a query asks for; says how many."""
        listing = await self._customers.list(query)
        total = await listing.exact_count()
        return await self.of_ids(path, await listing.every_id(), progress, total)

    async def of_ids(
        self, path: Path, ids: Sequence[int], progress: Progress | None = None, total: int | None = None
    ) -> int:
        """Write these customers, as long as they are there; says how many."""

        async def parts() -> AsyncIterator[pl.DataFrame]:
            for start in range(0, len(ids), SLICE):
                yield await self._customers.texts(ids[start : start + SLICE], upload_fields())

        return await _write(path, len(ids) if total is None else total, parts(), progress)


def write_template(path: Path) -> None:
    """Write a file with all columns and one example row."""
    with writer_to(path) as writer:
        writer.add(pl.DataFrame([{name: field.example for name, field in upload_fields().items()}]))


async def _write(
    path: Path, total: int, parts: AsyncIterator[pl.DataFrame], progress: Progress | None
) -> int:
    if path.suffix.lower() == ".xlsx" and total > MOST_IN_A_SHEET:
        raise Refused(f"a spreadsheet holds {MOST_IN_A_SHEET:,} rows, these are {total:,}; choose .csv")
    written = 0
    with writer_to(path) as writer:
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
