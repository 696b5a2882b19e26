"""Frames of stored values into tables: the fastest way that each database has.

Unlike `bulk.insert`, nothing is converted: the values are as the table stores them, SQLite's as numbers
and texts, PostgreSQL's as texts.
"""

import sqlite3
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import polars as pl
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk import copy

NULL = "\\N"


async def put_frame(
    connection: AsyncConnection, table: str, frame: pl.DataFrame, constants: Mapping[str, Any]
) -> None:
    """Add the rows of a frame, each with the same constants for other columns."""
    put = _into_sqlite if connection.dialect.name == "sqlite" else _into_postgresql
    await put(connection, table, frame, constants)


async def _into_sqlite(
    connection: AsyncConnection, table: str, frame: pl.DataFrame, constants: Mapping[str, Any]
) -> None:
    names = ", ".join([*frame.columns, *constants])
    marks = ", ".join(["?"] * frame.width + [literal(value) for value in constants.values()])
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # names and constants of ours
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    # Rows are made one at a time in the driver's thread: as tuples they would take five times the memory.
    rows = zip(*(column.to_list() for column in frame), strict=True)
    try:
        await driver.executemany(statement, rows)
    except sqlite3.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error


async def _into_postgresql(
    connection: AsyncConnection, table: str, frame: pl.DataFrame, constants: Mapping[str, Any]
) -> None:
    whole = frame.with_columns(
        pl.lit(_text(value), dtype=pl.String).alias(name) for name, value in constants.items()
    )
    text = BytesIO()
    whole.write_csv(text, include_header=False, null_value=NULL, quote_style="non_numeric")
    text.seek(0)
    await copy(connection, table, whole.columns, source=text, format="csv", null=NULL, encoding="utf-8")


def literal(value: Any) -> str:
    """A constant of ours in SQLite's words."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value + 0)
    return "'" + str(value).replace("'", "''") + "'"


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "t" if value else "f"
    return None if value is None else str(value)
