"""What follows from payments: what a payment is worth by its status is what is booked of it."""

from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import String, case, cast, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import ledger
from cx_tui.db.calls.standing import lock
from cx_tui.db.history_tables import operation
from cx_tui.db.ledger_tables import ledger as entry
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.money.entry import Entry, Kind, source_of_payment
from cx_tui.domain.records.payment import PaymentStatus

ZERO = Decimal(0)


async def follow(connection: AsyncConnection, ids: Collection[int], operation_id: int | None) -> None:
    """Payments of these customers were written: book what differs from what was booked of them.

    Whatever happens to a payment, and however often, the sum of its entries is its total while it is
    completed and nothing otherwise.
    """
    await lock(connection, ids)
    payment = table_named("payment")
    own = payment.c
    mine = (entry.c.customer_id == own.customer_id) & (
        entry.c.source == literal("payment ") + cast(own.id, String)
    )
    booked = func.coalesce(
        select(func.sum(entry.c.amount)).where(mine).correlate(payment).scalar_subquery(), 0
    )
    turns = select(func.count()).select_from(entry).where(mine).correlate(payment).scalar_subquery()
    counts = (own.status == PaymentStatus.COMPLETED) & own.deleted_at.is_(None)
    worth = case((counts, own.total), else_=0)
    question = (
        select(
            own.id,
            own.customer_id,
            own.description,
            own.total,
            own.status,
            own.deleted_at,
            turns.label("turns"),
            select(func.sum(entry.c.amount)).where(mine).correlate(payment).scalar_subquery().label("booked"),
            customer.c.currency,
        )
        .join(customer, customer.c.id == own.customer_id)
        .where(own.customer_id.in_(ids), worth != booked)
        .order_by(own.id)
    )
    rows = (await connection.execute(question)).all()
    if not rows:
        return
    now = datetime.now(UTC)
    who = select(operation.c.who).where(operation.c.id == operation_id)
    by = (await connection.execute(who)).scalar() or "" if operation_id is not None else ""
    entries = []
    for row in rows:
        stands = row.status is PaymentStatus.COMPLETED and row.deleted_at is None
        entries.append(
            Entry(
                customer_id=row.customer_id, kind=Kind.PAYMENT if stands else Kind.CANCELLATION,
                amount=(row.total if stands else ZERO) - (row.booked or ZERO), currency=row.currency,
                source=source_of_payment(row.id), turn=row.turns + 1, day=now.date(), at=now,
                reason=row.description[:300], who=by, operation_id=operation_id,
            )
        )  # fmt: skip
    await ledger.book(connection, entries)
    done = [row.id for row in rows if row.status is PaymentStatus.COMPLETED]
    if done:
        await connection.execute(update(payment).where(own.id.in_(done)).values(completed_at=now))
