"""What is on no invoice yet: who has something in a period, and what of it, for many customers at once.

Who makes an invoice of it has these customers' counters locked.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.calls.tables import call_days
from cx_tui.db.engine import ask
from cx_tui.db.invoice_tables import invoice_day, invoice_entry
from cx_tui.db.invoices import INVOICE, ISSUED, STANDS
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import customer
from cx_tui.domain.money.entry import Kind
from cx_tui.domain.money.invoicing import DayCalls, PackageCharge, Period
from cx_tui.domain.records.customer import InvoiceSchedule

NOTHING = (0, 0, 0)


async def candidates(
    connection: AsyncConnection,
    period: Period,
    after: int,
    count: int,
    schedule: InvoiceSchedule | None = None,
) -> list[int]:
    """Customers who have calls or packages in a period, some at a time, in the order of their numbers; with a
    schedule those who have it and no invoice of these days yet."""
    days, own = call_days.c, ledger.c
    calling = select(days.customer_id.label("of")).where(
        days.day.between(period.first, period.last), days.customer_id > after
    )
    paying = select(own.customer_id.label("of")).where(
        own.kind == Kind.PACKAGE, own.day.between(period.first, period.last), own.customer_id > after
    )
    both = union(calling, paying).subquery()
    question = select(both.c.of).join(customer, customer.c.id == both.c.of)
    question = question.where(customer.c.deleted_at.is_(None)).order_by(both.c.of).limit(count)
    if schedule is not None:
        bill = INVOICE.c
        done = exists().where(
            bill.customer_id == both.c.of, bill.deleted_at.is_(None), bill.credits.is_(None), STANDS,
            bill.period_from <= period.last, bill.period_to >= period.first,
        )  # fmt: skip
        question = question.where(customer.c.invoice_schedule == schedule, ~done)
    return [row[0] for row in await ask(connection, question)]


async def in_the_way(connection: AsyncConnection, ids: Sequence[int], period: Period) -> dict[int, Any]:
    """For each customer who has one, an invoice whose period has days of this one."""
    own = INVOICE.c
    question = select(own.customer_id, own.id, own.number, own.status).where(
        among(connection, own.customer_id, ids), own.deleted_at.is_(None), own.credits.is_(None), STANDS,
        own.period_from <= period.last, own.period_to >= period.first,
    )  # fmt: skip
    # Of several the first one is named.
    rows = await connection.execute(question.order_by(own.id.desc()))
    return {row.customer_id: row for row in rows}


async def days_left(
    connection: AsyncConnection, ids: Sequence[int], period: Period
) -> dict[int, list[DayCalls]]:
    """What of customers' days is on no invoice: those of the period, and those of periods that were issued
    before and have got something since."""
    days, put, own = call_days.c, invoice_day.c, INVOICE.c
    done = (
        select(
            put.customer_id,
            put.day,
            func.sum(put.charge).label("charge"),
            func.sum(put.calls).label("calls"),
            func.sum(put.billed_seconds).label("seconds"),
        )
        .where(among(connection, put.customer_id, ids))
        .group_by(put.customer_id, put.day)
        .subquery()
    )
    covered = exists().where(
        own.customer_id == days.customer_id, own.deleted_at.is_(None), own.credits.is_(None), ISSUED,
        own.period_from <= days.day, own.period_to >= days.day,
    )  # fmt: skip
    inside = days.day.between(period.first, period.last)
    same = (done.c.customer_id == days.customer_id) & (done.c.day == days.day)
    question = (
        select(
            days.customer_id, days.day, days.charge, days.connected, days.billed_seconds,
            done.c.charge.label("put_charge"), done.c.calls, done.c.seconds,
        )
        .outerjoin_from(call_days, done, same)
        .where(among(connection, days.customer_id, ids), days.day <= period.last, or_(inside, covered))
        .order_by(days.customer_id, days.day)
    )  # fmt: skip
    found: dict[int, list[DayCalls]] = defaultdict(list)
    for of, day, charge, calls, seconds, put_charge, put_calls, put_seconds in await connection.execute(
        question
    ):
        left = (charge - (put_charge or 0), calls - (put_calls or 0), seconds - int(put_seconds or 0))
        if left != NOTHING:
            found[of].append(
                DayCalls(
                    day=day, charge=left[0], calls=left[1], billed_seconds=left[2], late=day < period.first
                )
            )
    return found


async def charges_left(
    connection: AsyncConnection, ids: Sequence[int], period: Period
) -> dict[int, list[PackageCharge]]:
    """Charges of packages up to the end of a period that are on no invoice."""
    own = ledger.c
    question = select(own.customer_id, own.id, own.day, own.reason, own.amount).where(
        among(connection, own.customer_id, ids), own.kind == Kind.PACKAGE, own.day <= period.last,
        ~exists().where(invoice_entry.c.entry_id == own.id),
    )  # fmt: skip
    found: dict[int, list[PackageCharge]] = defaultdict(list)
    for of, entry, day, reason, amount in await connection.execute(question.order_by(own.id)):
        found[of].append(PackageCharge(entry_id=entry, day=day, name=reason, amount=-amount))
    return found
