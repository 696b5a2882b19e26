"""Calls: the last days' as rows, what is counted of all, what is up, who reads which source.

A day's table is made when its first call comes; on PostgreSQL it is a partition of `calls`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(18, 6).with_variant(sa.BigInteger(), "sqlite")
SUMS = (
    "calls", "attempts", "connected", "refused", "unrated", "talk_ms", "total_ms", "pdd_ms", "pdd_calls",
    "billed_seconds",
)  # fmt: skip
TEXTS_BEFORE = ("source", "source_key", "auth", "direction")


def figures() -> list[sa.Column[Any]]:
    return [
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in SUMS),
        sa.Column("charge", MONEY, nullable=False),
        sa.Column("cost", MONEY, nullable=False),
    ]


def columns(*, of_somebody: bool) -> list[sa.Column[Any]]:
    return [
        sa.Column("customer_id", sa.Integer(), nullable=not of_somebody),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("ringing", sa.BigInteger(), nullable=True),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.Column("ended", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS_BEFORE),
        sa.Column("route_id", sa.Integer(), nullable=True),
        sa.Column("did_id", sa.Integer(), nullable=True),
        sa.Column("src_ip", sa.Text(), nullable=False),
        sa.Column("src_port", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("protocol", "cli_in", "cli", "paid", "dialled", "number")
        ),
        sa.Column("talk_ms", sa.BigInteger(), nullable=False),
        sa.Column("sip_code", sa.SmallInteger(), nullable=True),
        sa.Column("sip_reason", sa.Text(), nullable=False),
        sa.Column("q850", sa.SmallInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("gate", "carrier", "recording")),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("prefix", "destination")),
        sa.Column("billed_seconds", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("unrated", sa.Text(), nullable=False),
        sa.Column("release", sa.String(20), nullable=False),
        sa.Column("charge", MONEY, nullable=True),
        sa.Column("cost", MONEY, nullable=True),
        sa.Column("tries", sa.Text(), nullable=True),
    ]


def upgrade() -> None:
    for name, period, kind in (
        ("call_hours", "hour", sa.BigInteger()),
        ("call_days", "day", sa.Date()),
    ):
        op.create_table(
            name,
            sa.Column("customer_id", sa.Integer(), nullable=False),
            sa.Column(period, kind, nullable=False),
            *figures(),
            sa.PrimaryKeyConstraint("customer_id", period, name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
    op.create_index("ix_call_hours_hour", "call_hours", ["hour"])
    op.create_index("ix_call_days_day", "call_days", ["day"])
    op.create_table(
        "call_stored",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_call_stored")),
    )
    op.create_table(
        "call_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("first_customer", sa.Integer(), nullable=False),
        sa.Column("last_customer", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        *figures(),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_file")),
    )
    op.create_index(
        "uq_call_file_place",
        "call_file",
        ["first_day", "last_day", "generation", "first_customer"],
        unique=True,
    )
    op.create_table(
        "call_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_change")),
    )
    op.create_table(
        "call_late",
        *columns(of_somebody=True),
        sa.PrimaryKeyConstraint("customer_id", "start", "key", name=op.f("pk_call_late")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_call_late_start", "call_late", ["start"])
    op.create_table(
        "call_unknown",
        *columns(of_somebody=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_call_unknown")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_call_unknown_start", "call_unknown", ["start"])
    op.create_table(
        "live_call",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("source", "source_key", "live_key")),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("auth", "direction", "cli", "dialled", "number", "carrier")
        ),
        sa.Column("route_id", sa.Integer(), nullable=True),
        sa.Column("src_ip", sa.Text(), nullable=False),
        sa.Column("invited", sa.BigInteger(), nullable=False),
        sa.Column("ringing", sa.BigInteger(), nullable=True),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.Column("heard", sa.BigInteger(), nullable=False),
        sa.Column("ghost", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_live_call")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_live_call_customer_id", "live_call", ["customer_id"])
    op.create_index("ix_live_call_source", "live_call", ["source"])
    op.create_table(
        "call_source",
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("owner", sa.String(32), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_call_source")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_table("calls", *columns(of_somebody=True), postgresql_partition_by="RANGE (start)")
        op.create_index("uq_calls_key", "calls", ["customer_id", "start", "key"], unique=True)
        op.create_index("ix_calls_start", "calls", ["start"], postgresql_using="brin")


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
