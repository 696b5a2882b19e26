"""Customers, contacts, counters."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(18, 6).with_variant(sa.BigInteger(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEY = sa.String(240, collation="C").with_variant(sa.String(240), "sqlite")
KEPT: Any = {"sqlite_where": sa.text("deleted_at IS NULL"), "postgresql_where": sa.text("deleted_at IS NULL")}

# The search index holds no text of its own (it reads the customer's) and no positions, which
# halves it; the query checks what it finds.  Bulk writers drop the triggers and fill it at once.
SQLITE = (
    """CREATE VIRTUAL TABLE search USING fts5(
        document, content='customer', content_rowid='id', tokenize='trigram', detail=none)""",
    """CREATE TRIGGER search_of_new_customer AFTER INSERT ON customer BEGIN
        INSERT INTO search (rowid, document) VALUES (new.id, new.document);
    END""",
    """CREATE TRIGGER search_of_changed_customer AFTER UPDATE OF document ON customer
    WHEN old.document <> new.document BEGIN
        INSERT INTO search (search, rowid, document) VALUES ('delete', old.id, old.document);
        INSERT INTO search (rowid, document) VALUES (new.id, new.document);
    END""",
    """CREATE TRIGGER search_of_removed_customer AFTER DELETE ON customer BEGIN
        INSERT INTO search (search, rowid, document) VALUES ('delete', old.id, old.document);
    END""",
    """CREATE TRIGGER currency_of_customer_is_fixed BEFORE UPDATE OF currency ON customer
    WHEN new.currency <> old.currency BEGIN
        SELECT RAISE(ABORT, 'the currency of a customer can not be changed');
    END""",
)

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_customer_document ON customer USING gin (document gin_trgm_ops)",
    """CREATE FUNCTION cx_currency_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the currency of a customer can not be changed' USING ERRCODE = 'check_violation';
    END $$""",
    """CREATE TRIGGER currency_of_customer_is_fixed BEFORE UPDATE OF currency ON customer
    FOR EACH ROW WHEN (new.currency <> old.currency) EXECUTE FUNCTION cx_currency_is_fixed()""",
)


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("flow_speed", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("debit_limit", MONEY, nullable=False),
        sa.Column("minimum_payment", MONEY, nullable=False),
        sa.Column("tax", MONEY, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("daily_limit", MONEY, nullable=True),
        sa.Column("paypal_email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.Column("portal", sa.Boolean(), nullable=False),
        sa.Column("portal_areas", JSON, nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("toml", sa.Text(), nullable=False),
        sa.Column("reseller", sa.String(length=200), nullable=False),
        sa.Column("account_manager", sa.String(length=200), nullable=False),
        sa.Column("invoice_schedule", sa.String(20), nullable=False),
        sa.Column("invoice_due_days", sa.Integer(), nullable=False),
        sa.Column("invoice_template", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("rtp_firewall", sa.String(20), nullable=False),
        sa.Column("recording_days", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("asserted_id", sa.String(20), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("approved_clis_only", sa.Boolean(), nullable=False),
        sa.Column("verify_email", sa.Boolean(), nullable=False),
        sa.Column("verify_mobile", sa.Boolean(), nullable=False),
        sa.Column("public_notes", sa.Text(), nullable=False),
        sa.Column("private_notes", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("allowed_times", sa.String(168), nullable=True),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("toml_broken", sa.Boolean(), nullable=False),
        sa.Column("must_prove", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
    )
    op.create_index("ix_customer_external_id", "customer", ["external_id"], unique=False)
    op.create_index(
        "ix_customer_must_prove",
        "customer",
        ["name_key", "id", "verify_email", "verify_mobile"],
        unique=False,
        sqlite_where=sa.text("must_prove AND deleted_at IS NULL"),
        postgresql_where=sa.text("must_prove AND deleted_at IS NULL"),
    )
    op.create_index("ix_customer_status", "customer", ["status", "name_key", "id"], unique=False, **KEPT)
    op.create_index(
        "ix_customer_time_zone",
        "customer",
        ["time_zone"],
        unique=False,
        sqlite_where=sa.text("allowed_times IS NOT NULL"),
        postgresql_where=sa.text("allowed_times IS NOT NULL"),
    )
    op.create_index("uq_customer_name_key", "customer", ["name_key"], unique=True, **KEPT)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("mobile", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("public_notes", sa.Text(), nullable=False),
        sa.Column("private_notes", sa.Text(), nullable=False),
        sa.Column("email_verified", sa.Boolean(), nullable=False),
        sa.Column("mobile_verified", sa.Boolean(), nullable=False),
        sa.Column("allowed_ips", JSON, nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_customer_id", "contact", ["customer_id"], unique=False)
    op.create_index("uq_contact_email", "contact", ["email"], unique=True, **KEPT)
    op.create_table(
        "counters",
        sa.Column("customer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("balance", MONEY, nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("cps", sa.Double(), nullable=False),
        sa.Column("last_call_at", MOMENT, nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("connected", sa.Integer(), nullable=False),
        sa.Column("answered_seconds", sa.BigInteger(), nullable=False),
        sa.Column("total_seconds", sa.BigInteger(), nullable=False),
        sa.Column("ring_ms", sa.BigInteger(), nullable=False),
        sa.Column("day_spend", MONEY, nullable=False),
        sa.Column("asr", sa.Double(), nullable=True),
        sa.Column("acd", sa.Double(), nullable=True),
        sa.Column("acd_all", sa.Double(), nullable=True),
        sa.Column("pdd", sa.Double(), nullable=True),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("emails_verified", sa.Integer(), nullable=False),
        sa.Column("mobiles_verified", sa.Integer(), nullable=False),
        sa.Column("authentications", sa.Integer(), nullable=True),
        sa.Column("routes", sa.Integer(), nullable=True),
        sa.Column("shared_ips", sa.Integer(), nullable=True),
        sa.Column("contract_due", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_counters_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_counters")),
    )
    op.create_index("ix_counters_acd", "counters", [sa.text("acd NULLS FIRST"), "customer_id"], unique=False)
    op.create_index("ix_counters_asr", "counters", [sa.text("asr NULLS FIRST"), "customer_id"], unique=False)
    op.create_index(
        "ix_counters_balance", "counters", [sa.text("balance NULLS FIRST"), "customer_id"], unique=False
    )
    op.create_index("ix_counters_cps", "counters", [sa.text("cps NULLS FIRST"), "customer_id"], unique=False)
    op.create_index(
        "ix_counters_last_call_at",
        "counters",
        [sa.text("last_call_at NULLS FIRST"), "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_counters_live", "counters", [sa.text("live NULLS FIRST"), "customer_id"], unique=False
    )
    op.create_index("ix_counters_pdd", "counters", [sa.text("pdd NULLS FIRST"), "customer_id"], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first revision is not undone: drop the database")
