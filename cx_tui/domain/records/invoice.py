"""Invoices, their lines, and which payment pays which."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Code, Labelled, Moment, Money, Percent, Text
from cx_tui.domain.record import Record, kept


class InvoiceStatus(Labelled):
    """How far an invoice has come; an issued one never changes."""

    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"
    PAID = "paid", "Paid"
    VOID = "void", "Void"


class LineKind(Labelled):
    """What a line of an invoice is about."""

    CALLS = "calls", "Calls"
    LATE_CALLS = "late", "Late calls"
    PACKAGE = "package", "Package"
    FREE = "free", "Free line"


SIGNED = "-999999999999"


@dataclass(kw_only=True)
class Invoice(Record):
    """An invoice, or a credit note for one."""

    declared: ClassVar = Declared(
        "invoice",
        "invoice",
        "Invoices",
        ("number", "issued_on", "due_on", "period_from", "period_to", "total", "status"),
        sort=("-issued_on",),
        uploads=False,
        deletes=False,
        also=("bills", "credit notes"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer who pays it.")
    series: str = field.text(
        "Series",
        tab="Invoice",
        max_length=20,
        default="",
        upload=False,
        help="Each series has numbers of its own.",
    )
    number: str | None = kept(
        "Number",
        Text(40, 14),
        optional=True,
        unique=True,
        taken="another invoice has this number",
        help="Given when it is issued, without gaps.",
    )
    issued_on: date | None = field.day("Date", tab="Invoice", upload=False, help="The day on its head.")
    due_on: date | None = field.day("Due", tab="Invoice", upload=False, help="When it has to be paid.")
    period_from: date | None = field.day(
        "Period from", tab="Invoice", upload=False, help="The first day that it is about (UTC)."
    )
    period_to: date | None = field.day(
        "Period to", tab="Invoice", upload=False, help="The last day that it is about (UTC)."
    )
    status: InvoiceStatus = field.choice(
        "Status",
        InvoiceStatus,
        default=InvoiceStatus.DRAFT,
        upload=False,
        kept=True,
        help="A draft can be changed; an issued one never.",
    )
    currency: str = kept("Currency", Code("currencies", "currency"), default="", help="The customer's.")
    net: Decimal = kept("Net", Money(SIGNED), default=Decimal(0), help="The sum of its lines.")
    tax_percent: Decimal = kept(
        "Tax %", Percent(), default=Decimal(0), help="The customer's when it was made."
    )
    tax: Decimal = kept("Tax", Money(SIGNED), default=Decimal(0), help="As it is printed.")
    total: Decimal = kept("Total", Money(SIGNED), default=Decimal(0), help="The sum of the printed parts.")
    paid: Decimal = kept(
        "Paid", Money(SIGNED), default=Decimal(0), help="What payments were allocated to it."
    )
    issued_at: datetime | None = kept(
        "Issued at", Moment(), optional=True, help="When it got its number (UTC)."
    )
    credits: int | None = field.reference(
        "Credit note for",
        "invoice",
        upload=False,
        kept=True,
        help="The invoice that it takes back, in part or whole.",
    )
    template: int | None = field.reference(
        "Template", "invoice-template", tab="Invoice", upload=False, help="None is the customer's."
    )
    public_notes: str = field.lines("Text", tab="Invoice", upload=False, help="Printed beneath the lines.")
    private_notes: str = field.lines(
        "Private notes", tab="Invoice", upload=False, internal=True, help="Only operators can read these."
    )

    @property
    def open(self) -> Decimal:
        """What has still to be paid."""
        return self.total - self.paid if self.status is InvoiceStatus.ISSUED else Decimal(0)

    def problems(self) -> dict[str, str]:
        found = {}
        if self.period_from and self.period_to and self.period_to < self.period_from:
            found["period_to"] = "the period ends before it begins; change one of the days"
        if self.issued_on and self.due_on and self.due_on < self.issued_on:
            found["due_on"] = "it is due before its own date; change one of the days"
        return found


@dataclass(kw_only=True)
class InvoiceLine(Record):
    """A line of an invoice."""

    declared: ClassVar = Declared(
        "invoice-line",
        "invoice line",
        "Invoice lines",
        ("text", "kind", "quantity", "price", "amount"),
        owner="invoice",
        sort=("position",),
        ordered=True,
        uploads=False,
    )

    invoice_id: int = field.owner("Invoice", "invoice", "The invoice that it is part of.")
    text: str = field.text(
        "Text", tab="Line", required=True, max_length=300, width=30, upload=False, help="As it is printed."
    )
    kind: LineKind = field.choice(
        "Kind", LineKind, default=LineKind.FREE, upload=False, kept=True, help="What it is about."
    )
    quantity: Decimal = field.money(
        "Quantity", tab="Line", default=Decimal(1), minimum=SIGNED, upload=False, help="How many."
    )
    price: Decimal = field.money(
        "Price", tab="Line", default=Decimal(0), minimum=SIGNED, upload=False, help="Of each, before tax."
    )
    amount: Decimal = kept("Amount", Money(SIGNED), default=Decimal(0), help="As it is printed, before tax.")
    seconds: int = field.integer(
        "Billed seconds",
        default=0,
        maximum=2**62,
        upload=False,
        kept=True,
        help="Of the calls that it is about.",
    )
    calls: int = field.integer(
        "Calls", default=0, upload=False, kept=True, help="How many calls it is about."
    )
    position: int = field.position("Lines are printed in this order.")


@dataclass(kw_only=True)
class Allocation(Record):
    """How much of a payment pays an invoice."""

    declared: ClassVar = Declared(
        "allocation",
        "allocation",
        "Allocations",
        ("invoice", "amount"),
        owner="payment",
        uploads=False,
        together=("payment_id", "invoice"),
        taken="this payment is allocated to the invoice already; change that amount",
    )

    payment_id: int = field.owner("Payment", "payment", "The payment that it is a part of.")
    invoice: int = field.reference(
        "Invoice",
        "invoice",
        tab="Allocation",
        required=True,
        fixed=True,
        upload=False,
        help="What is paid by it.",
    )
    amount: Decimal = field.money(
        "Amount", tab="Allocation", required=True, upload=False, help="How much of the payment."
    )

    def problems(self) -> dict[str, str]:
        return {} if self.amount else {"amount": "nothing is allocated; write an amount above 0"}
