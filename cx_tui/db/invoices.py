"""Writing invoices and reading them: drafts, their numbers, their end.

Who makes or ends an invoice of a customer has that customer's counters locked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing
from cx_tui.db.bulk_values import among
from cx_tui.db.calls.put import on_sqlite
from cx_tui.db.engine import ask
from cx_tui.db.invoice_tables import invoice_day, invoice_entry, number_series
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.money.invoicing import DayCalls, Line, PackageCharge, Totals
from cx_tui.domain.records.invoice import InvoiceStatus

INVOICE, LINE = table_named("invoice"), table_named("invoice-line")
STANDS = INVOICE.c.status.in_([InvoiceStatus.DRAFT, InvoiceStatus.ISSUED, InvoiceStatus.PAID])
ISSUED = INVOICE.c.status.in_([InvoiceStatus.ISSUED, InvoiceStatus.PAID])

LINE_NAMES = tuple(field.name for field in fields(Line))
as_line = attrgetter(*LINE_NAMES)
DAY_NAMES = ("customer_id", "day", "invoice_id", "charge", "calls", "billed_seconds")


@dataclass(frozen=True)
class NewInvoice:
    """What stands on a new invoice: its values, its lines, and of what these are made."""

    values: Mapping[str, Any]
    lines: Sequence[Line]
    days: Sequence[DayCalls] = ()
    charges: Sequence[PackageCharge] = ()


async def add(connection: AsyncConnection, new: Sequence[NewInvoice], now: datetime) -> list[int]:
    """New drafts with their lines: their ids.  What they are made of is noted, so it stands on no other."""
    kept = {"version": 1, "created_at": now, "changed_at": now, "deleted_at": None}
    usual = {
        "number": None, "issued_at": None, "credits": None, "template": None, "public_notes": "",
        "private_notes": "", "paid": Decimal(0), "status": InvoiceStatus.DRAFT,
    }  # fmt: skip
    adding = insert(INVOICE).returning(INVOICE.c.id, sort_by_parameter_order=True)
    rows = await connection.execute(adding, [{**kept, **usual, **one.values} for one in new])
    ids = [int(row[0]) for row in rows]
    placed = list(zip(ids, new, strict=True))
    lines = [
        (of, place, *as_line(line), 1, now, now)
        for of, one in placed
        for place, line in enumerate(one.lines, 1)
    ]
    names = ("invoice_id", "position", *LINE_NAMES, "version", "created_at", "changed_at")
    await bulk_writing.insert(connection, LINE, names, lines)
    days = [
        (one.values["customer_id"], day.day, of, day.charge, day.calls, day.billed_seconds)
        for of, one in placed
        for day in one.days
    ]
    await bulk_writing.insert(connection, invoice_day, DAY_NAMES, days)
    entries = [(charge.entry_id, of) for of, one in placed for charge in one.charges]
    await bulk_writing.insert(connection, invoice_entry, ("entry_id", "invoice_id"), entries)
    return ids


async def forget(connection: AsyncConnection, invoice_id: int) -> None:
    """Let what stood on an invoice stand on another."""
    await connection.execute(delete(invoice_day).where(invoice_day.c.invoice_id == invoice_id))
    await connection.execute(delete(invoice_entry).where(invoice_entry.c.invoice_id == invoice_id))


async def next_numbers(connection: AsyncConnection, series: str, count: int = 1) -> range:
    """The next numbers of a series, which is ours alone until the transaction ends: without gaps, as they are
    given back with a transaction that fails."""
    own = number_series.c
    kind = sqlite if on_sqlite(connection) else postgresql
    first = kind.insert(number_series).values(series=series, last=count)
    row = first.on_conflict_do_update(index_elements=["series"], set_={"last": own.last + count})
    last = int((await connection.execute(row.returning(own.last))).scalar_one())
    return range(last - count + 1, last + 1)


async def issue(connection: AsyncConnection, numbers: Mapping[int, str], now: datetime) -> None:
    """Give drafts these numbers: they are issued from now on."""
    given = {"version": INVOICE.c.version + 1, "changed_at": now, "issued_at": now}
    each = update(INVOICE).where(INVOICE.c.id == bindparam("own")).values(
        **given, status=InvoiceStatus.ISSUED, number=bindparam("its_number")
    )  # fmt: skip
    rows = [{"own": of, "its_number": number} for of, number in numbers.items()]
    await connection.execute(each, rows)


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


async def some(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Any]:
    """These invoices by their ids."""
    this = among(connection, INVOICE.c.id, ids)
    question = select(INVOICE).where(this, INVOICE.c.deleted_at.is_(None))
    return {row.id: row for row in await connection.execute(question)}


async def of_period(connection: AsyncConnection, first: date, last: date) -> list[int]:
    """The ids of invoices with a number whose period lies within these days, in their order."""
    own = INVOICE.c
    question = select(own.id).where(
        own.number.is_not(None), own.deleted_at.is_(None), own.period_from >= first, own.period_to <= last
    )
    return [row[0] for row in await ask(connection, question.order_by(own.id))]


async def lines(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[Any]:
    """The lines of invoices, in order, as they are printed."""
    own = LINE.c
    names = (own[name] for name in LINE_NAMES)
    question = select(own.invoice_id, *names).where(
        among(connection, own.invoice_id, ids), own.deleted_at.is_(None)
    )
    return (await connection.execute(question.order_by(own.invoice_id, own.position, own.id))).all()


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
