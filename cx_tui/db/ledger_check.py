"""The ledger counted anew, to the last digit: whose balance, payments or days differ from it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.tables import call_days
from cx_tui.db.engine import ask
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import counters, customer, table_named
from cx_tui.domain.records.payment import PaymentStatus


class Difference(NamedTuple):
    """Something of a customer that is not what the ledger says."""

    customer_id: int
    name: str
    currency: str
    what: str
    kept: Decimal
    counted: Decimal

    def __str__(self) -> str:
        return (
            f"{self.name} (#{self.customer_id}): {self.what} is {self.kept:f} {self.currency}, "
            f"but {self.counted:f} {self.currency} when it is recounted"
        )


async def differences(connection: AsyncConnection, most: int) -> list[Difference]:
    """The first differences of each sort."""
    found: list[Difference] = []
    for what, parts in (
        ("the balance", _balances()),
        ("the running total of the ledger", _totals()),
        ("what is booked of payments", _payments()),
        ("what is booked of calls", _days()),
    ):
        rows: Sequence[Any] = await ask(connection, _differing(parts).limit(most))
        found += [Difference(row[0], row[1], row[2], what, row[3], row[4]) for row in rows]
    return found


Parts = Sequence[Select[Any]]
"""Rows of a customer, a day or 0, what is kept, what is counted: by customer and day the sums are alike."""


def _part(
    customer_id: Any, *which: Any, kept: Any = None, counted: Any = None, day: Any = None
) -> Select[Any]:
    nothing = literal(0, ledger.c.amount.type)
    columns = [
        customer_id.label("of"),
        (literal(0) if day is None else day).label("day"),
        (nothing if kept is None else kept).label("kept"),
        (nothing if counted is None else counted).label("counted"),
    ]
    return select(*columns).where(*which)


def _differing(parts: Parts) -> Select[Any]:
    """Where the sums differ: the rows are sorted once, however many there are."""
    rows = union_all(*parts).subquery()
    kept, counted = (func.sum(column, type_=ledger.c.amount.type) for column in (rows.c.kept, rows.c.counted))
    sums = select(rows.c.of, kept.label("kept"), counted.label("counted"))
    sums = sums.group_by(rows.c.of, rows.c.day).having(kept != counted)
    both = sums.subquery()
    question = select(both.c.of, customer.c.name, customer.c.currency, both.c.kept, both.c.counted)
    return question.join(customer, customer.c.id == both.c.of).order_by(both.c.of)


def _balances() -> Parts:
    own, booked, days = counters.c, ledger.c, call_days.c
    return (
        _part(own.customer_id, kept=own.balance),
        _part(booked.customer_id, counted=booked.amount),
        _part(days.customer_id, days.charge != days.booked, counted=days.booked - days.charge),
    )


def _totals() -> Parts:
    own = ledger.c
    last = select(func.max(own.id)).group_by(own.customer_id)
    return (
        _part(own.customer_id, own.id.in_(last), kept=own.total),
        _part(own.customer_id, counted=own.amount),
    )


def _payments() -> Parts:
    own, booked = table_named("payment").c, ledger.c
    worth = case((and_(own.status == PaymentStatus.COMPLETED, own.deleted_at.is_(None)), own.total), else_=0)
    return (
        _part(booked.customer_id, booked.source.startswith("payment "), kept=booked.amount),
        _part(own.customer_id, counted=worth),
    )


def _days() -> Parts:
    days, booked = call_days.c, ledger.c
    calls = booked.source.startswith("calls ")
    return (
        _part(days.customer_id, days.booked != 0, kept=days.booked, day=days.day),
        _part(booked.customer_id, calls, counted=-booked.amount, day=booked.day),
    )


def said(found: Sequence[Difference]) -> list[str]:
    """The differences as sentences."""
    return [str(one) for one in found]
