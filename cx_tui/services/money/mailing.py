"""Sending invoices: a message of the outbox to the customer's contacts, with the PDF, and the calls if the
template says so.
"""

import asyncio
import tempfile
from pathlib import Path

from cx_tui.db.engine import Database
from cx_tui.domain.money.document import Document
from cx_tui.domain.outbox import Reach, Way
from cx_tui.domain.records.invoice import InvoiceStatus
from cx_tui.domain.who import Who
from cx_tui.errors import Refused
from cx_tui.services.money.by_destination import CallsOf, write_calls_of
from cx_tui.services.money.printing import amount, pdf_of, title_of
from cx_tui.services.sending.attachments import MOST, File, size
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.orders import Order
from cx_tui.services.sending.recipients import contacts_of


async def send(database: Database, who: Who, document: Document, calls: CallsOf | None = None) -> int:
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
    files = [(f"{document.file_name}.pdf", await asyncio.to_thread(pdf_of, document))]
    wanted = document.template is not None and document.template.attach_calls
    if calls and wanted and invoice.credits is None and invoice.period_from is not None:
        files.append(await _calls(document, calls))
    ordered = await Order(_letter(document, tuple(files)), who, _go_on).to(database, reached)
    return ordered.messages


async def _calls(document: Document, calls: CallsOf) -> File:
    """The calls of an invoice as a file; of too many none, as no mail server takes them."""
    with tempfile.TemporaryDirectory(prefix="cx-tui-invoice-") as folder:
        path = Path(folder) / f"{document.file_name}-calls.csv"
        await write_calls_of(calls(), document.invoice, path)
        large = path.stat().st_size
        if large > MOST:
            raise Refused(
                f"the calls of {document.invoice.number} are {size(large)}, and mail servers take "
                f"{size(MOST)} at most; switch off Attach the calls in its template, and send the file that "
                "cx-tui invoices calls writes in another way"
            )
        return path.name, path.read_bytes()


def _letter(document: Document, files: tuple[File, ...]) -> DraftMessage:
    invoice, title = document.invoice, title_of(document)
    total = f"{amount(invoice.total, invoice.currency)} {invoice.currency}"
    due = f", to be paid by {invoice.due_on}" if invoice.due_on and invoice.credits is None else ""
    what = f"{title.lower()} {invoice.number} of {total}{due}"
    also = ", with a list of its calls" if len(files) > 1 else ""
    body = f"Dear {{{{ contact.name }}}},\n\nplease find attached {what}{also}."
    return DraftMessage(Way.EMAIL, body, f"{title} {invoice.number}", files=files, service=True)


def _go_on() -> None:
    """Nobody stops it halfway."""
