"""Each operation says in which transaction it was written, so that one that ends late is not overlooked; and
who is here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

MOMENT = sa.DateTime(timezone=True)
NOW = "ALTER TABLE operation ALTER COLUMN xact SET DEFAULT (pg_current_xact_id()::text::bigint)"


def upgrade() -> None:
    op.add_column("operation", sa.Column("xact", sa.BigInteger))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(NOW)
    op.create_index("ix_operation_xact", "operation", ["xact"])
    op.create_table(
        "here",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("page", sa.String(200), nullable=False),
        sa.Column("active_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_here"),
    )


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
