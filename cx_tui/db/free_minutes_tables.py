"""What keeps free minutes right: how many a period has given, and which calls they went to."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from cx_tui.db.tables import metadata, table_named
from cx_tui.db.types import Instant

table_named("customer-package")

free_minutes = Table(
    "free_minutes",
    metadata,
    Column("own_id", Integer, ForeignKey("customer_package.id"), nullable=False),
    Column("period", Date, nullable=False),
    Column("granted", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    PrimaryKeyConstraint("own_id", "period"),
    CheckConstraint("used >= 0 AND used <= granted", name="used"),
)
"""Seconds of a customer's package in the period that began on a day.  What is granted is kept from the first
call on: another quantity counts from the next period."""

free_use = Table(
    "free_use",
    metadata,
    Column("customer_id", Integer, nullable=False),
    Column("start", Instant, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("own_id", Integer, ForeignKey("customer_package.id"), nullable=False),
    Column("period", Date, nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("seconds", BigInteger, nullable=False),
    PrimaryKeyConstraint("customer_id", "start", "key", "own_id"),
)
"""Billed seconds of calls that were free.  `taken` is what a call was given when it came, `seconds` what it
needs of that now: a call that became shorter gives the rest back, and takes it again when that is undone."""
Index("ix_free_use_start", free_use.c.start)
