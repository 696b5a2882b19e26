"""The ledger.  The balances that are there become opening entries, so they are what they were; from now on
nothing moves a balance but entries, and calls, which are booked when their day is over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

MONEY = sa.Numeric(18, 6).with_variant(sa.BigInteger(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
NEVER = "the ledger is never changed; book a correction"

# A completed payment of before is in the balance that is there, as far as anybody says.
OPENING = """
INSERT INTO ledger
    (customer_id, kind, amount, total, currency, source, turn, day, at, reason, who)
SELECT customer_id, 'opening', amount, amount, currency, 'opening', 1, CURRENT_DATE, {now}, '', ''
FROM (
    SELECT counters.customer_id, customer.currency,
        counters.balance
        + coalesce((SELECT sum(charge) FROM call_days WHERE customer_id = customer.id), 0)
        - coalesce((SELECT sum(total) FROM payment
            WHERE customer_id = customer.id AND status = 'completed' AND deleted_at IS NULL), 0) AS amount
    FROM counters JOIN customer ON customer.id = counters.customer_id
) opening WHERE amount <> 0
"""
PAYMENTS = """
INSERT INTO ledger
    (customer_id, kind, amount, total, currency, source, turn, day, at, reason, who)
SELECT payment.customer_id, 'payment', payment.total,
    coalesce((SELECT amount FROM ledger
        WHERE ledger.customer_id = payment.customer_id AND source = 'opening'), 0)
    + sum(payment.total) OVER (PARTITION BY payment.customer_id ORDER BY payment.id),
    customer.currency, 'payment ' || payment.id, 1, CURRENT_DATE, {now}, substr(payment.description, 1, 300), ''
FROM payment JOIN customer ON customer.id = payment.customer_id
WHERE payment.status = 'completed' AND payment.deleted_at IS NULL
ORDER BY payment.id
"""
NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now')", "postgresql": "now()"}

TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER ledger_no_{act.lower()} BEFORE {act} ON ledger BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        # An empty table may be emptied: that is how the first rows of a database come in fast.
        f"""CREATE FUNCTION ledger_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT FROM ledger) THEN RAISE EXCEPTION '{NEVER}'; END IF;
                RETURN NULL;
            END $$""",
        "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION"
        " ledger_never_changes()",
        "CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION"
        " ledger_never_changes()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_ledger_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("customer_id", "source", "turn", name=op.f("uq_ledger_customer_id_source_turn")),
    )
    op.create_index("ix_ledger_customer_id", "ledger", ["customer_id", "id"])
    op.add_column("call_days", sa.Column("booked", MONEY, nullable=False, server_default="0"))
    dialect = op.get_bind().dialect.name
    for statement in (OPENING, PAYMENTS):
        op.execute(statement.format(now=NOW[dialect]))
    for trigger in TRIGGERS[dialect]:
        op.execute(sa.text(trigger))


def downgrade() -> None:
    op.drop_column("call_days", "booked")
    op.drop_table("ledger")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION ledger_never_changes")
