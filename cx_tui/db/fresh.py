"""Customers who were just made, by the hundred thousand: counters from zero, and how they stand so."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ColumnElement, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.visitors import replacement_traverse

from cx_tui.db.engine import carry_out
from cx_tui.db.known import Clock, known
from cx_tui.db.tables import counters, customer
from cx_tui.domain.counters import Counters

ZERO = {name: value for name, value in asdict(Counters(customer_id=0)).items() if name != "customer_id"}


async def count(connection: AsyncConnection, clock: Clock, these: ColumnElement[bool]) -> None:
    """Give customers who have none their counters, with what follows from them."""
    what = known(clock)
    zeros: dict[str, ColumnElement[Any]] = {
        name: literal(value, counters.c[name].type) for name, value in ZERO.items()
    }
    zeros["warnings"] = _with(zeros, what.warnings)
    rows = select(customer.c.id, *zeros.values()).where(these).order_by(customer.c.id)
    await carry_out(connection, insert(counters).from_select(["customer_id", *zeros], rows))
    pending = _with(zeros, what.pending)
    kept = update(customer).where(these, customer.c.pending != pending).values(pending=pending)
    await carry_out(connection, kept)


def _with(zeros: dict[str, ColumnElement[Any]], expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """The expression of customers whose counters are known to be at nothing."""

    def nothing(element: Any, **more: Any) -> Any:
        if isinstance(element, Column) and element.table is counters:
            return zeros[element.name]
        return None

    found: ColumnElement[Any] = replacement_traverse(expression, {}, nothing)
    return found
