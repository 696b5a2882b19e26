"""Reading what is on no invoice yet, and writing invoices: drafts, their numbers, their end.

Who makes or ends an invoice of a customer has that customer's counters locked.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, exists, func, insert, or_, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.put import on_sqlite
from cx_tui.db.calls.tables import call_days
from cx_tui.db.engine import ask
from cx_tui.db.invoice_tables import invoice_day, invoice_entry, number_series
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.money.entry import Kind
from cx_tui.domain.money.invoicing import DayCalls, Line, PackageCharge, Period, Totals
from cx_tui.domain.records.customer import InvoiceSchedule
from cx_tui.domain.records.invoice import InvoiceStatus

INVOICE, LINE = table_named("invoice"), table_named("invoice-line")
STANDS = INVOICE.c.status.in_([InvoiceStatus.DRAFT, InvoiceStatus.ISSUED, InvoiceStatus.PAID])
ISSUED = INVOICE.c.status.in_([InvoiceStatus.ISSUED, InvoiceStatus.PAID])


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


async def in_the_way(connection: AsyncConnection, customer_id: int, period: Period) -> Any:
    """An invoice of a customer whose period has days of this one."""
    own = INVOICE.c
    question = select(own.id, own.number, own.status).where(
        own.customer_id == customer_id, own.deleted_at.is_(None), own.credits.is_(None), STANDS,
        own.period_from <= period.last, own.period_to >= period.first,
    )  # fmt: skip
    return (await connection.execute(question.limit(1))).first()


async def days_left(connection: AsyncConnection, customer_id: int, period: Period) -> list[DayCalls]:
    """What of a customer's days is on no invoice: those of the period, and those of periods that were issued
    before and have got something since."""
    days, put, own = call_days.c, invoice_day.c, INVOICE.c
    done = (
        select(
            put.day,
            func.sum(put.charge).label("charge"),
            func.sum(put.calls).label("calls"),
            func.sum(put.billed_seconds).label("seconds"),
        )
        .where(put.customer_id == customer_id)
        .group_by(put.day)
        .subquery()
    )
    covered = exists().where(
        own.customer_id == customer_id, own.deleted_at.is_(None), own.credits.is_(None), ISSUED,
        own.period_from <= days.day, own.period_to >= days.day,
    )  # fmt: skip
    inside = days.day.between(period.first, period.last)
    question = (
        select(
            days.day,
            days.charge,
            days.connected,
            days.billed_seconds,
            done.c.charge.label("put_charge"),
            done.c.calls,
            done.c.seconds,
        )
        .outerjoin_from(call_days, done, done.c.day == days.day)
        .where(days.customer_id == customer_id, days.day <= period.last, or_(inside, covered))
        .order_by(days.day)
    )
    found = [
        DayCalls(
            day=row.day, charge=row.charge - (row.put_charge or 0), calls=row.connected - (row.calls or 0),
            billed_seconds=row.billed_seconds - int(row.seconds or 0), late=row.day < period.first,
        )
        for row in await connection.execute(question)
    ]  # fmt: skip
    return [one for one in found if one.charge or one.calls or one.billed_seconds]


async def charges_left(connection: AsyncConnection, customer_id: int, period: Period) -> list[PackageCharge]:
    """Charges of packages up to the end of a period that are on no invoice."""
    own = ledger.c
    question = select(own.id, own.day, own.reason, own.amount).where(
        own.customer_id == customer_id, own.kind == Kind.PACKAGE, own.day <= period.last,
        ~exists().where(invoice_entry.c.entry_id == own.id),
    )  # fmt: skip
    return [
        PackageCharge(entry_id=row.id, day=row.day, name=row.reason, amount=-row.amount)
        for row in await connection.execute(question.order_by(own.id))
    ]


async def add(
    connection: AsyncConnection, values: dict[str, Any], lines: Sequence[Line], now: datetime
) -> int:
    """A new draft with its lines: its id."""
    kept = {"version": 1, "created_at": now, "changed_at": now, "deleted_at": None}
    usual = {
        "number": None, "issued_at": None, "credits": None, "template": None, "public_notes": "",
        "private_notes": "", "paid": Decimal(0), "status": InvoiceStatus.DRAFT,
    }  # fmt: skip
    row = insert(INVOICE).values({**kept, **usual, **values}).returning(INVOICE.c.id)
    invoice_id = int((await connection.execute(row)).scalar_one())
    rows = [
        {**kept, **vars(line), "position": place, "invoice_id": invoice_id}
        for place, line in enumerate(lines, 1)
    ]
    if rows:
        await connection.execute(insert(LINE), rows)
    return invoice_id


async def note(
    connection: AsyncConnection,
    invoice_id: int,
    of: int,
    days: Sequence[DayCalls],
    charges: Sequence[PackageCharge],
) -> None:
    """Note what stands on an invoice, so that it stands on no other."""
    if days:
        rows = [
            {
                "customer_id": of, "day": one.day, "invoice_id": invoice_id, "charge": one.charge,
                "calls": one.calls, "billed_seconds": one.billed_seconds,
            }
            for one in days
        ]  # fmt: skip
        await connection.execute(insert(invoice_day), rows)
    if charges:
        entries = [{"entry_id": one.entry_id, "invoice_id": invoice_id} for one in charges]
        await connection.execute(insert(invoice_entry), entries)


async def forget(connection: AsyncConnection, invoice_id: int) -> None:
    """Let what stood on an invoice stand on another."""
    await connection.execute(delete(invoice_day).where(invoice_day.c.invoice_id == invoice_id))
    await connection.execute(delete(invoice_entry).where(invoice_entry.c.invoice_id == invoice_id))


async def next_number(connection: AsyncConnection, series: str) -> int:
    """The next number of a series, which is ours alone until the transaction ends: without gaps, as it is
    given back with a transaction that fails."""
    own = number_series.c
    kind = sqlite if on_sqlite(connection) else postgresql
    first = kind.insert(number_series).values(series=series, last=1)
    row = first.on_conflict_do_update(index_elements=["series"], set_={"last": own.last + 1})
    return int((await connection.execute(row.returning(own.last))).scalar_one())


async def change(connection: AsyncConnection, invoice_id: int, values: dict[str, Any], now: datetime) -> None:
    """Give an invoice these values."""
    this = update(INVOICE).where(INVOICE.c.id == invoice_id)
    await connection.execute(this.values({**values, "version": INVOICE.c.version + 1, "changed_at": now}))


async def one(
    connection: AsyncConnection, *, number: str = "", invoice_id: int | None = None, lock: bool = False
) -> Any:
    """An invoice by its number or its id, with the customer's name."""
    by = INVOICE.c.id == invoice_id if invoice_id is not None else INVOICE.c.number == number
    question = select(INVOICE, customer.c.name.label("customer_name"))
    question = question.join(customer, customer.c.id == INVOICE.c.customer_id)
    question = question.where(by, INVOICE.c.deleted_at.is_(None))
    if lock:
        question = question.with_for_update(of=INVOICE)
    return (await connection.execute(question)).first()


