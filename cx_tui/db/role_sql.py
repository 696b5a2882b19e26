"""The roles of PostgreSQL, as statements: made from what `domain.rights` declares, and nothing beside.

They can be run again at any time: whatever was granted before is taken back first.  They are run by the owner
of the tables, who may make roles.
"""

from collections.abc import Iterable, Iterator, Mapping

from cx_tui.db.indexes import declared
from cx_tui.domain import rights
from cx_tui.domain.records import PLACES, record_named
from cx_tui.domain.rights import PREFIX, ROLES

LOG = {
    "operation": ("INSERT", "UPDATE (records, undone_by)", "DELETE"),
    "change": ("INSERT",),
    "block": ("INSERT",),
}
"""Whoever writes anything writes the log.  What it may finish or leave out there, and only in the transaction
that began it, a trigger says."""

WRITING: dict[str, tuple[str, ...]] = {
    **LOG,
    "found_by": ("INSERT", "UPDATE"),
    "counters": (
        "UPDATE (contacts, emails_verified, mobiles_verified, authentications, routes, shared_ips,"
        " contract_due, warnings)",
    ),
    "kept_at": ("UPDATE (moment)",),
    "editing": ("INSERT", "UPDATE", "DELETE"),
    "approval": (
        "INSERT",
        "UPDATE (state, decided_at, decided_who, decided_origin, decided_login, said, operation_id)",
    ),
    "delayed": ("INSERT", "UPDATE (state, said, operation_id, due_at, base, wanted)"),
    "customer": ("UPDATE (version, changed_at, pending)",),
}
"""What follows from any change, and is written with it."""

SENDING = {
    "template": ("INSERT", "UPDATE", "DELETE"),
    "job": ("INSERT", "UPDATE"),
    "job_file": ("INSERT",),
    "message": ("INSERT", "UPDATE"),
    "worker": ("INSERT", "UPDATE", "DELETE"),
    "pause": ("INSERT", "UPDATE", "DELETE"),
}
BOOKING = {
    "ledger": ("INSERT",),
    "counters": ("UPDATE (balance)",),
    "call_days": ("UPDATE (booked)",),
    "number_series": ("INSERT", "UPDATE"),
    "invoice_day": ("INSERT", "UPDATE", "DELETE"),
    "invoice_entry": ("INSERT", "UPDATE", "DELETE"),
}
ENDING = {"live_call": ("DELETE",), "counters": ("UPDATE (live)",)}
MAKING = {"counters": ("INSERT",)}

KEPT = ("version", "changed_at")
NEVER = ("operation", "change", "block", "ledger", "approval", "four_eyes", "alembic_version")
"""What not even an administrator changes."""


def statements(schema: str, owner: str, tables: Iterable[str]) -> Iterator[str]:
    """What makes the roles and their grants in a schema, for the tables that are there."""
    every = sorted(tables)
    for role in (*ROLES, rights.RESELLER):
        yield _create(role)
    names = ", ".join(PREFIX + role for role in (*ROLES, rights.RESELLER))
    listed = ", ".join(every)
    yield f"REVOKE ALL ON {listed} FROM PUBLIC, {names}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {names}"
    viewer = PREFIX + rights.VIEWER
    yield f"GRANT USAGE ON SCHEMA {schema} TO {viewer}"
    for role in ROLES[1:]:
        yield f"GRANT {viewer} TO {PREFIX}{role}"
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {PREFIX}{role}"
    yield from _reading(every)
    # The tables of new days of calls.
    yield f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT SELECT ON TABLES TO {viewer}"
    for role in ROLES[1:]:
        yield from _writing(role, every)


def _create(role: str) -> str:
    """A role that nobody logs in as: logins are made its members."""
    name = PREFIX + role
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')"
        f" THEN CREATE ROLE {name} NOLOGIN; END IF; END $$"
    )


def _reading(tables: Iterable[str]) -> Iterator[str]:
    secret = {record_named(name).declared.table: rights.secrets_of(name) for name in PLACES}
    columns = declared("postgresql").tables
    viewer = PREFIX + rights.VIEWER
    for table in tables:
        hidden = secret.get(table, ())
        if not hidden:
            yield f"GRANT SELECT ON {table} TO {viewer}"
            continue
        shown = ", ".join(column.name for column in columns[table].c if column.name not in hidden)
        yield f"GRANT SELECT ({shown}) ON {table} TO {viewer}"
        for role in rights.READS_SECRETS:
            yield f"GRANT SELECT ({', '.join(hidden)}) ON {table} TO {PREFIX}{role}"


def _writing(role: str, tables: Iterable[str]) -> Iterator[str]:
    name = PREFIX + role
    if role == rights.ADMIN:
        for table in tables:
            if table not in NEVER:
                yield f"GRANT INSERT, UPDATE, DELETE ON {table} TO {name}"
        yield f"GRANT INSERT ON ledger TO {name}"
        yield from _grants(name, {key: WRITING[key] for key in (*LOG, "approval")})
        return
    yield from _grants(name, WRITING)
    areas = rights.WRITES[role]
    if role in rights.SENDS:
        yield from _grants(name, SENDING)
    if "money" in areas:
        yield from _grants(name, BOOKING)
    if "customers" in areas:
        yield from _grants(name, {**MAKING})
        yield from _grants(name, ENDING)
    for record in PLACES:
        fields = rights.changes(role, record)
        if not fields:
            continue
        table = record_named(record).declared.table
        derived = ["name_key", "toml_broken"] if table == "customer" and "name" in fields else []
        place = [] if table == "customer" else ["position"]
        has = declared("postgresql").tables[table].c
        columns = [
            one for one in dict.fromkeys([*fields, *KEPT, *derived, *place]) if one in has and one != "id"
        ]
        yield f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {name}"
        if rights.makes(role, record):
            yield f"GRANT INSERT ON {table} TO {name}"


def _grants(role: str, what: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for table, acts in what.items():
        for act in acts:
            yield f"GRANT {act} ON {table} TO {role}"
