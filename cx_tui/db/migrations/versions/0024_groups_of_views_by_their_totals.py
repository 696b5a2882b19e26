"""A saved view says which of its groups are shown, by their totals."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("saved_view", sa.Column("only_groups", sa.String(400), nullable=False, server_default=""))


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
