"""Which numbers stand at which positions: for lists of operations, and of changes, of any length."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.history import matching
from cx_tui.db.history_tables import change, operation
from cx_tui.db.tables import customer
from cx_tui.domain.history import Change, LogQuery, Operation


@dataclass(frozen=True)
class Pages:
    """The rows of one table that a question asks for, in the order of their numbers."""

    rows: Select[Any]
    number: ColumnElement[int]
    newest_first: bool

    def total(self) -> Executable:
        """How many there are, and the highest number of them."""
        return self.rows.with_only_columns(func.count(), func.max(self.number))

    def up_to(self, highest: int) -> "Pages":
        """The same without what came later."""
        return Pages(self.rows.where(self.number <= highest), self.number, self.newest_first)

    def ids(self, start: int, limit: int, *, backward: bool = False) -> Executable:
        """The numbers at some positions, counted from the end when asked backward."""
        return self._numbers(descending=self.newest_first != backward).offset(start).limit(limit)

    def following(self, number: int, limit: int) -> Executable:
        """The numbers that follow one."""
        later = self.number < number if self.newest_first else self.number > number
        return self._numbers(descending=self.newest_first).where(later).limit(limit)

    def before(self, number: int) -> Executable:
        """How many stand before a number, if it is there itself."""
        earlier = self.number > number if self.newest_first else self.number < number
        there = self.rows.with_only_columns(self.number).where(self.number == number).exists()
        return self.rows.with_only_columns(func.count(), there).where(earlier)

    def these(self, numbers: Sequence[int]) -> Executable:
        """The rows of these numbers."""
        table = self.number.table
        return select(table).where(self.number.in_(numbers))

    def _numbers(self, *, descending: bool) -> Select[Any]:
        order = self.number.desc() if descending else self.number
        return self.rows.with_only_columns(self.number).order_by(order)


def of_operations(query: LogQuery) -> Pages:
    """The operations that a query asks for, the newest first."""
    return Pages(matching(select(operation), query), operation.c.id, newest_first=True)


def of_changes(operation_id: int, customer_id: int | None = None) -> Pages:
    """What an operation changed, in its order; of one customer if asked."""
    question = select(change).where(change.c.operation_id == operation_id)
    if customer_id is not None:
        question = question.where(change.c.customer_id == customer_id)
    return Pages(question, change.c.id, newest_first=False)


async def rows(connection: AsyncConnection, pages: Pages, numbers: Sequence[int]) -> list[Any]:
    """The operations, or changes, of these numbers."""
    found = await ask(connection, pages.these(numbers))
    made: type[Operation] | type[Change] = Operation if pages.number is operation.c.id else Change
    return [made(**row._mapping) for row in found]


async def names(connection: AsyncConnection, customer_ids: Sequence[int]) -> dict[int, str]:
    """The names of customers, also of deleted ones."""
    wanted = select(customer.c.id, customer.c.name).where(customer.c.id.in_(customer_ids))
    return {row.id: row.name for row in await ask(connection, wanted)}
