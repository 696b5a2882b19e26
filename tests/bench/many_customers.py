"""A database of very many customers within a minute: a seeded one, its customers copied again and again."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.conftest import made

SEEDED = 2_000
COPIED = (
    "customer", "counters", "ip", "sip_user", "route", "cli_rule", "did", "rewrite", "customer_contract",
)  # fmt: skip


async def many(path: Path, customers: int, entries: int = 0) -> None:
    """So many customers in a file of SQLite; with so many addresses and SIP users, if that is more."""
    await made(f"sqlite:///{path}", SEEDED)
    with closing(sqlite3.connect(path)) as database:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        indexes = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''")
        kept = indexes.fetchall()
        for name, _ in kept:
            database.execute(f"DROP INDEX {name}")
        copies = customers // SEEDED - 1
        for table in COPIED:
            _copy(database, table, copies)
        _add_addresses(database, entries)
        for _, sql in kept:
            if "customer_id" in sql or "uq_" in sql or "sip_user" in sql:
                database.execute(sql)
        _note(database)
        database.commit()


def _copy(database: sqlite3.Connection, table: str, copies: int) -> None:
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    step = "id" if "id" in names else "customer_id"
    (most,) = database.execute(f"SELECT coalesce(max({step}), 0) FROM {table}").fetchone()
    made = {
        "id": f"id + n * {most}",
        "customer_id": f"customer_id + n * {SEEDED}",
        "name": "name || ' ' || n",
        "name_key": "name_key || ' ' || n",
        "username": "username || n" if table == "sip_user" else "username",
        "number": "number || n",
        "address": (
            "CASE WHEN address LIKE '%/%' THEN address ELSE (11 + id % 200) || '.' || (n % 250) || '.'"
            " || (id / 250 % 250) || '.' || (id % 250) END"
        ),
    }
    values = ", ".join(made.get(name, name) for name in names)
    database.execute(
        f"WITH RECURSIVE times (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n < {copies})"
        f" INSERT INTO {table} SELECT {values} FROM {table} CROSS JOIN times"
    )


def _add_addresses(database: sqlite3.Connection, entries: int) -> None:
    """More addresses, until there are so many entries."""
    have = sum(
        database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("ip", "sip_user")
    )
    (most,) = database.execute("SELECT max(id) FROM ip").fetchone()
    names = [row[1] for row in database.execute("PRAGMA table_info(ip)")]
    made = {"id": f"{most} + id", "address": "'2001:db8::' || printf('%x:%x', id / 65536, id % 65536)"}
    values = ", ".join(made.get(name, name) for name in names)
    database.execute(f"INSERT INTO ip SELECT {values} FROM ip ORDER BY id LIMIT {max(0, entries - have)}")


def _note(database: sqlite3.Connection) -> None:
    """One operation: a snapshot ends with one."""
    names = [row[1] for row in database.execute("PRAGMA table_info(operation)")]
    values = {"id": 1, "at": "2026-01-01 00:00:00.000000", "who": "", "origin": "", "act": "update"}
    values |= {"records": 0} | dict.fromkeys(("title", "host", "login", "role"), "")
    row = [values.get(name) for name in names]
    database.execute(f"INSERT INTO operation VALUES ({','.join('?' * len(row))}) ON CONFLICT DO NOTHING", row)
