"""What follows from lines of drafts: each amount as it will be printed, and the sums of their invoices."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import invoices
from cx_tui.db.history_tables import change
from cx_tui.db.tables import customer
from cx_tui.domain.money.invoicing import printed, totals_of
from cx_tui.domain.records.invoice import InvoiceStatus, LineKind


async def follow(connection: AsyncConnection, ids: Collection[int], operation_id: int | None) -> None:
    """An operation wrote lines: those that operators write themselves get their amounts."""
    own, bill = invoices.LINE.c, invoices.INVOICE.c
    noted = select(change.c.record_id).where(
        change.c.operation_id == operation_id, change.c.record == "invoice-line"
    )
    currency = func.coalesce(func.nullif(bill.currency, ""), customer.c.currency).label("currency")
    question = (
        select(own.id, own.invoice_id, own.quantity, own.price, own.kind, currency)
        .join(invoices.INVOICE, bill.id == own.invoice_id)
        .join(customer, customer.c.id == bill.customer_id)
        .where(own.id.in_(noted), bill.status == InvoiceStatus.DRAFT)
    )
    rows = (await connection.execute(question)).all()
    for row in rows:
        if row.kind is LineKind.FREE:
            amount = printed(row.quantity * row.price, row.currency)
            await connection.execute(update(invoices.LINE).where(own.id == row.id).values(amount=amount))
    for invoice_id in sorted({row.invoice_id for row in rows}):
        await sum_up(connection, invoice_id)


async def sum_up(connection: AsyncConnection, invoice_id: int) -> None:
    """Keep the sums of a draft; one that was begun by hand gets its customer's currency and tax."""
    bill = invoices.INVOICE.c
    question = select(
        bill.currency, bill.tax_percent, customer.c.currency.label("theirs"), customer.c.tax
    ).join(customer, customer.c.id == bill.customer_id)
    row = (await connection.execute(question.where(bill.id == invoice_id))).one()
    tax = row.tax_percent if row.currency else row.tax
    currency = row.currency or row.theirs
    lines = await invoices.lines(connection, [invoice_id])
    totals = totals_of((line.amount for line in lines), tax, currency)
    values = {"currency": currency, "tax_percent": tax, "net": totals.net, "tax": totals.tax}
    # No other version: who has the invoice open can still save it.
    this = update(invoices.INVOICE).where(bill.id == invoice_id)
    await connection.execute(this.values(**values, total=totals.total, changed_at=datetime.now(UTC)))
