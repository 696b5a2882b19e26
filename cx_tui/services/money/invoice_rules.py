"""What invoices, their lines and allocations must keep to."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.tables import table_named
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.invoice import Allocation, Invoice, InvoiceStatus
from cx_tui.domain.records.payment import PaymentStatus
from cx_tui.errors import CxError, Invalid, Refused
from cx_tui.services.records.rules import Refusals, Wish

ISSUED = "an issued invoice never changes; void it, or make a credit note for it"
OPEN_TO_CHANGE = {"private_notes", "version", "changed_at"}


async def invoices(connection: AsyncConnection, wishes: Sequence[Wish]) -> Refusals:
    """Once it is issued an invoice stays as it was printed."""
    judged = ((place, _changed(*one)) for place, one in enumerate(wishes))
    return {place: why for place, why in judged if why}


def _changed(after: Invoice | None, before: Invoice | None) -> CxError | None:
    if before is None or before.status is InvoiceStatus.DRAFT:
        return None
    if after is None:
        return Refused(ISSUED)
    names = [
        name
        for name in fields_of(Invoice)
        if name not in OPEN_TO_CHANGE and getattr(after, name) != getattr(before, name)
    ]
    return Invalid(dict.fromkeys(names, ISSUED)) if names else None


async def invoice_lines(connection: AsyncConnection, wishes: Sequence[Wish]) -> Refusals:
    """Lines are those of drafts."""
    own = table_named("invoice").c
    ids = sorted({wish.one.invoice_id for wish in wishes})
    drafts = select(own.id).where(among(connection, own.id, ids), own.status == InvoiceStatus.DRAFT)
    open_ones = set((await connection.execute(drafts)).scalars())
    return {
        place: Refused(ISSUED) for place, wish in enumerate(wishes) if wish.one.invoice_id not in open_ones
    }


async def allocations(connection: AsyncConnection, wishes: Sequence[Wish]) -> Refusals:
    """No more is allocated than was paid, nor than has to be paid, and only to the payer's invoices."""
    found: Refusals = {}
    for place, (after, _) in enumerate(wishes):
        if after is not None and (why := await _over(connection, after)):
            found[place] = why
    return found


async def _over(connection: AsyncConnection, after: Allocation) -> CxError | None:
    own, bill, paid = (table_named(name).c for name in ("allocation", "invoice", "payment"))
    asked = select(bill.customer_id, bill.status, bill.total, bill.number).where(bill.id == after.invoice)
    invoice = (await connection.execute(asked.with_for_update())).one()
    asked_payment = select(paid.customer_id, paid.status, paid.total).where(paid.id == after.payment_id)
    payment = (await connection.execute(asked_payment.with_for_update())).one()
    if payment.customer_id != invoice.customer_id:
        return Invalid({"invoice": "the invoice is another customer's; choose one of the customer who paid"})
    if invoice.status not in (InvoiceStatus.ISSUED, InvoiceStatus.PAID):
        return Invalid({"invoice": "only an issued invoice can be paid; issue it first"})
    if payment.status is not PaymentStatus.COMPLETED:
        return Invalid({"amount": "only a completed payment can be allocated; complete it first"})
    back = await _taken_back(connection, after.invoice)
    for column, number, most, said in (
        (own.payment_id, after.payment_id, payment.total, "is left of the payment"),
        (own.invoice, after.invoice, invoice.total + back, "is still to be paid of the invoice"),
    ):
        others = select(func.coalesce(func.sum(own.amount), 0, type_=own.amount.type)).where(
            column == number, own.deleted_at.is_(None), own.id != after.id
        )
        left = most - Decimal((await connection.execute(others)).scalar_one())
        if after.amount > left:
            return Invalid({"amount": f"{left.normalize():f} {said}; write no more than that"})
    return None


async def _taken_back(connection: AsyncConnection, invoice_id: int) -> Decimal:
    """What credit notes took back of an invoice, below zero: that has not to be paid any more."""
    from cx_tui.db.invoices import credited

    return (await credited(connection, invoice_id)).total
