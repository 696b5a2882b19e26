"""What the login of a connection may do, asked of the database when it is opened."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, TypeDecorator, event, literal_column, text
from sqlalchemy.sql import visitors

from cx_tui.db.engine import SECURED, Database
from cx_tui.domain.rights import ADMIN, ALL_RIGHTS, NO_WRITING, Rights

ASKED = text("""
    SELECT relname, has_any_column_privilege(c.oid, 'INSERT') AS creates,
        array_agg(attname) FILTER (WHERE has_column_privilege(c.oid, attnum, 'UPDATE')) AS updates,
        array_agg(attname) FILTER (WHERE NOT has_column_privilege(c.oid, attnum, 'SELECT')) AS unread
    FROM pg_class c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND NOT relispartition
    GROUP BY c.oid, relname
""")
WHO = text("""
    SELECT session_user, cx_role(), row_security_active('customer') AS secured,
        EXISTS (SELECT FROM pg_roles
            WHERE rolname = 'cx_reseller' AND pg_has_role(session_user, oid, 'MEMBER'))
""")
OWNER = "owner"


async def learn(database: Database) -> Rights:
    """Ask what this login may do; what it may not read is left out of all questions from then on."""
    if database.on_sqlite:
        database.rights = NO_WRITING if database.read_only else ALL_RIGHTS
        return database.rights
    async with database.reading() as connection:
        login, role, secured, reseller = (await connection.execute(WHO)).one()
        if role == OWNER:
            database.rights = Rights(login, OWNER)
            return database.rights
        rows = (await connection.execute(ASKED)).all()
    database.rights = Rights(
        login=login,
        role=role,
        everything=False,
        works=role == ADMIN and not reseller,
        creates=frozenset(row.relname for row in rows if row.creates),
        updates={row.relname: frozenset(row.updates or ()) for row in rows},
        unread={row.relname: frozenset(row.unread) for row in rows if row.unread},
        reseller=reseller,
    )
    if secured:
        database.engine = database.engine.execution_options(**{SECURED: True})
    if database.rights.unread:
        event.listen(
            database.engine.sync_engine, "before_execute", _Without(database.rights.unread), retval=True
        )
    return database.rights


class _Without:
    """Has questions ask for nothing instead of a column that may not be read: else they would be refused."""

    def __init__(self, unread: Mapping[str, frozenset[str]]) -> None:
        self._unread = unread

    def __call__(
        self, connection: Any, statement: Any, several: Any, one: Any, options: Any
    ) -> tuple[Any, Any, Any]:
        if isinstance(statement, Select) and self._asks(statement):
            statement = visitors.replacement_traverse(statement, {}, self._instead)
        return statement, several, one

    def _asks(self, statement: Select[Any]) -> bool:
        return any(getattr(one, "name", "") in self._unread for one in visitors.iterate(statement))

    def _instead(self, element: Any, **more: Any) -> Any:
        table = getattr(element, "table", None)
        if table is not None and element.name in self._unread.get(table.name, ()):
            kept = element.type.impl if isinstance(element.type, TypeDecorator) else element.type
            # A mere constant could not be ordered by.
            nothing = "CAST('' AS VARCHAR)" if kept.python_type is str else "NULL"
            return literal_column(nothing, element.type).label(element.name)
        return None
