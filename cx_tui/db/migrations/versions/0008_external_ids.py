"""External ids, by which uploads find customers, are looked up beside the customer.

On PostgreSQL a customer that is changed in an indexed column has an entry written in each of its indexes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.drop_index("ix_customer_external_id", "customer")
    op.add_column("found_by", sa.Column("external_id", sa.String(64), nullable=False, server_default=""))
    if on_postgresql:
        op.execute("DROP INDEX ix_found_by_document")
    op.execute(
        "UPDATE found_by SET external_id = customer.external_id"
        " FROM customer WHERE customer.id = found_by.customer_id AND customer.external_id <> ''"
    )
    if on_postgresql:
        op.execute("CREATE INDEX ix_found_by_document ON found_by USING gin (document gin_trgm_ops)")
    op.create_index("ix_found_by_external_id", "found_by", ["external_id"])


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
