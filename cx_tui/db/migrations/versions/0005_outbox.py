"""What is sent: templates, jobs, their files and messages; who sends, and why it is paused.

On PostgreSQL the pages of customers get room for changes.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
OPEN = sa.text("state IN ('queued', 'delayed')")
CLAIMED = sa.text("claim IS NOT NULL")
ROOMY = ("pk_customer", "uq_customer_name_key", "ix_customer_status", "ix_customer_external_id")
LOOKED_AT = sa.text("look_at IS NOT NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # A customer that is changed stays on its page, so its index entries need not be written anew, and
        # where they must be, pages need not be split or searched for entries that may go.
        op.execute("ALTER TABLE customer SET (fillfactor = 85)")
        for index in ROOMY:
            op.execute(f"ALTER INDEX {index} SET (fillfactor = 70)")
    op.add_column(
        "contact", sa.Column("unsubscribed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("referral", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
    )
    op.create_index("uq_template_name", "template", ["name"], unique=True)
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_table(
        "job_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_file_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_file")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(1000), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("filled", JSON, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("claim", sa.String(120), nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("look_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("delivery", sa.String(120), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_message_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("uq_message_job_id_contact_id", "message", ["job_id", "contact_id"], unique=True)
    op.create_index(
        "ix_message_due", "message", ["way", "due_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_message_claim", "message", ["claim"], sqlite_where=CLAIMED, postgresql_where=CLAIMED)
    op.create_index(
        "ix_message_look_at", "message", ["look_at"], sqlite_where=LOOKED_AT, postgresql_where=LOOKED_AT
    )
    op.create_table(
        "worker",
        sa.Column("token", sa.String(120), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_worker")),
    )
    op.create_table(
        "pause",
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("said", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("way", name=op.f("pk_pause")),
    )


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
