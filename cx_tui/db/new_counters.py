"""Customers who were just made, by the hundred thousand: counters from zero, and how they stand so."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ColumnElement, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from cx_tui.db.customer_expressions import Clock, known
from cx_tui.db.engine import Database, carry_out
from cx_tui.db.tables import counters, customer
from cx_tui.domain.counters import Counters

ZERO = {name: value for name, value in asdict(Counters(customer_id=0)).items() if name != "customer_id"}


async def trust(database: Database) -> None:
    """On SQLite, of a database that we have alone: what belongs to customers of this transaction need not
    be asked whose it is.  It holds for the next transaction on its only connection."""
    if database.on_sqlite:
        async with database.reading() as connection:
            await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")


async def count(
    connection: AsyncConnection, clock: Clock, these: ColumnElement[bool], given: Collection[str]
) -> None:
    """Give customers who have none their counters, with what follows from them.  They were made with
    these fields given, all others alike."""
    what = known(clock)
    zeros: dict[str, ColumnElement[Any]] = {
        name: literal(value, counters.c[name].type) for name, value in ZERO.items()
    }
    zeros["warnings"] = _with(zeros, what.warnings)
    rows = select(customer.c.id, *zeros.values()).where(these)
    await carry_out(connection, insert(counters).from_select(["customer_id", *zeros], rows))
    pending = _with(zeros, what.pending)
    if not _looked_at(pending) & set(given):
        # All of them stand alike, so one can be asked for all.
        one = select(pending).where(these).limit(1)
        if not (await connection.execute(one)).scalar():
            return
    kept = update(customer).where(these, customer.c.pending != pending).values(pending=pending)
    await carry_out(connection, kept)


def _looked_at(expression: ColumnElement[Any]) -> set[str]:
    """The fields of a customer that an expression looks at."""
    return {one.name for one in iterate(expression) if isinstance(one, Column) and one.table is customer}


def _with(zeros: dict[str, ColumnElement[Any]], expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """The expression of customers whose counters are known to be at nothing."""

    def nothing(element: Any, **more: Any) -> Any:
        if isinstance(element, Column) and element.table is counters:
            return zeros[element.name]
        return None

    found: ColumnElement[Any] = replacement_traverse(expression, {}, nothing)
    return found
