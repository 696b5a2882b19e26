"""Carriers may take a fee for each attempt, answered or not; until now none did."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

MONEY = sa.Numeric(18, 6).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.add_column("rate_card", sa.Column("attempt_fee", MONEY, nullable=False, server_default="0"))


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
