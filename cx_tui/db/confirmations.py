"""Payments whose customers are to be written to once they are completed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.tables import customer, table_named
from cx_tui.domain.records.payment import PaymentStatus

PAYMENT = table_named("payment")


async def take(connection: AsyncConnection, count: int) -> Sequence[Any]:
    """Some completed payments that were not confirmed yet; ours until the transaction ends."""
    own = PAYMENT.c
    question = (
        select(
            own.id, own.customer_id, own.total, own.description, own.completed_at, customer.c.currency,
            customer.c.name.label("customer_name"),
        )
        .join(customer, customer.c.id == own.customer_id)
        .where(
            own.confirm, own.confirmed_at.is_(None), own.status == PaymentStatus.COMPLETED,
            own.deleted_at.is_(None), customer.c.deleted_at.is_(None),
        )
        .order_by(own.id)
        .limit(count)
        .with_for_update(skip_locked=True, of=PAYMENT)
    )  # fmt: skip
    return (await connection.execute(question)).all()


async def any_waits(connection: AsyncConnection) -> bool:
    """Whether there is any."""
    own = PAYMENT.c
    question = select(own.id).where(
        own.confirm, own.confirmed_at.is_(None), own.status == PaymentStatus.COMPLETED,
        own.deleted_at.is_(None),
    )  # fmt: skip
    return (await connection.execute(question.limit(1))).first() is not None


async def note(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Note that these were confirmed.  It is no change of the record: who has it open can still save it."""
    await connection.execute(update(PAYMENT).where(PAYMENT.c.id.in_(ids)).values(confirmed_at=now))
