"""What customers are found by stands in a table of its own, so that changing a customer leaves it alone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

GONE = ("search_of_new_customer", "search_of_changed_customer", "search_of_removed_customer")

SQLITE = (
    """CREATE VIRTUAL TABLE search USING fts5(
        document, content='found_by', content_rowid='customer_id', tokenize='trigram', detail=none)""",
    "INSERT INTO search (search) VALUES ('rebuild')",
    """CREATE TRIGGER search_of_new_customer AFTER INSERT ON found_by BEGIN
        INSERT INTO search (rowid, document) VALUES (new.customer_id, new.document);
    END""",
    """CREATE TRIGGER search_of_changed_customer AFTER UPDATE OF document ON found_by
    WHEN old.document <> new.document BEGIN
        INSERT INTO search (search, rowid, document) VALUES ('delete', old.customer_id, old.document);
        INSERT INTO search (rowid, document) VALUES (new.customer_id, new.document);
    END""",
    """CREATE TRIGGER search_of_removed_customer AFTER DELETE ON found_by BEGIN
        INSERT INTO search (search, rowid, document) VALUES ('delete', old.customer_id, old.document);
    END""",
)


def upgrade() -> None:
    op.create_table(
        "found_by",
        sa.Column("customer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_found_by_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_found_by")),
    )
    op.execute("INSERT INTO found_by (customer_id, document) SELECT id, document FROM customer")
    if op.get_bind().dialect.name == "sqlite":
        for trigger in GONE:
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE search")
        op.execute("ALTER TABLE customer DROP COLUMN document")
        for statement in SQLITE:
            op.execute(statement)
    else:
        op.execute("DROP INDEX ix_customer_document")
        op.drop_column("customer", "document")
        op.execute("CREATE INDEX ix_found_by_document ON found_by USING gin (document gin_trgm_ops)")


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
