"""How a customer stands is kept: how many warnings there are, and whether it is Pending.

The numbers themselves come with the first sweep, as `kept_at` says that they hold for no moment yet.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.drop_index("ix_customer_must_prove", "customer")
    # Renamed, as dropping one column and adding another would write every customer again.
    op.execute("ALTER TABLE customer RENAME COLUMN must_prove TO pending")
    op.add_column("counters", sa.Column("warnings", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_customer_pending", "customer", ["name_key", "id"], **only("pending AND deleted_at IS NULL")
    )
    op.create_index("ix_customer_deleted", "customer", ["id"], **only("deleted_at IS NOT NULL"))
    op.create_index("ix_counters_warnings", "counters", [sa.text("warnings NULLS FIRST"), "customer_id"])
    kept_at = op.create_table(
        "kept_at",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("moment", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kept_at")),
    )
    op.bulk_insert(kept_at, [{"name": "standing", "moment": None}])
    if op.get_bind().dialect.name == "postgresql":
        # SQLite takes a text of any length, whatever its column says.
        op.execute("ALTER TABLE customer ALTER COLUMN name_key TYPE VARCHAR(2160)")


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
