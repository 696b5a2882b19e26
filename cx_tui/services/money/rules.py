"""What payments, packages, invoices and allocations must keep to."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.tables import customer, table_named
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.invoice import Allocation, Invoice, InvoiceLine, InvoiceStatus
from cx_tui.domain.records.package import CustomerPackage
from cx_tui.domain.records.payment import Payment, PaymentStatus
from cx_tui.errors import Invalid, Refused

ISSUED = "an issued invoice never changes; void it, or make a credit note for it"
OPEN_TO_CHANGE = {"private_notes", "version", "changed_at"}


async def payment(connection: AsyncConnection, after: Payment | None, before: Payment | None) -> None:
    """A top-up is not smaller than the customer's minimum payment; one that was booked is never deleted."""
    if after is None:
        raise Refused("a payment is never deleted; set its status to Cancelled")
    if before is not None:
        await _not_allocated(connection, after)
        return
    if after.total <= 0:
        return
    question = select(customer.c.minimum_payment, customer.c.currency)
    row = (await connection.execute(question.where(customer.c.id == after.customer_id))).one()
    if after.total < row.minimum_payment:
        least = f"{row.minimum_payment.normalize():f} {row.currency}"
        raise Invalid({"total": f"the least payment of this customer is {least}; write more, or lower that"})


async def _not_allocated(connection: AsyncConnection, after: Payment) -> None:
    """A payment that pays invoices counts."""
    own = table_named("allocation").c
    if after.status is PaymentStatus.COMPLETED:
        return
    some = select(own.id).where(own.payment_id == after.id, own.deleted_at.is_(None)).limit(1)
    if (await connection.execute(some)).first():
        raise Invalid({"status": "this payment pays invoices; take its allocations back first"})


async def customer_package(
    connection: AsyncConnection, after: CustomerPackage | None, before: CustomerPackage | None
) -> None:
    """A package is kept for its minimum days."""
    if before is None:
        return
    own = table_named("package").c
    least = (await connection.execute(select(own.minimum_days).where(own.id == before.package))).scalar()
    first = (before.starts or before.created_at.date()) + timedelta(days=(least or 1) - 1)
    if not least:
        return
    if after is None and (before.ends is None or before.ends < first):
        raise Refused(f"the package has to be kept to {first}; write that day or a later one as its end")
    if after is not None and after.ends != before.ends and after.ends is not None and after.ends < first:
        raise Invalid({"ends": f"the package has to be kept to {first}; write that day or a later one"})


async def invoice(connection: AsyncConnection, after: Invoice | None, before: Invoice | None) -> None:
    """Once it is issued an invoice stays as it was printed."""
    if before is None or before.status is InvoiceStatus.DRAFT:
        return
    if after is None:
        raise Refused(ISSUED)
    names = [
        name
        for name in fields_of(Invoice)
        if name not in OPEN_TO_CHANGE and getattr(after, name) != getattr(before, name)
    ]
    if names:
        raise Invalid(dict.fromkeys(names, ISSUED))


async def invoice_line(
    connection: AsyncConnection, after: InvoiceLine | None, before: InvoiceLine | None
) -> None:
    """Lines are those of drafts."""
    one = after or before
    if one is None:
        return
    own = table_named("invoice").c
    status = (await connection.execute(select(own.status).where(own.id == one.invoice_id))).scalar()
    if status is not InvoiceStatus.DRAFT:
        raise Refused(ISSUED)


async def allocation(
    connection: AsyncConnection, after: Allocation | None, before: Allocation | None
) -> None:
    """No more is allocated than was paid, nor than has to be paid, and only to the payer's invoices."""
    if after is None:
        return
    own, bill, paid = (table_named(name).c for name in ("allocation", "invoice", "payment"))
    asked = select(bill.customer_id, bill.status, bill.total, bill.number).where(bill.id == after.invoice)
    invoice = (await connection.execute(asked.with_for_update())).one()
    payment = (
        await connection.execute(
            select(paid.customer_id, paid.status, paid.total)
            .where(paid.id == after.payment_id)
            .with_for_update()
        )
    ).one()
    if payment.customer_id != invoice.customer_id:
        raise Invalid({"invoice": "the invoice is another customer's; choose one of the customer who paid"})
    if invoice.status not in (InvoiceStatus.ISSUED, InvoiceStatus.PAID):
        raise Invalid({"invoice": "only an issued invoice can be paid; issue it first"})
    if payment.status is not PaymentStatus.COMPLETED:
        raise Invalid({"amount": "only a completed payment can be allocated; complete it first"})
    for column, number, most, said in (
        (own.payment_id, after.payment_id, payment.total, "is left of the payment"),
        (own.invoice, after.invoice, invoice.total, "is still to be paid of the invoice"),
    ):
        others = select(func.coalesce(func.sum(own.amount), 0, type_=own.amount.type)).where(
            column == number, own.deleted_at.is_(None), own.id != after.id
        )
        left = most - Decimal((await connection.execute(others)).scalar_one())
        if after.amount > left:
            raise Invalid({"amount": f"{left.normalize():f} {said}; write no more than that"})
