"""All that is printed of an invoice, and what a program that prints is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cx_tui.domain.money.invoicing import Line
from cx_tui.domain.records.company import InvoiceTemplate
from cx_tui.domain.records.invoice import Invoice

ADDRESS = ("name", "company", "street", "postcode", "city", "country")
"""What is printed of each customer; what a template says of it comes besides."""


@dataclass(frozen=True)
class Document:
    """All that is printed of an invoice."""

    invoice: Invoice
    lines: Sequence[Line]
    customer: Any
    template: InvoiceTemplate | None
    credits: str
    """The number of the invoice that it takes back, if it is a credit note."""

    @property
    def file_name(self) -> str:
        """What its files are named after: its number, or a draft's id."""
        number = self.invoice.number or f"draft-{self.invoice.id}"
        return "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in number)
