"""Up to when packages are charged; which days and charges stand on which invoice; the last number of each
series.  An issued invoice and its lines never change: triggers see to that.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MONEY = sa.Numeric(18, 6).with_variant(sa.BigInteger(), "sqlite")
NEVER = "an issued invoice never changes; void it or make a credit note"
PRINTED = (
    "customer_id", "series", "number", "issued_on", "due_on", "period_from", "period_to", "currency", "net",
    "tax_percent", "tax", "total", "issued_at", "credits", "public_notes", "deleted_at",
)  # fmt: skip


def _triggers(dialect: str) -> list[str]:
    # IS NOT, on SQLite, and IS DISTINCT FROM compare what may be empty.
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in PRINTED)
    issued = "EXISTS (SELECT 1 FROM invoice WHERE id = {row}.invoice_id AND status <> 'draft')"
    acts = [
        ("UPDATE", "invoice", f"OLD.number IS NOT NULL AND ({changed} OR NEW.status = 'draft')"),
        ("DELETE", "invoice", "OLD.number IS NOT NULL"),
        ("INSERT", "invoice_line", issued.format(row="NEW")),
        ("UPDATE", "invoice_line", issued.format(row="OLD")),
        ("DELETE", "invoice_line", issued.format(row="OLD")),
    ]
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_issued_{act.lower()} BEFORE {act} ON {table} WHEN {when}"
            f" BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
            for act, table, when in acts
        ]
    function = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    found = []
    for act, table, when in acts:
        name = f"{table}_issued_{act.lower()}"
        back = "OLD" if act == "DELETE" else "NEW"
        body = f"IF {when} THEN RAISE EXCEPTION '{NEVER}'; END IF; RETURN {back};"
        found.append(function.format(name=name, body=body))
        found.append(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    return found


def upgrade() -> None:
    op.add_column("customer_package", sa.Column("charged_to", sa.Date(), nullable=True))
    op.create_index("ix_customer_package_charged_to", "customer_package", ["charged_to"])
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "invoice_day",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("charge", MONEY, nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("billed_seconds", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_day_invoice_id")),
        sa.PrimaryKeyConstraint("customer_id", "day", "invoice_id", name=op.f("pk_invoice_day")),
    )
    op.create_index("ix_invoice_day_invoice_id", "invoice_day", ["invoice_id"])
    op.create_table(
        "invoice_entry",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger.id"], name=op.f("fk_invoice_entry_entry_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_entry_invoice_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_invoice_entry")),
    )
    op.create_index("ix_invoice_entry_invoice_id", "invoice_entry", ["invoice_id"])
    for trigger in _triggers(op.get_bind().dialect.name):
        op.execute(sa.text(trigger))


def downgrade() -> None:
    op.drop_table("invoice_entry")
    op.drop_table("invoice_day")
    op.drop_table("number_series")
    op.drop_index("ix_customer_package_charged_to", "customer_package")
    op.drop_column("customer_package", "charged_to")
    names = ("invoice_issued_update", "invoice_issued_delete", *(
        f"invoice_line_issued_{act}" for act in ("insert", "update", "delete")
    ))  # fmt: skip
    for name in names:
        table = name.rpartition("_issued")[0]
        on = "" if op.get_bind().dialect.name == "sqlite" else f" ON {table}"
        op.execute(f"DROP TRIGGER {name}{on}")
        if on:
            op.execute(f"DROP FUNCTION {name}")
