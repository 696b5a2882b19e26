"""Frames of stored values into tables: the fastest way that each database has.

Unlike `bulk_writing.insert`, nothing is converted: the values are as the table stores them, SQLite's as
numbers and texts, PostgreSQL's as texts.  A frame is made ready without the database, so that it can be done
while the database is busy with the one before.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from typing import Any

import polars as pl
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_writing import copy

NULL = "\\N"
SPECIAL = r"[\\\t\n\r]"
ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
"""What must be written otherwise in PostgreSQL's text of rows."""


AT_ONCE = 256
"""So many rows are added to SQLite by one statement: with each, its thread waits for the others' turns."""


@dataclass(frozen=True)
class ForSqlite:
    """The beginning of a statement, the values of one row in it, and the rows column by column."""

    insert: str
    row: str
    columns: Sequence[Sequence[Any]]

    async def put(self, connection: AsyncConnection) -> None:
        """Add the rows."""
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        # Rows are made a few at a time in the driver's thread: all as tuples take five times the memory.
        values = chain.from_iterable(zip(*self.columns, strict=True))
        several, single = divmod(len(self.columns[0]), AT_ONCE)
        try:
            for times, rows in ((several, AT_ONCE), (single, 1)):
                taken = (tuple(islice(values, rows * len(self.columns))) for _ in range(times))
                await driver.executemany(self.insert + ", ".join([self.row] * rows), taken)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(self.insert, None, error) from error
        except sqlite3.OperationalError as error:
            raise OperationalError(self.insert, None, error) from error


@dataclass(frozen=True)
class ForPostgresql:
    """The rows as a text for COPY."""

    table: str
    columns: Sequence[str]
    text: memoryview
    freeze: bool

    async def put(self, connection: AsyncConnection) -> None:
        """Add the rows."""
        await copy(
            connection, self.table, self.columns, source=self.text, format="text", encoding="utf-8",
            freeze=self.freeze,
        )  # fmt: skip


Ready = ForSqlite | ForPostgresql


def ready(
    on_sqlite: bool, table: str, frame: pl.DataFrame, constants: Mapping[str, Any], *, freeze: bool = False
) -> Ready:
    """The rows of a frame, each with the same constants for other columns, ready to be added to a table.

    What is frozen needs no second look by PostgreSQL; only a table that was emptied in this transaction
    takes it.
    """
    if on_sqlite:
        return _for_sqlite(table, frame, constants)
    return _for_postgresql(table, frame, constants, freeze=freeze)


def _for_sqlite(table: str, frame: pl.DataFrame, constants: Mapping[str, Any]) -> ForSqlite:
    said = {name: literal(value) for name, value in constants.items()}
    columns: list[pl.Series] = []
    for column in frame:
        # A value that all rows share is said once, as to make and to bind each takes half of the time.
        # One column is bound in any case, as it says how many rows there are.
        if columns and (shared := _shared(column)) is not None:
            said[column.name] = shared
        else:
            columns.append(column)
    names = ", ".join([*(column.name for column in columns), *said])
    marks = ", ".join(["?"] * len(columns) + list(said.values()))
    insert = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608  # names and constants of ours
    return ForSqlite(insert, f"({marks})", [column.to_list() for column in columns])


def _shared(column: pl.Series) -> str | None:
    """The value that all rows have, in SQLite's words; None when they differ."""
    first = column[0]
    if first is None:
        return "NULL" if column.null_count() == len(column) else None
    if isinstance(first, str) and "\0" in first:
        return None
    return literal(first) if column.eq_missing(first).all() else None


def _for_postgresql(
    table: str, frame: pl.DataFrame, constants: Mapping[str, Any], *, freeze: bool
) -> ForPostgresql:
    texts = {column.name: _escaped(column) for column in frame if column.dtype == pl.String}
    same = [pl.lit(as_text(value), dtype=pl.String).alias(name) for name, value in constants.items()]
    whole = frame.with_columns(**texts).with_columns(same)
    text = BytesIO()
    whole.write_csv(text, include_header=False, separator="\t", null_value=NULL, quote_style="never")
    return ForPostgresql(table, whole.columns, text.getbuffer(), freeze)


def _escaped(texts: pl.Series) -> pl.Series:
    if not texts.str.contains(SPECIAL).any():
        return texts
    for sign, escape in ESCAPES:
        texts = texts.str.replace_all(sign, escape, literal=True)
    return texts


def literal(value: Any) -> str:
    """A constant of ours in SQLite's words."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value + 0)
    return "'" + str(value).replace("'", "''") + "'"


def as_text(value: Any) -> str | None:
    """A constant of ours as PostgreSQL reads it."""
    if isinstance(value, bool):
        return "t" if value else "f"
    return None if value is None else str(value)
