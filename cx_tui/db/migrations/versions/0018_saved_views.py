"""Saved views, and the keys by which operators open them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

MOMENT = sa.DateTime(timezone=True)
KEPT: Any = {"sqlite_where": sa.text("deleted_at IS NULL"), "postgresql_where": sa.text("deleted_at IS NULL")}


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("operator", sa.String(120), nullable=False),
        sa.Column("listed", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("search", sa.String(2000), nullable=False),
        sa.Column("filter", sa.String(2000), nullable=False),
        sa.Column("off", sa.String(2000), nullable=False),
        sa.Column("sort", sa.String(400), nullable=False),
        sa.Column("columns", sa.String(4000), nullable=False),
        sa.Column("groups", sa.String(400), nullable=False),
        sa.Column("totals", sa.String(400), nullable=False),
        sa.Column("pivot", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(
        "uq_saved_view_operator_listed_name",
        "saved_view",
        ["operator", "listed", "name"],
        unique=True,
        **KEPT,
    )
    op.create_table(
        "view_key",
        sa.Column("operator", sa.String(120), nullable=False),
        sa.Column("listed", sa.String(20), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_view.id"], name=op.f("fk_view_key_view_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("operator", "listed", "place", name=op.f("pk_view_key")),
    )


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
