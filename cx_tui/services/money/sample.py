"""A sample of an invoice, so that who changes a template sees what becomes of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cx_tui.domain.fields import fields_of
from cx_tui.domain.money.document import Document
from cx_tui.domain.money.invoicing import Line, totals_of
from cx_tui.domain.records.company import InvoiceTemplate, LinesBy
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.records.invoice import Invoice, LineKind

CURRENCY, TAX = "EUR", Decimal(20)
PLACES = ("Germany mobile", "United Kingdom", "France", "Spain mobile")


def sample_of(template: InvoiceTemplate) -> Document:
    """An invoice as it would be printed with a template; nothing of it is kept."""
    now = datetime.now(UTC)
    same: dict[str, Any] = {"id": 0, "created_at": now, "changed_at": now}
    last = now.date().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    by_day = template.lines_by is LinesBy.DAY
    texts = [
        f"Calls of {first + timedelta(days=place)}" if by_day else f"Calls to {name}"
        for place, name in enumerate(PLACES)
    ]
    lines = [
        Line(
            text=text, kind=LineKind.CALLS, amount=Decimal(place * 1234 + 56) / 100, calls=place * 321,
            seconds=place * 54_321,
        )
        for place, text in enumerate(texts, 1)
    ]  # fmt: skip
    lines.append(Line(text=f"Office line, {first}", kind=LineKind.PACKAGE, amount=Decimal("9.00")))
    totals = totals_of((line.amount for line in lines), TAX, CURRENCY)
    invoice = Invoice(
        **same, customer_id=0, number=f"{template.series or 'INV-'}000000", issued_on=now.date(),
        due_on=now.date() + timedelta(days=14), period_from=first, period_to=last, currency=CURRENCY,
        net=totals.net, tax_percent=TAX, tax=totals.tax, total=totals.total,
    )  # fmt: skip
    usual = {name: field.empty() for name, field in fields_of(Customer).items() if name not in same}
    whom = {
        "name": "Acme Telecom", "company": "Acme Telecom Ltd", "street": "1 Harbour Street",
        "postcode": "E1 6AN", "city": "London", "country": "GB", "currency": CURRENCY,
    }  # fmt: skip
    customer = Customer(**{**usual, **whom, **same})
    return Document(invoice, lines, customer, template, "")
