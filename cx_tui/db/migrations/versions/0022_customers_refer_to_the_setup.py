"""Reseller group, account manager, invoice template and domain of a customer are records of the setup.

Each text that a customer has becomes a record, unless there is one of that name; the customers point to it.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"

KEPT = ("name", "version", "created_at", "changed_at")
MOMENT = sa.DateTime(timezone=True)
TYPES: dict[str, Any] = {
    "created_at": MOMENT, "changed_at": MOMENT, "enabled": sa.Boolean(),
    "portal_areas": sa.JSON().with_variant(JSONB(), "postgresql"),
}  # fmt: skip
REFERENCES: dict[str, tuple[str, dict[str, Any]]] = {
    "reseller": ("reseller", {"email": "", "notes": ""}),
    # Who is only known by name can't log in, and would see everything but change nothing.
    "account_manager": (
        "users", {"role": "viewer", "email": "", "phone": "", "enabled": True, "notes": ""},
    ),
    "invoice_template": (
        "invoice_template",
        {"title": "Invoice", "series": "", "sender": "", "bank": "", "footer": "", "body": ""},
    ),
    "domain": ("domain", {"title": "", "email": "", "portal_areas": {}, "notes": ""}),
}  # fmt: skip


def upgrade() -> None:
    connection = op.get_bind()
    for field, (table, usual) in REFERENCES.items():
        into = sa.table(table, *(sa.column(name, TYPES.get(name)) for name in (*KEPT, *usual)))
        new = sa.text(
            f"SELECT DISTINCT {field} FROM customer WHERE {field} <> ''"  # noqa: S608  # names of this file
            f" AND {field} NOT IN (SELECT name FROM {table} WHERE deleted_at IS NULL) ORDER BY {field}"
        )
        now = datetime.now(UTC)
        for (name,) in connection.execute(new).all():
            row = {**dict(zip(KEPT, (name, 1, now, now), strict=True)), **usual}
            connection.execute(sa.insert(into).values(row))
    for field in REFERENCES:
        op.add_column("customer", sa.Column(f"{field}_id", sa.Integer(), nullable=True))
    found = ", ".join(
        f"{field}_id = (SELECT id FROM {table} WHERE name = customer.{field} AND deleted_at IS NULL)"  # noqa: S608
        for field, (table, _) in REFERENCES.items()
    )
    filled = " OR ".join(f"{field} <> ''" for field in REFERENCES)
    connection.execute(sa.text(f"UPDATE customer SET {found} WHERE {filled}"))  # noqa: S608
    for field in REFERENCES:
        op.drop_column("customer", field)
        op.execute(f"ALTER TABLE customer RENAME COLUMN {field}_id TO {field}")


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
