"""The roles of a PostgreSQL database: made from what is declared, given to the logins of its users."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import reseller_sql, role_sql
from cx_tui.db.engine import Database, ask
from cx_tui.db.tables import table_named
from cx_tui.domain import rights
from cx_tui.domain.records import PLACES
from cx_tui.errors import Refused

TABLES = text("""
    SELECT relname, relispartition,
        EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'customer_id') AS of_customer
    FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
    ORDER BY relname
""")
PLACE = text("""
    SELECT quote_ident(current_schema()), quote_ident(pg_get_userbyid(relowner)),
        pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = 'operation'::regclass
""")
LOGINS = text("SELECT rolname FROM pg_roles WHERE rolcanlogin")


@dataclass
class Plan:
    """What makes the roles, who gets which, and what a person has to do."""

    statements: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def declared() -> Iterator[Mapping[str, Any]]:
    """What each role may do with each kind of record."""
    for role in rights.ROLES:
        for record in PLACES:
            changed = rights.changes(role, record)
            yield {
                "role": rights.PREFIX + role, "record": record, "makes": rights.makes(role, record),
                "changes": list(changed),
            }  # fmt: skip


async def plan(database: Database) -> Plan:
    """What is to be done; nothing is."""
    if database.on_sqlite:
        raise Refused(
            "SQLite has no roles: the mode of the file says who may read and write it, and --read-only opens"
            " it for reading only"
        )
    found = Plan()
    async with database.reading() as connection:
        schema, owner, is_mine = (await connection.execute(PLACE)).one()
        if not is_mine:
            raise Refused(f"roles are made by the owner of the tables; log in as {owner}")
        tables = (await connection.execute(TABLES)).all()
        users = await _users(connection)
        logins = set((await connection.execute(LOGINS)).scalars())
    found.statements += role_sql.statements(schema, owner, [row.relname for row in tables])
    of_customers = [row.relname for row in tables if row.of_customer]
    if any(user.reseller for user in users):
        found.statements += reseller_sql.statements(of_customers, schema)
    else:
        secured = dict.fromkeys([*of_customers, *reseller_sql.OTHERS, "users", "reseller"])
        found.statements += reseller_sql.away(secured)
    for user in users:
        if user.login in logins:
            found.statements += _given(user)
            if user.enabled:
                found.given[user.login] = user.role.value + (
                    " of its reseller group" if user.reseller else ""
                )
        elif user.enabled:
            found.notes.append(
                f"there is no login {user.login} for {user.name}; make it (CREATE ROLE "
                f"{_quoted(user.login)} LOGIN), and run this again"
            )
    return found


async def carry_out(database: Database, what: Plan) -> None:
    """Make the roles: all of it or nothing."""
    async with database.writing() as connection:
        for statement in what.statements:
            await connection.exec_driver_sql(statement)


async def _users(connection: AsyncConnection) -> list[Any]:
    own = table_named("user").c
    wanted = select(own.name, own.login, own.role, own.reseller, own.enabled)
    wanted = wanted.where(own.login.is_not(None), own.deleted_at.is_(None)).order_by(own.login)
    return list(await ask(connection, wanted))


def _given(user: Any) -> Iterator[str]:
    """The roles of one login: exactly those that its user has."""
    login = _quoted(user.login)
    wanted = {user.role.value, *([rights.RESELLER] if user.reseller else [])} if user.enabled else set()
    for role in (*rights.ROLES, rights.RESELLER):
        if role not in wanted:
            yield f"REVOKE {rights.PREFIX}{role} FROM {login}"
    for role in sorted(wanted):
        yield f"GRANT {rights.PREFIX}{role} TO {login}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
