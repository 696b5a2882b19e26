"""Blocks of the log also speak of records that belong to no customer, such as a million rates."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    record = sa.Column("record", sa.String(20), nullable=False, server_default="customer")
    op.add_column("block", record)


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