async def lines(connection: AsyncConnection, invoice_id: int) -> Sequence[Any]:
    """The lines of an invoice, in order."""
    own = LINE.c
    question = select(LINE).where(own.invoice_id == invoice_id, own.deleted_at.is_(None))
    return (await connection.execute(question.order_by(own.position, own.id))).all()


async def listed(
    connection: AsyncConnection, customer_id: int | None, count: int, *, overdue_on: date | None = None
) -> Sequence[Any]:
    """Invoices, the newest first; only those that are overdue on a day if asked."""
    own = INVOICE.c
    question = select(INVOICE, customer.c.name.label("customer_name"))
    question = question.join(customer, customer.c.id == own.customer_id).where(own.deleted_at.is_(None))
    if customer_id is not None:
        question = question.where(own.customer_id == customer_id)
    if overdue_on is not None:
        question = question.where(
            own.status == InvoiceStatus.ISSUED, own.due_on < overdue_on, own.credits.is_(None)
        )
    return await ask(connection, question.order_by(own.id.desc()).limit(count))


async def credited(connection: AsyncConnection, invoice_id: int) -> Totals:
    """What credit notes took back of an invoice so far; as they say it, below zero."""
    own = INVOICE.c
    sums = [func.coalesce(func.sum(column), 0, type_=own.net.type) for column in (own.net, own.tax)]
    question = select(*sums).where(own.credits == invoice_id, own.deleted_at.is_(None), ISSUED)
    row = (await connection.execute(question)).one()
    return Totals(row[0], row[1])


async def allocated(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Keep what was allocated to these invoices, and whether they are paid by it."""
    own = table_named("allocation").c
    for invoice_id in ids:
        sums = select(func.coalesce(func.sum(own.amount), 0, type_=own.amount.type))
        paid = (
            await connection.execute(sums.where(own.invoice == invoice_id, own.deleted_at.is_(None)))
        ).scalar_one()
        row = (
            await connection.execute(select(INVOICE).where(INVOICE.c.id == invoice_id).with_for_update())
        ).one()
        if row.status not in (InvoiceStatus.ISSUED, InvoiceStatus.PAID):
            continue
        # What credit notes took back has not to be paid.
        wanted = row.total + (await credited(connection, invoice_id)).total
        status = InvoiceStatus.PAID if paid >= wanted else InvoiceStatus.ISSUED
        if (row.paid, row.status) != (paid, status):
            await change(connection, invoice_id, {"paid": paid, "status": status}, now)
