"""Sending invoices: a message of the outbox to the customer's contacts, with the PDF."""

import asyncio

from cx_tui.db.engine import Database
from cx_tui.domain.outbox import Reach, Way
from cx_tui.domain.records.invoice import InvoiceStatus
from cx_tui.domain.who import Who
from cx_tui.errors import Refused
from cx_tui.services.money.invoices import Document
from cx_tui.services.money.printing import amount, pdf_of, title_of
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.orders import Order
from cx_tui.services.sending.recipients import contacts_of


async def send(database: Database, who: Who, document: Document) -> int:
    """Order a message with the PDF to each contact who can be reached: how many.  It is a service notice,
    which goes to those who want no news, too."""
    invoice = document.invoice
    if invoice.status is InvoiceStatus.VOID:
        raise Refused(f"{invoice.number} is void, so it is not sent")
    async with database.reading() as connection:
        people = await contacts_of(connection, Way.EMAIL, [invoice.customer_id], service=True)
    reached = [one for one in people if one.reach is Reach.WILL]
    if not reached:
        raise Refused(
            f"{document.customer.name} has no contact with an e-mail address; add one, then send it again"
        )
    pdf = await asyncio.to_thread(pdf_of, document)
    ordered = await Order(_letter(document, pdf), who, _go_on).to(database, reached)
    return ordered.messages


def _letter(document: Document, pdf: bytes) -> DraftMessage:
    invoice, title = document.invoice, title_of(document)
    total = f"{amount(invoice.total, invoice.currency)} {invoice.currency}"
    due = f", to be paid by {invoice.due_on}" if invoice.due_on and invoice.credits is None else ""
    what = f"{title.lower()} {invoice.number} of {total}{due}"
    body = f"Dear {{{{ contact.name }}}},\n\nplease find attached {what}."
    name = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in invoice.number or "")
    return DraftMessage(
        Way.EMAIL, body, f"{title} {invoice.number}", files=((f"{name}.pdf", pdf),), service=True
    )


def _go_on() -> None:
    """Nobody stops it halfway."""
