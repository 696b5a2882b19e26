"""The ledger counted anew, to the last digit: whose balance, payments or days differ from it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, String, and_, case, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.tables import call_days
from cx_tui.db.engine import ask
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import counters, customer, table_named
from cx_tui.domain.money.entry import Kind
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
            f"but {self.counted:f} {self.currency} when it is counted anew"
        )


async def differences(connection: AsyncConnection, most: int) -> list[Difference]:
    """The first differences of each sort."""
    found: list[Difference] = []
    for what, question in (
        ("the balance", _balances()),
        ("the running total of the ledger", _totals()),
        ("what is booked of payments", _payments()),
        ("what is booked of calls", _days()),
    ):
        rows: Sequence[Any] = await ask(connection, question.limit(most))
        found += [Difference(row[0], row[1], row[2], what, Decimal(row[3]), Decimal(row[4])) for row in rows]
    return found


def _of(column: Any, kept: Any, counted: Any) -> Select[Any]:
    """The customers of whom two figures differ."""
    question = select(column, customer.c.name, customer.c.currency, kept, counted)
    return question.where(customer.c.id == column, kept != counted).order_by(column)


def _sums(*which: Any) -> Any:
    own = ledger.c
    sums = select(own.customer_id, func.sum(own.amount).label("total")).group_by(own.customer_id)
    return sums.where(*which).subquery()


def _balances() -> Select[Any]:
    own, days = counters.c, call_days.c
    booked = _sums()
    unbooked = select(days.customer_id, func.sum(days.charge - days.booked).label("total"))
    charges = unbooked.where(days.charge != days.booked).group_by(days.customer_id).subquery()
    counted = func.coalesce(booked.c.total, 0) - func.coalesce(charges.c.total, 0)
    joined = counters.outerjoin(booked, booked.c.customer_id == own.customer_id).outerjoin(
        charges, charges.c.customer_id == own.customer_id
    )
    return _of(own.customer_id, own.balance, _money(counted)).select_from(joined)


def _totals() -> Select[Any]:
    own, booked = ledger.c, _sums()
    last = select(func.max(own.id)).group_by(own.customer_id)
    question = _of(own.customer_id, own.total, _money(booked.c.total))
    return question.where(own.id.in_(last), booked.c.customer_id == own.customer_id)


def _payments() -> Select[Any]:
    own = table_named("payment").c
    worth = case((and_(own.status == PaymentStatus.COMPLETED, own.deleted_at.is_(None)), own.total), else_=0)
    due = select(own.customer_id, func.sum(worth).label("total")).group_by(own.customer_id).subquery()
    booked = _sums(ledger.c.source.startswith("payment "))
    kept = func.coalesce(booked.c.total, 0)
    joined = due.outerjoin(booked, booked.c.customer_id == due.c.customer_id)
    return _of(due.c.customer_id, _money(kept), _money(due.c.total)).select_from(joined)


def _days() -> Select[Any]:
    days = call_days.c
    own = ledger.c
    source = literal("calls ") + cast(days.day, String)
    sums = (
        select(func.sum(own.amount))
        .where(own.customer_id == days.customer_id, own.source == source, own.kind == Kind.CALLS)
        .correlate(call_days)
        .scalar_subquery()
    )
    return _of(days.customer_id, days.booked, _money(-func.coalesce(sums, 0)))


def _money(expression: Any) -> Any:
    """An expression that is read as an amount."""
    return func.coalesce(expression, 0, type_=ledger.c.amount.type)


def said(found: Sequence[Difference]) -> list[str]:
    """The differences as sentences."""
    return [str(one) for one in found]
