"""The tables of calls that are always there; those of the last days come and go, see `days`."""

from sqlalchemy import BigInteger, Column, Date, Float, Integer, PrimaryKeyConstraint, String, Table, Text

from cx_tui.db.calls.columns import columns
from cx_tui.db.tables import metadata
from cx_tui.db.types import Instant, Money, Utc
from cx_tui.domain.calls.figures import MONEYS, NAMES


def figures() -> list[Column[object]]:
    """What is counted."""
    return [Column(name, Money if name in MONEYS else BigInteger, nullable=False) for name in NAMES]


call_hours = Table(
    "call_hours",
    metadata,
    Column("customer_id", Integer, nullable=False),
    Column("hour", Instant, nullable=False),
    *figures(),
    PrimaryKeyConstraint("customer_id", "hour"),
    sqlite_with_rowid=False,
)
"""What was counted of each customer in each of the last 72 hours."""

call_days = Table(
    "call_days",
    metadata,
    Column("customer_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    *figures(),
    Column("booked", Money, nullable=False, server_default="0"),
    PrimaryKeyConstraint("customer_id", "day"),
    sqlite_with_rowid=False,
)
"""What was counted of each customer on each day, for ever: the index of all calls, and what was charged.
`booked` is how much of the charge is in the ledger."""

call_peak = Table(
    "call_peak",
    metadata,
    Column("customer_id", Integer, nullable=False),
    Column("period", String(4), nullable=False),
    Column("begins", Instant, nullable=False),
    Column("channels", Integer, nullable=False),
    Column("cps", Float, nullable=False),
    PrimaryKeyConstraint("customer_id", "period", "begins"),
    sqlite_with_rowid=False,
)
"""The most channels and calls a second of a customer in each of the last 72 hours ("hour"), and of each day
("day"), for ever.  Customer 0 is the whole switch: of a period in which no source was heard it has no row."""

call_stored = Table(
    "call_stored",
    metadata,
    Column("day", Date, primary_key=True),
    Column("generation", Integer, nullable=False, server_default="0"),
)
"""Where a day's calls are: generation 0 is in its own table, any other in files.  Whoever writes calls of a
day shares this row, whoever moves or changes the day has it alone."""

call_file = Table(
    "call_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("first_customer", Integer, nullable=False),
    Column("last_customer", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("checksum", String(64), nullable=False),
    *figures(),
    Column("made_at", Utc, nullable=False),
    Column("made_by", Text, nullable=False),
)
"""The manifest: files of sealed calls, which never change.  A day's has all customers, a month's some."""

call_change = Table(
    "call_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("before", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("undone_at", Utc),
)
"""Recalculations that were applied: from which generation of a day to which."""

call_late = Table(
    "call_late",
    metadata,
    *columns(),
    PrimaryKeyConstraint("customer_id", "start", "key"),
    sqlite_with_rowid=False,
)
"""Calls that came when their day was sealed already: counted, and to be read beside its file."""

call_unknown = Table(
    "call_unknown",
    metadata,
    *columns(of_somebody=False),
    PrimaryKeyConstraint("key"),
    sqlite_with_rowid=False,
)
"""Calls of nobody who is known."""

live_call = Table(
    "live_call",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("source_key", Text, nullable=False),
    Column("live_key", Text, nullable=False),
    Column("customer_id", Integer),
    Column("auth", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("cli", Text, nullable=False),
    Column("dialled", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("carrier", Text, nullable=False),
    Column("route_id", Integer),
    Column("src_ip", Text, nullable=False),
    Column("invited", Instant, nullable=False),
    Column("ringing", Instant),
    Column("answered", Instant),
    Column("heard", Instant, nullable=False),
    Column("ghost", Instant),
    sqlite_with_rowid=False,
)
"""Calls that are up.  `heard` is when the switch spoke of it last; `ghost` since when it says it has no such
call, though nobody told of its end."""

call_source = Table(
    "call_source",
    metadata,
    Column("source", String(120), primary_key=True),
    Column("owner", String(32)),
    Column("seen_at", Utc),
    Column("position", Text, nullable=False, server_default=""),
)
"""Who reads a source of calls, and how far it has come: one at a time."""
