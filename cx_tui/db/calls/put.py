"""Many rows of a batch at once, in the way that is fastest on each database.

Statements go straight to the driver: on SQLite one visit to its thread, on PostgreSQL arrays or COPY.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_writing import copy

Rows = Sequence[tuple[Any, ...]]


def on_sqlite(connection: AsyncConnection) -> bool:
    """Whether it is the embedded database."""
    return connection.dialect.name == "sqlite"


async def add(connection: AsyncConnection, table: str, names: Sequence[str], rows: Rows) -> None:
    """Add rows that are not there yet."""
    if not rows:
        return
    if not on_sqlite(connection):
        await copy(connection, table, names, list(rows))
        return
    marks = ", ".join("?" * len(names))
    await connection.exec_driver_sql(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608  # names of ours
        list(rows),
    )


async def those_there(
    connection: AsyncConnection, table: str, key: Mapping[str, str], rows: Rows
) -> set[tuple[Any, ...]]:
    """Which of these keys the table has; each is looked up, whatever the database thinks of the table.  The
    types of the key's columns are PostgreSQL's."""
    if not rows:
        return set()
    names = list(key)
    if on_sqlite(connection):
        values = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(names)))
        question = f"SELECT {', '.join(names)} FROM {table} WHERE ({', '.join(names)}) IN (SELECT {values} FROM json_each(?))"  # noqa: S608, E501  # names of ours
        found = await connection.exec_driver_sql(question, (json.dumps(rows),))
    else:
        same = " AND ".join(f"t.{name} = given.{name}" for name in names)
        question = (
            f"SELECT {', '.join(f'given.{name}' for name in names)} FROM {_given(key)}, "  # noqa: S608
            f"LATERAL (SELECT 1 FROM {table} t WHERE {same} LIMIT 1) there"
        )
        found = await connection.exec_driver_sql(question, _arrays(rows))
    return {tuple(row) for row in found}


async def upsert(
    connection: AsyncConnection,
    table: Table,
    key: Collection[str],
    types: Mapping[str, str],
    rows: Rows,
    *,
    highest: bool = False,
) -> None:
    """Add sums to rows, which are made where they are not there; or keep the highest that there ever was."""
    if not rows:
        return
    names = list(types)
    more = ("max({0}, {1})" if on_sqlite(connection) else "greatest({0}, {1})") if highest else "{0} + {1}"
    sums = ", ".join(
        f"{name} = {more.format(f'{table.name}.{name}', f'excluded.{name}')}"
        for name in names
        if name not in key
    )
    after = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sums}"
    into = f"INSERT INTO {table.name} ({', '.join(names)})"  # names of ours
    if on_sqlite(connection):
        marks = ", ".join("?" * len(names))
        await connection.exec_driver_sql(f"{into} VALUES ({marks}) {after}", list(rows))
    else:
        # WHERE true: else ON could belong to a join.
        await connection.exec_driver_sql(
            f"{into} SELECT * FROM {_given(types)} WHERE true {after}",  # noqa: S608
            _arrays(rows),
        )


async def change(connection: AsyncConnection, statement: str, types: Mapping[str, str], rows: Rows) -> None:
    """Carry a change out for each row; `{given}` in it is where its values come from."""
    if not rows:
        return
    if on_sqlite(connection):
        values = ", ".join(f"? AS {name}" for name in types)
        await connection.exec_driver_sql(statement.format(given=f"(SELECT {values}) AS given"), list(rows))
    else:
        await connection.exec_driver_sql(statement.format(given=_given(types)), _arrays(rows))


def _given(types: Mapping[str, str]) -> str:
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types.values(), 1))
    return f"unnest({arrays}) AS given ({', '.join(types)})"


def _arrays(rows: Rows) -> tuple[list[Any], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))
