"""Reading customers: lists of them, and how many have each status."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from cx_tui.db import customer_lists, kept_warnings
from cx_tui.db.customer_expressions import Clock, read_clock
from cx_tui.db.engine import Database
from cx_tui.domain.fields import Field
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.domain.sheet_fields import refers_to
from cx_tui.errors import Refused, Unavailable
from cx_tui.services.lists.listing import Listing
from cx_tui.services.lists.source import CustomerSource
from cx_tui.services.waiting import is_answered

ANSWERS_WITHIN = 5.0
"""Seconds after which a database that does not answer the simplest question counts as away."""

if TYPE_CHECKING:
    import polars as pl

CLOCK_KEPT = timedelta(seconds=30)


class Customers:
    """The customers of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clock: Clock | None = None
        self._swept_by_others = database.read_only

    async def list(self, query: Query, expected: int | None = None) -> Listing:
        """The customers that a query asks for; nothing is counted or read yet.

        With a number that is `expected` the first rows need not wait for the count.
        """
        some = self._database.rights.reseller
        source = CustomerSource(query, await self._now(), on_sqlite=self._database.on_sqlite, some=some)
        return Listing(self._database, source, None if query.typed else expected)

    async def texts(self, ids: Sequence[int], fields: Mapping[str, Field]) -> "pl.DataFrame":
        """The fields of these customers as they are written, in this order; who is gone is missing.  What
        they refer to stands there with its name."""
        from cx_tui.db import raw_rows  # brings polars, which the list does not need
        from cx_tui.db.record_names import names_of

        async with self._database.reading() as connection:
            texts = await raw_rows.texts(connection, ids, fields)
            for name, field in fields.items():
                if other := refers_to(field):
                    numbers = {text: field.read(text) for text in texts[name].unique() if text}
                    names = await names_of(connection, other, numbers.values())
                    said = {text: names[number] for text, number in numbers.items()}
                    texts = texts.with_columns(texts[name].replace(said))
            return texts

    async def status_counts(self) -> dict[StatusFilter, int]:
        """How many customers each choice of the status filter has."""
        clock = await self._now()
        async with self._database.reading() as connection:
            return await customer_lists.status_counts(connection, clock)

    async def heartbeat(self) -> None:
        """Whether the database answers at all, on whatever connection: Unavailable when it does not."""
        asked = asyncio.ensure_future(self._ask())
        try:
            if not await is_answered(asked, ANSWERS_WITHIN):
                raise Unavailable(f"the database has not answered for {ANSWERS_WITHIN:.0f} s")
            await asked
        finally:
            asked.cancel()

    async def _ask(self) -> None:
        async with self._database.reading() as connection:
            await connection.execute(select(1))

    async def sweep(self) -> None:
        """Where it is due, renew what is kept of the customers and follows the clock."""
        if self._swept_by_others or (await self._now()).has_warnings:
            return
        try:
            async with self._database.writing_if_free() as connection:
                await kept_warnings.sweep(connection, await read_clock(connection))
        except Unavailable:
            return  # another writes just now; the next refresh comes back to it
        except Refused:
            self._swept_by_others = True
        self._clock = None

    async def _now(self) -> Clock:
        if self._clock is None or datetime.now(UTC) - self._clock.now > CLOCK_KEPT:
            async with self._database.reading() as connection:
                self._clock = await read_clock(connection)
        return self._clock
