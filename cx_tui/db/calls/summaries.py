"""What was counted, read by the hour or the day, of one customer or of all: currencies apart."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.reading import figures_of
from cx_tui.db.calls.tables import call_days, call_hours
from cx_tui.db.engine import ask
from cx_tui.db.tables import customer
from cx_tui.domain.calls.figures import NAMES, Figures


class Counted(NamedTuple):
    """The sums of one hour or day in one currency."""

    at: Any
    currency: str
    sums: Figures


async def daily(
    connection: AsyncConnection, customer_id: int | None, first: date | None, last: date | None
) -> Sequence[Counted]:
    """The days between two, both of them included, the oldest first."""
    return await _read(connection, call_days, call_days.c.day, customer_id, first, last)


async def hourly(
    connection: AsyncConnection, customer_id: int | None, first: datetime | None, last: datetime | None
) -> Sequence[Counted]:
    """The hours that are kept, between two that are included, the oldest first."""
    return await _read(connection, call_hours, call_hours.c.hour, customer_id, first, last)


async def _read(
    connection: AsyncConnection, table: Table, at: Column[Any], customer_id: int | None, first: Any, last: Any
) -> Sequence[Counted]:
    # Added up before the customers are looked at: there are few currencies and many customers.
    question = _sums(table, at, customer_id, first, last)
    rows: Sequence[Any] = await ask(connection, question)
    return [Counted(row[0], row[1], figures_of(row)) for row in rows]


def _sums(table: Table, at: Column[Any], customer_id: int | None, first: Any, last: Any) -> Select[Any]:
    totals = [func.sum(table.c[name], type_=table.c[name].type).label(name) for name in NAMES]
    question = (
        select(at, customer.c.currency, *totals)
        .join(customer, customer.c.id == table.c.customer_id)
        .group_by(at, customer.c.currency)
        .order_by(at, customer.c.currency)
    )
    if customer_id is not None:
        question = question.where(table.c.customer_id == customer_id)
    if first is not None:
        question = question.where(at >= first)
    return question if last is None else question.where(at <= last)
