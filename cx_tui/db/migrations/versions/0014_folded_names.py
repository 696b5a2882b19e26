"""Names that differ by the spaces within are the same name, and what replaces a customer keeps its currency.

Where two customers have such names already, the later ones keep their keys: both stay, until one of them gets
another name.
"""

import sqlalchemy as sa
from alembic import op

from cx_tui.domain.search import key_of

revision = "0014"
down_revision = "0013"

CURRENCY = """CREATE TRIGGER currency_of_replaced_customer_is_fixed BEFORE INSERT ON customer
WHEN EXISTS (SELECT 1 FROM customer WHERE id = new.id AND currency <> new.currency) BEGIN
    SELECT RAISE(ABORT, 'the currency of a customer can not be changed');
END"""
TWICE = {
    "sqlite": "name_key GLOB '*[^ -~]*' OR name_key LIKE '%  %'",
    "postgresql": r"name_key ~ '\s\s|[^ -~]'",
}
"""Names whose keys may be others now."""


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    question = f"SELECT id, name, name_key FROM customer WHERE {TWICE[dialect]} ORDER BY id"  # noqa: S608
    new = sa.text(
        "UPDATE customer SET name_key = :key WHERE id = :id AND NOT EXISTS (SELECT 1 FROM customer AS other"
        " WHERE other.name_key = :key AND other.deleted_at IS NULL AND other.id <> :id)"
    )
    for customer_id, name, key in connection.execute(sa.text(question)).all():
        if key_of(name) != key:
            connection.execute(new, {"key": key_of(name), "id": customer_id})
    if dialect == "sqlite":
        op.execute(CURRENCY)


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
