"""The tables of acts that need a second person: which rules hold, and requests."""

from sqlalchemy import Column, Index, String, Table

from cx_tui.db.tables import columns_of, metadata
from cx_tui.db.types import Money
from cx_tui.domain.approvals import Request

four_eyes = Table(
    "four_eyes",
    metadata,
    Column("rule", String(20), primary_key=True),
    Column("above", Money, nullable=False),
)
"""The rules that hold, each with the number above which it does (0 where there is none)."""

approval = Table("approval", metadata, *columns_of(Request))
"""Requests.  On PostgreSQL a trigger keeps them as they are, and lets nobody approve their own."""
Index("ix_approval_state", approval.c.state)
