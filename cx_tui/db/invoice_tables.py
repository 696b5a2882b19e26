"""What keeps invoices right: numbers without gaps, and what stands on which of them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import metadata, table_named
from cx_tui.db.types import Money

table_named("invoice")

number_series = Table(
    "number_series",
    metadata,
    Column("series", String(40), primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number of each series.  Who issues has its row alone until the invoice is there, so there are no
gaps: a number that was given back with its transaction is given again."""

invoice_day = Table(
    "invoice_day",
    metadata,
    Column("customer_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("invoice_id", Integer, ForeignKey("invoice.id"), nullable=False),
    Column("charge", Money, nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("billed_seconds", BigInteger, nullable=False),
    PrimaryKeyConstraint("customer_id", "day", "invoice_id"),
)
"""What of a day's calls stands on which invoice.  What a day has beyond that came late, or got another
price: it goes to the next invoice."""
Index("ix_invoice_day_invoice_id", invoice_day.c.invoice_id)

invoice_entry = Table(
    "invoice_entry",
    metadata,
    Column("entry_id", Integer, ForeignKey(ledger.c.id), primary_key=True, autoincrement=False),
    Column("invoice_id", Integer, ForeignKey("invoice.id"), nullable=False),
)
"""The invoice on which an entry of the ledger stands: one at most."""
Index("ix_invoice_entry_invoice_id", invoice_entry.c.invoice_id)
