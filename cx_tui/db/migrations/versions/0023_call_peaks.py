"""The most channels and calls a second of customers, by hour and by day."""

import sqlalchemy as sa
from alembic import op

from cx_tui.db.reseller_sql import of_table

revision = "0023"
down_revision = "0022"

SECURED = "SELECT relrowsecurity FROM pg_class WHERE oid = 'calls'::regclass"


def upgrade() -> None:
    op.create_table(
        "call_peak",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(4), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("cps", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "period", "begins", name=op.f("pk_call_peak")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql" and connection.execute(sa.text(SECURED)).scalar():
        for statement in of_table("call_peak"):
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
