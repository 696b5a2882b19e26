"""What lists are read from: customers, with their search index and counters, or records of any other kind."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import call_series, customer_lists, record_lists
from cx_tui.db.customer_expressions import Clock
from cx_tui.db.customer_lists import CustomerSelect
from cx_tui.db.record_lists import RecordSelect
from cx_tui.domain.query import Query
from cx_tui.domain.search import wanted


class ListSource(Protocol):
    """A query, and the questions that answer it."""

    query: Query

    @property
    def is_of_the_past(self) -> bool:
        """Whether what follows the clock may differ by now."""

    @property
    def may_be_parted(self) -> bool:
        """Whether each record is looked at by itself, so that some can be asked after the others."""

    @property
    def id_column(self) -> ColumnElement[int]:
        """The number of a record."""

    def ids(self, start: int, count: int, *, backward: bool = False) -> Select[Any]:
        """The ids at `count` positions, counted from the end when going backward."""

    def every(self) -> Select[Any]:
        """The ids of all of them, in no order."""

    def in_order(self, ids: Collection[int]) -> Select[Any]:
        """Ids that were found, in its order."""

    def total(self) -> Select[Any]:
        """How many there are."""

    def keys_of(self, record_id: int) -> Select[Any]:
        """What a record is sorted by, if it is one of them."""

    def before(self, keys: Sequence[Any], record_id: int) -> Select[Any]:
        """How many stand before one that has these keys."""

    async def hits(self, connection: AsyncConnection, limit: int) -> int | None:
        """How many a search index finds, counted up to the limit; None when there is none to ask."""

    def walking(self) -> "ListSource":
        """The same, found by looking at all in their order: better for a word that very many have."""

    async def rows(
        self, connection: AsyncConnection, ids: Collection[int], columns: Iterable[str]
    ) -> dict[int, Mapping[str, Any]]:
        """The rows of these ids, with these columns by name."""


class CustomerSource(CustomerSelect):
    """Customers."""

    @property
    def is_of_the_past(self) -> bool:
        """Whether the quarter of an hour is over in which it was asked."""
        return self.clock.quarter != Clock(datetime.now(UTC)).quarter

    async def hits(self, connection: AsyncConnection, limit: int) -> int | None:
        if len(wanted(self.query.search)) < customer_lists.SHORTEST:
            return None
        return await customer_lists.hits(connection, self.query, limit, some=self.some)

    def walking(self) -> "CustomerSource":
        return CustomerSource(self.query, self.clock, on_sqlite=self.on_sqlite, walk=True, some=self.some)

    async def rows(
        self, connection: AsyncConnection, ids: Collection[int], columns: Iterable[str]
    ) -> dict[int, Mapping[str, Any]]:
        names = list(columns)
        found = await customer_lists.rows(connection, ids, names, self.clock)
        hourly = call_series.SERIES.keys() & names
        if not hourly or not found:
            return found
        series = await call_series.of_customers(connection, list(found), hourly, datetime.now(UTC))
        nothing: Mapping[str, Any] = dict.fromkeys(hourly)
        return {one: {**values, **series.get(one, nothing)} for one, values in found.items()}


class RecordSource(RecordSelect):
    """Records of any other kind."""

    is_of_the_past = False

    async def hits(self, connection: AsyncConnection, limit: int) -> int | None:
        return None

    def walking(self) -> "RecordSource":
        return self

    async def rows(
        self, connection: AsyncConnection, ids: Collection[int], columns: Iterable[str]
    ) -> dict[int, Mapping[str, Any]]:
        return await record_lists.rows(connection, self.query.record, ids, columns)
