"""Contacts opt out of e-mail and SMS apart; what they had said of both stays said of both.

A job may be a service notice, which goes to those who have opted out, too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for name in ("no_email", "no_sms"):
        op.add_column("contact", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE contact SET no_email = unsubscribed, no_sms = unsubscribed WHERE unsubscribed")
    op.drop_column("contact", "unsubscribed")
    op.add_column("job", sa.Column("service", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
