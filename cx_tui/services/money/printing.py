"""An invoice as a PDF.  Its words that operators can change are those of its template: title, sender, bank
details, footer, and a text above the lines, with fields such as {{ customer.name }}.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cx_tui.domain.currencies import decimals_of
from cx_tui.domain.money.document import Document
from cx_tui.domain.records.invoice import InvoiceStatus, LineKind
from cx_tui.domain.templates import fields_in, fill, known_fields, values_of
from cx_tui.errors import CxError, Invalid

FOLDERS = (
    "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/TTF",
    "/usr/share/fonts/dejavu", "/Library/Fonts",
)  # fmt: skip
"""Where DejaVu may be, which has the letters of most languages; the font of the library has western ones."""

# A PDF may have any bytes: to write them as letters makes it a quarter larger, and takes longer.
rl_config.useA85 = 0

FONT, BOLD = "invoice", "invoice-bold"
MARGIN = 20 * mm
PADDING = 6
"""What the library leaves free at the right of a cell, in points."""
WIDTHS = (100 * mm, 20 * mm, 25 * mm, 25 * mm)


@cache
def _have_fonts() -> None:
    """Tell the library of the letters."""
    for folder in FOLDERS:
        usual, bold = (Path(folder) / f"DejaVuSans{kind}.ttf" for kind in ("", "-Bold"))
        if usual.exists() and bold.exists():
            break
    else:
        usual, bold = Path("Vera.ttf"), Path("VeraBd.ttf")
    pdfmetrics.registerFont(TTFont(FONT, str(usual)))
    pdfmetrics.registerFont(TTFont(BOLD, str(bold)))


@cache
def _style(size: int = 9, *, bold: bool = False, right: bool = False) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{bold}{right}", fontName=BOLD if bold else FONT, fontSize=size, leading=size * 1.35,
        **({"alignment": TA_RIGHT} if right else {}),
    )  # fmt: skip


def pdf_of(document: Document) -> bytes:
    """The PDF of an invoice: the same bytes whenever it is made."""
    _have_fonts()
    written = BytesIO()
    title = f"{title_of(document)} {document.invoice.number or ''}".strip()
    pages = SimpleDocTemplate(
        written, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=28 * mm,
        title=title, invariant=1,
    )  # fmt: skip
    footer = _lines(document.template.footer if document.template else "")

    def foot(canvas: Any, pages: Any) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 7)
        canvas.setFillColor(colors.grey)
        for place, line in enumerate(footer[:3]):
            canvas.drawString(MARGIN, 16 * mm - place * 3.5 * mm, line)
        canvas.drawRightString(A4[0] - MARGIN, 16 * mm, f"{title} · {canvas.getPageNumber()}")
        canvas.restoreState()

    pages.build(
        [*_head(document), *_above(document), _table(document), *_below(document)],
        onFirstPage=foot,
        onLaterPages=foot,
    )
    return written.getvalue()


def write_pdf(document: Document, path: Path) -> int:
    """Write the PDF of an invoice into a file: how many bytes it has."""
    written = pdf_of(document)
    try:
        path.write_bytes(written)
    except OSError as error:
        raise CxError(f"{path} can't be written: {error.strerror}") from error
    return len(written)


def title_of(document: Document) -> str:
    """What stands on top."""
    if document.invoice.credits is not None:
        return "Credit note"
    return (document.template.title if document.template else "") or "Invoice"


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _text(text: str, size: int = 9, *, bold: bool = False, right: bool = False) -> Paragraph:
    """Text as it is: no markup in it is read."""
    return Paragraph(escape(text).replace("\n", "<br/>"), _style(size, bold=bold, right=right))


def _cell(text: str) -> str | Paragraph:
    """The text of a line; one that fits need not be laid out as a paragraph."""
    if "\n" not in text and pdfmetrics.stringWidth(text, FONT, 9) <= WIDTHS[0] - PADDING:
        return text
    return _text(text)


def _head(document: Document) -> list[Any]:
    invoice, whom = document.invoice, document.customer
    address = [
        whom.company or whom.name, whom.street, f"{whom.postcode} {whom.city}".strip(), whom.country,
    ]  # fmt: skip
    facts = [
        ("Number", invoice.number or "DRAFT"),
        ("Date", f"{invoice.issued_on or ''}"),
        ("Due", f"{invoice.due_on or ''}" if invoice.credits is None else ""),
        ("Period", f"{invoice.period_from} to {invoice.period_to}" if invoice.period_from else ""),
        ("For invoice", document.credits),
    ]
    said = "\n".join(f"{name}: {value}" for name, value in facts if value)
    sender = document.template.sender if document.template else ""
    name = title_of(document) + (" (void)" if invoice.status is InvoiceStatus.VOID else "")
    parts = [
        [_text(sender), _text(name, 16, bold=True, right=True)],
        [_text("\n".join(filter(None, address))), _text(said, right=True)],
    ]
    table = Table(parts, colWidths=(85 * mm, 85 * mm))
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]))
    return [table, Spacer(1, 8 * mm)]


def _above(document: Document) -> list[Any]:
    body = document.template.body if document.template else ""
    if not body.strip():
        return []
    names = fields_in(body)
    if unknown := [name for name in names if name not in known_fields()]:
        raise Invalid(
            {"body": f"the invoice template has a field {unknown[0]} that there is not; correct it"}
        )
    return [_text(fill(body, values_of(names, customer=document.customer))), Spacer(1, 5 * mm)]


def _table(document: Document) -> Table:
    invoice = document.invoice
    rows: list[list[Any]] = [["", "Calls", "Minutes", invoice.currency]]
    for line in document.lines:
        of_calls = line.kind in (LineKind.CALLS, LineKind.LATE_CALLS)
        rows.append([
            _cell(line.text), f"{line.calls:,}" if of_calls else "",
            f"{line.seconds / 60:,.1f}" if of_calls else "", amount(line.amount, invoice.currency),
        ])  # fmt: skip
    first_sum = len(rows)
    rows += [
        ["Net", "", "", amount(invoice.net, invoice.currency)],
        [f"Tax {invoice.tax_percent.normalize():f} %", "", "", amount(invoice.tax, invoice.currency)],
        ["Total", "", "", amount(invoice.total, invoice.currency)],
    ]
    table = Table(rows, colWidths=WIDTHS, repeatRows=1)
    table.setStyle(TableStyle(_looks(first_sum)))
    return table


def _looks(first_sum: int) -> Sequence[Any]:
    return [
        ("FONT", (0, 0), (-1, -1), FONT, 9),
        ("FONT", (0, 0), (-1, 0), BOLD, 8),
        ("FONT", (0, -1), (-1, -1), BOLD, 10),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, colors.black),
        ("LINEABOVE", (0, first_sum), (-1, first_sum), 0.6, colors.black),
        ("LINEABOVE", (0, -1), (-1, -1), 0.6, colors.black),
    ]


def _below(document: Document) -> list[Any]:
    texts = [document.invoice.public_notes, document.template.bank if document.template else ""]
    return [part for text in texts if text.strip() for part in (Spacer(1, 7 * mm), _text(text))]


def amount(value: Any, currency: str) -> str:
    """An amount as it is printed: 1,234.50."""
    return f"{value:,.{decimals_of(currency)}f}"
