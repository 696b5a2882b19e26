"""The list of invoices."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from cx_tui.screens.list.record_contents import RecordContents
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.list.scope import Scope
from cx_tui.screens.money.invoice_acts import InvoiceActs


class InvoiceContents(RecordContents):
    """Invoices come from a period, or are begun by hand."""

    def nothing_here(self) -> str:
        if self.host.query_now.typed:
            return super().nothing_here()
        return "There are no invoices here yet.\n\nb makes those of a period, + begins one by hand"


class InvoiceList(RecordList):
    """The list of invoices."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "book", "book", id="invoices.book",
                tooltip="Make the invoices of a period: they are shown first, then made and numbered."),
        Binding("i", "issue", "issue", id="invoices.issue",
                tooltip="Number the marked drafts, or this one; after that they never change."),
        Binding("m", "mail", "mail", id="invoices.mail",
                tooltip="Send the marked invoices, or this one, to the customers' contacts."),
        Binding("C", "credit", "credit note", id="invoices.credit",
                tooltip="Take this invoice back with a credit note, in whole or in part."),
        Binding("V", "void", "void", show=False, id="invoices.void",
                tooltip="Void this invoice; it keeps its number."),
        Binding("P", "pdf", "PDF", show=False, id="invoices.pdf",
                tooltip="Write this invoice as a PDF, or the marked ones into a folder."),
        Binding("w", "calls", "calls", show=False, id="invoices.calls",
                tooltip="Write the calls of this invoice into a CSV or Parquet file."),
        Binding("D", "overdue", "overdue", show=False, id="invoices.overdue",
                tooltip="Show only overdue invoices; press again to show all."),
    ]  # fmt: skip

    CONTENTS = InvoiceContents

    def __init__(self, scope: Scope, *, id: str | None = None) -> None:
        super().__init__(scope, id=id)
        self.duties = (*self.duties, InvoiceActs(self))
