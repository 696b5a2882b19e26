"""The tables of what was done, what waits to be done, and who is about to do it."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, text

from cx_tui.db.tables import columns_of, metadata, of_customer
from cx_tui.db.types import Utc
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Change, DelayedChange, Operation

operation = Table("operation", metadata, *columns_of(Operation), Column("xact", BigInteger))
"""What was done, and by whom.  `change` says what it did to which record: it outlives what it speaks of,
and is written by the hundred thousand, so no foreign keys guard it.  `xact` is the transaction that wrote it,
which PostgreSQL says by itself; see `change_log`."""
Index("ix_operation_xact", operation.c.xact)
OF_OPERATION = [operation.c[name] for name in fields_of(Operation)]
"""The columns of which an `Operation` is made."""

change = Table("change", metadata, *columns_of(Change), Column("customer_id", Integer, nullable=False))
Index("ix_change_operation_id", change.c.operation_id, change.c.id)
Index("ix_change_customer_id", change.c.customer_id, change.c.id)

block = Table(
    "block",
    metadata,
    Column("operation_id", Integer, primary_key=True, autoincrement=False),
    Column("first_id", Integer, primary_key=True, autoincrement=False),
    Column("last_id", Integer, nullable=False),
    Column("act", change.c.act.type, nullable=False),
    Column("after", LargeBinary),
    Column("before", LargeBinary),
    Column("steps", LargeBinary),
    Column("record", String(20), nullable=False, server_default="customer"),
)
"""What one operation did to many customers, or to records that belong to none; see `log_blocks`."""
Index("ix_block_first_id", block.c.first_id)

delayed = Table("delayed", metadata, *columns_of(DelayedChange), of_customer())
WAITING = text("state = 'waiting'")
Index("ix_delayed_customer_id", delayed.c.customer_id)

editing = Table(
    "editing",
    metadata,
    of_customer(primary_key=True),
    Column("session", String(32), primary_key=True),
    Column("who", String(120), nullable=False),
    Column("origin", String(200), nullable=False),
    Column("since", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
)
"""Who has a customer open to change it; a session that is not seen any more is gone."""

here = Table(
    "here",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("who", String(120), nullable=False),
    Column("origin", String(200), nullable=False),
    Column("since", Utc, nullable=False),
    Column("page", String(200), nullable=False),
    Column("active_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
)
"""The programs that are open, and what each of them shows; see `who_is_here`."""
