"""The commands of invoices: make, issue, list, print, send them, and take them back."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.commands.money_parts import (
    FAILED,
    OK,
    AddShared,
    amount,
    day,
    finish,
    group,
    only_reads,
    show,
    talk,
    unless_simulated,
)
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from cx_tui.domain.money.invoicing import Period
    from cx_tui.services.money.invoices import Made
    from cx_tui.services.session import Session

INVOICED = ("number", "customer", "date", "due", "net", "tax", "total", "currency", "status")


def add_commands(commands: Any, add_shared: AddShared) -> None:
    """Teach a parser these commands."""
    actions = group(commands, "invoices", "make, issue, list, print, send and take back invoices")
    _add_making(actions, add_shared)
    _add_giving(actions, add_shared)


def _add_making(actions: Any, add_shared: AddShared) -> None:
    make = actions.add_parser("make", help="make and issue the invoices of a period")
    make.add_argument("customer", metavar="CUSTOMER", nargs="?", default="", help="only of this one")
    make.add_argument(
        "--period", metavar="P", required=True, help="2026-06, 2026-W25, 2026-06-01..2026-06-15"
    )
    make.add_argument("--date", metavar="D", type=day, help="the day on its head (today, UTC)")
    make.add_argument("--draft", action="store_true", help="leave them as drafts, without numbers")
    make.add_argument("--simulate", action="store_true", help="say what would be made, and make nothing")
    make.add_argument("--pdf", metavar="FOLDER", type=Path, help="write each as a PDF into this folder, too")
    finish(make, _make_invoices, add_shared, writes=unless_simulated)
    listing = actions.add_parser("list", help="invoices, the newest first")
    listing.add_argument("customer", metavar="CUSTOMER", nargs="?", default="", help="only of this one")
    listing.add_argument("--overdue", action="store_true", help="only overdue invoices")
    listing.add_argument("--limit", metavar="N", type=int, default=100, help="how many (100)")
    finish(listing, _list_invoices, add_shared, writes=only_reads)


def _add_giving(actions: Any, add_shared: AddShared) -> None:
    pdf = actions.add_parser("pdf", help="write an invoice as a PDF")
    pdf.add_argument("number", metavar="NUMBER")
    pdf.add_argument("file", metavar="FILE", type=Path)
    finish(pdf, _print_invoice, add_shared, writes=only_reads)
    pdfs = actions.add_parser("pdfs", help="write the invoices of a period as PDFs into a folder")
    pdfs.add_argument("folder", metavar="FOLDER", type=Path)
    pdfs.add_argument(
        "--period", metavar="P", required=True, help="2026-06, 2026-W25, 2026-06-01..2026-06-15"
    )
    pdfs.add_argument("--again", action="store_true", help="also those that are in the folder already")
    finish(pdfs, _print_invoices, add_shared, writes=only_reads)
    sample = actions.add_parser("sample", help="write a sample invoice, to see a template")
    sample.add_argument("template", metavar="TEMPLATE", help="its name, as in the setup")
    sample.add_argument("file", metavar="FILE", type=Path)
    finish(sample, _write_sample, add_shared, writes=only_reads)
    calls = actions.add_parser("calls", help="write the calls of its period into a CSV or Parquet file")
    calls.add_argument("number", metavar="NUMBER")
    calls.add_argument("file", metavar="FILE", type=Path)
    finish(calls, _write_calls, add_shared, writes=only_reads)
    send = actions.add_parser("send", help="send an invoice to the customer's contacts, through the outbox")
    send.add_argument("number", metavar="NUMBER")
    finish(send, _send_invoice, add_shared)
    issue = actions.add_parser("issue", help="give a draft its number; from then on it never changes")
    issue.add_argument("draft", metavar="ID", type=int)
    finish(issue, _issue_invoice, add_shared)
    for name, what, work in (
        ("void", "void an invoice; it keeps its number", _void_invoice),
        ("credit", "take an invoice back with a credit note, in whole or in part", _credit_invoice),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("number", metavar="NUMBER")
        action.add_argument("--reason", metavar="TEXT", required=True)
        if name == "credit":
            action.add_argument(
                "--amount", metavar="NET", type=amount, help="before tax; without it all that is left"
            )
            action.add_argument(
                "--leave-balance", action="store_true",
                help="the balance has got it already, as by new prices of the calls",
            )  # fmt: skip
        finish(action, work, add_shared)


async def _make_invoices(session: "Session", options: argparse.Namespace) -> int:
    period = _period(options)
    if options.pdf and (options.simulate or options.draft):
        raise Misconfigured("--pdf writes invoices that have a number; leave --simulate or --draft away")
    today = options.date or datetime.now(UTC).date()
    how = {"simulate": options.simulate, "draft": options.draft}
    invoices = session.money.invoices
    if options.customer:
        of = await session.admission.customer_named(options.customer)
        making = _one(invoices.make(of, period, today, **how))
    else:
        making = invoices.make_all(period, today, **how)
    found = await _printed(session, making, options.pdf) if options.pdf else [one async for one in making]
    show([_invoice(one) for one in found if not one.why_not], INVOICED, options)
    for one in found:
        if one.why_not:
            talk(f"{one.customer}: {one.why_not}")
    return OK if not options.customer or not found[0].why_not else FAILED


async def _one(making: "Awaitable[Made]") -> "AsyncIterator[Made]":
    yield await making


async def _printed(session: "Session", making: "AsyncIterator[Made]", folder: Path) -> "list[Made]":
    """What is made, printed while the next ones are made."""
    from cx_tui.services.money.printing_many import PrintingMany

    found = []
    async with PrintingMany(session.money.invoices, folder) as printing:
        async for one in making:
            found.append(one)
            if one.invoice_id is not None:
                await printing.add(one.invoice_id)
    talk(f"{_pdfs(printing.printed)} written into {folder}, {printing.size:,} bytes")
    return found


async def _print_invoices(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.services.money.printing_many import PrintingMany

    invoices = session.money.invoices
    ids = await invoices.of_period(_period(options))
    async with PrintingMany(invoices, options.folder, again=options.again) as printing:
        for one in ids:
            await printing.add(one)
    if options.json:
        print(json.dumps({"invoices": len(ids), "printed": printing.printed, "bytes": printing.size}))
    else:
        there = len(ids) - printing.printed
        also = f"; {there:,} were there already, --again writes them too" if there else ""
        talk(f"{_pdfs(printing.printed)} written into {options.folder}{also}")
    return OK


def _pdfs(count: int) -> str:
    return "1 PDF" if count == 1 else f"{count:,} PDFs"


def _period(options: argparse.Namespace) -> "Period":
    from cx_tui.domain.money.invoicing import period_of

    try:
        return period_of(options.period)
    except ValueError as error:
        raise Misconfigured(f"--period: {error}") from None


def _invoice(one: "Made") -> dict[str, Any]:
    return {
        "number": one.number or None, "customer": one.customer, "date": one.issued_on, "due": one.due_on,
        "net": one.net, "tax": one.tax, "total": one.total, "currency": one.currency, "status": one.status,
        **({"id": one.invoice_id} if one.invoice_id else {}),
    }  # fmt: skip


async def _list_invoices(session: "Session", options: argparse.Namespace) -> int:
    of = await session.admission.customer_named(options.customer) if options.customer else None
    today = datetime.now(UTC).date() if options.overdue else None
    found = await session.money.invoices.list(of, options.limit, overdue_on=today)
    show([_invoice(one) for one in found], INVOICED, options)
    return OK


async def _print_invoice(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.services.money.printing import pdf_of

    written = pdf_of(await session.money.invoices.document(options.number))
    try:
        options.file.write_bytes(written)
    except OSError as error:
        raise Misconfigured(f"{options.file} can't be written: {error.strerror}") from None
    talk(f"{options.file} has {len(written):,} bytes")
    return OK


async def _write_sample(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.services.money.printing import write_pdf
    from cx_tui.services.money.sample import sample_of

    template = await session.money.invoices.template_named(options.template)
    talk(f"{options.file} has {write_pdf(sample_of(template), options.file):,} bytes")
    return OK


async def _write_calls(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.services.money.by_destination import write_calls_of

    found = (await session.money.invoices.document(options.number)).invoice
    written = await write_calls_of(session.calls, found, options.file)
    if options.json:
        print(json.dumps({"number": options.number, "calls": written}))
    else:
        talk(f"{options.file} has {written:,} calls")
    return OK


async def _send_invoice(session: "Session", options: argparse.Namespace) -> int:
    messages = await session.money.send_invoice(options.number)
    if options.json:
        print(json.dumps({"number": options.number, "messages": messages}))
    else:
        talk(f"{options.number} goes to {messages:,} contacts; the next worker or program sends it")
    return OK


async def _issue_invoice(session: "Session", options: argparse.Namespace) -> int:
    number = await session.money.invoices.issue(options.draft)
    _tell_number(number, options)
    return OK


async def _void_invoice(session: "Session", options: argparse.Namespace) -> int:
    await session.money.invoices.void(options.number, options.reason)
    talk(f"{options.number} is void")
    return OK


async def _credit_invoice(session: "Session", options: argparse.Namespace) -> int:
    number = await session.money.invoices.credit(
        options.number, options.reason, options.amount, to_balance=not options.leave_balance
    )
    _tell_number(number, options)
    return OK


def _tell_number(number: str, options: argparse.Namespace) -> None:
    print(json.dumps({"number": number}) if options.json else number)
