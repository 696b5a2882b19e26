"""What is done to customers by the thousand stands in the log in blocks, whatever it is."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("operation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("steps", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "first_id", name=op.f("pk_block")),
    )
    op.execute(
        "INSERT INTO block (operation_id, first_id, last_id, act, after)"
        " SELECT operation_id, first_id, last_id, 'create', given FROM creation"
    )
    op.create_index("ix_block_first_id", "block", ["first_id"])
    op.drop_table("creation")


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
