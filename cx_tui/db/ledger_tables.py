"""The ledger: every amount that moved a balance, appended and never changed; triggers see to that."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from cx_tui.db.tables import metadata
from cx_tui.db.types import Money, Utc, Word
from cx_tui.domain.money.entry import Kind

ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", Integer, ForeignKey("customer.id"), nullable=False),
    Column("kind", Word(Kind), nullable=False),
    Column("amount", Money, nullable=False),
    Column("total", Money, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("source", String(80), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("at", Utc, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("who", String(120), nullable=False),
    Column("operation_id", Integer),
    UniqueConstraint("customer_id", "source", "turn"),
)
"""Entries.  `total` is the sum of the customer's entries up to this one, so that a balance is read from one
row however many there are.  A customer who has entries can't be purged: no key says what becomes of them."""
Index("ix_ledger_customer_id", ledger.c.customer_id, ledger.c.id)
