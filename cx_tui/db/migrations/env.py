"""How Alembic reaches the database: over the connection that the program gives it."""

from typing import Any

from alembic import context

from cx_tui.db.indexes import declared
from cx_tui.db.tables import BESIDE


def _ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Only what this program declares counts: others may share the database, search has parts of its own.
    PostgreSQL looks no keys up for what stands beside each customer."""
    if kind == "foreign_key_constraint" and thing.table.name in BESIDE:
        return context.get_context().dialect.name != "postgresql"
    return compared is not None or not reflected or kind not in ("table", "index")


def _migrate() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=declared(connection.dialect.name),
        include_object=_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


_migrate()
