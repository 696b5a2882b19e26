"""Free minutes: how many each period of a customer's package has given, and which calls they went to.
DIDs: up to when their monthly price is charged, and how long a released one rests.  Invoices: what their
lines are made of, and whether the calls are sent with them.  Payments: when they were confirmed by e-mail.

What was before is not charged or confirmed afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("carrier", sa.Column("did_quarantine", sa.Integer(), nullable=False, server_default="30"))
    op.add_column("did", sa.Column("charged_to", sa.Date(), nullable=True))
    op.create_index("ix_did_charged_to", "did", ["charged_to"])
    op.execute("UPDATE did SET charged_to = CURRENT_DATE")
    lines_by = sa.Column("lines_by", sa.String(20), nullable=False, server_default="day")
    op.add_column("invoice_template", lines_by)
    attached: sa.Column[bool] = sa.Column(
        "attach_calls", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("invoice_template", attached)
    op.add_column("payment", sa.Column("confirmed_at", MOMENT, nullable=True))
    op.execute("UPDATE payment SET confirmed_at = completed_at")
    op.create_table(
        "free_minutes",
        sa.Column("own_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("granted", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= granted", name=op.f("ck_free_minutes_used")),
        sa.ForeignKeyConstraint(["own_id"], ["customer_package.id"], name=op.f("fk_free_minutes_own_id")),
        sa.PrimaryKeyConstraint("own_id", "period", name=op.f("pk_free_minutes")),
    )
    op.create_table(
        "free_use",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("own_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["own_id"], ["customer_package.id"], name=op.f("fk_free_use_own_id")),
        sa.PrimaryKeyConstraint("customer_id", "start", "key", "own_id", name=op.f("pk_free_use")),
    )
    op.create_index("ix_free_use_start", "free_use", ["start"])


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
