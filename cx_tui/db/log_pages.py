"""Which numbers stand at which positions: for lists of operations, and of changes, of any length.

What comes after a list was opened is not in it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import log_blocks
from cx_tui.db.engine import ask
from cx_tui.db.history import matching
from cx_tui.db.history_tables import OF_OPERATION, change, operation
from cx_tui.db.tables import customer
from cx_tui.domain.history import Change, LogQuery, Operation

T = TypeVar("T", bound=Operation | Change)


class Pages(Protocol[T]):
    """A list of the log."""

    async def open(self, connection: AsyncConnection) -> int:
        """Say how many there are; first of all."""

    async def numbers(
        self, connection: AsyncConnection, start: int, limit: int, after: int | None
    ) -> Sequence[int]:
        """The numbers at some positions; to walk on after the number before them is quicker."""

    async def position(self, connection: AsyncConnection, number: int) -> int | None:
        """Where a number stands, if it is there."""

    async def rows(self, connection: AsyncConnection, numbers: Sequence[int]) -> list[T]:
        """The rows of these numbers."""


class _InTable(Generic[T]):
    """The rows of one table that a question asks for, in the order of their numbers."""

    def __init__(
        self, made: type[T], question: Select[Any], number: ColumnElement[int], *, newest_first: bool
    ) -> None:
        self._made = made
        self._question = question
        self._number = number
        self._newest_first = newest_first
        self._total = 0

    async def open(self, connection: AsyncConnection) -> int:
        """Say how many there are; first of all."""
        total = self._question.with_only_columns(func.count(), func.max(self._number))
        self._total, highest = tuple((await ask(connection, total))[0])
        self._question = self._question.where(self._number <= (highest or 0))
        return self._total

    async def numbers(
        self, connection: AsyncConnection, start: int, limit: int, after: int | None
    ) -> Sequence[int]:
        """The numbers at some positions: walked on from the one before, else from the nearer end."""
        limit = min(limit, self._total - start)
        if limit <= 0:
            return []
        backward = after is None and start >= self._total // 2
        descending = self._newest_first != backward
        wanted = self._question.with_only_columns(self._number).limit(limit)
        wanted = wanted.order_by(self._number.desc() if descending else self._number)
        if after is not None:
            wanted = wanted.where(self._number < after if self._newest_first else self._number > after)
        else:
            wanted = wanted.offset(self._total - start - limit if backward else start)
        found = [row[0] for row in await ask(connection, wanted)]
        return found[::-1] if backward else found

    async def position(self, connection: AsyncConnection, number: int) -> int | None:
        """Where a number stands, if it is there."""
        mine = self._number
        there = self._question.with_only_columns(mine).where(mine == number).exists()
        earlier = mine > number if self._newest_first else mine < number
        before = self._question.with_only_columns(func.count(), there).where(earlier)
        count, is_there = tuple((await ask(connection, before))[0])
        return int(count) if is_there else None

    async def rows(self, connection: AsyncConnection, numbers: Sequence[int]) -> list[T]:
        """The rows of these numbers."""
        these = select(*self._question.selected_columns).where(self._number.in_(numbers))
        return [self._made(**row._mapping) for row in await ask(connection, these)]


class _Operations(_InTable[Operation]):
    """The operations that a query asks for."""

    def __init__(self, query: LogQuery) -> None:
        super().__init__(Operation, select(*OF_OPERATION), operation.c.id, newest_first=True)
        self._query = query

    async def open(self, connection: AsyncConnection) -> int:
        """Say how many there are; first of all."""
        self._question = await matching(connection, self._question, self._query)
        return await super().open(connection)


class _Changes:
    """What an operation changed: first the customers in blocks, with numbers below zero."""

    def __init__(self, operation_id: int, customer_id: int | None) -> None:
        self._operation_id = operation_id
        self._customer_id = customer_id
        question = select(change).where(change.c.operation_id == operation_id)
        if customer_id is not None:
            question = question.where(change.c.customer_id == customer_id)
        self._others = _InTable(Change, question, change.c.id, newest_first=False)
        self._blocks: Sequence[Sequence[int]] = ()
        """The customers of each block."""
        self._ends: Sequence[int] = ()
        """How many there are up to the end of each block."""

    async def open(self, connection: AsyncConnection) -> int:
        """Say how many there are; first of all."""
        self._blocks = await log_blocks.customers(connection, self._operation_id, self._customer_id)
        self._ends = list(accumulate(map(len, self._blocks)))
        return self._in_blocks + await self._others.open(connection)

    async def numbers(
        self, connection: AsyncConnection, start: int, limit: int, after: int | None
    ) -> Sequence[int]:
        """The numbers at some positions; to walk on after the number before them is quicker."""
        found = [-self._customer_at(place) for place in range(start, min(start + limit, self._in_blocks))]
        if len(found) == limit:
            return found
        later = None if found or after is None or after < 0 else after
        place = max(start - self._in_blocks, 0)
        return found + list(await self._others.numbers(connection, place, limit - len(found), later))

    async def position(self, connection: AsyncConnection, number: int) -> int | None:
        """Where a number stands, if it is there."""
        if number > 0:
            place = await self._others.position(connection, number)
            return None if place is None else self._in_blocks + place
        every = zip(self._blocks, self._ends, strict=True)
        return next((end - len(one) + one.index(-number) for one, end in every if -number in one), None)

    async def rows(self, connection: AsyncConnection, numbers: Sequence[int]) -> list[Change]:
        """The rows of these numbers."""
        customer_ids = [-one for one in numbers if one < 0]
        found = await log_blocks.these(connection, self._operation_id, customer_ids)
        return found + await self._others.rows(connection, [one for one in numbers if one > 0])

    @property
    def _in_blocks(self) -> int:
        return self._ends[-1] if self._ends else 0

    def _customer_at(self, place: int) -> int:
        which = bisect_right(self._ends, place)
        return self._blocks[which][place - self._ends[which]]


def of_operations(query: LogQuery) -> Pages[Operation]:
    """The operations that a query asks for, the newest first."""
    return _Operations(query)


def of_changes(operation_id: int, customer_id: int | None = None) -> Pages[Change]:
    """What an operation changed, in its order; of one customer if asked."""
    return _Changes(operation_id, customer_id)


async def names(connection: AsyncConnection, customer_ids: Sequence[int]) -> dict[int, str]:
    """The names of customers, also of deleted ones."""
    wanted = select(customer.c.id, customer.c.name).where(customer.c.id.in_(customer_ids))
    return {row.id: row.name for row in await ask(connection, wanted)}
