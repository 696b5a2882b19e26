"""Very many customers as they are stored, column by column: the fastest way that each database has.

Nothing is converted but what differs, and of each column every different value once.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import polars as pl
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.tables import customer
from cx_tui.domain import kinds
from cx_tui.domain.fields import Field
from cx_tui.domain.kinds import Choice, Day, Flag, Integer, Kind, Moment, Money, Percent
from cx_tui.domain.week import Week, WeekKind

ID = "id"
NULL = "\x01"
"""Stands for nothing in the text that PostgreSQL gives; no field takes it."""


async def texts(
    connection: AsyncConnection, ids: Sequence[int], fields: Mapping[str, Field], table: Table = customer
) -> pl.DataFrame:
    """The fields of these records as they are written, in this order; a record that is gone is missing."""
    on_sqlite = connection.dialect.name == "sqlite"
    found = await (_of_sqlite if on_sqlite else _of_postgresql)(connection, ids, list(fields), table)
    wanted = pl.DataFrame({ID: pl.Series(ids, dtype=pl.Int64)})
    rows = wanted.join(found, on=ID, how="inner", maintain_order="left")
    return rows.select(
        _written(rows[name], field, on_sqlite=on_sqlite).alias(name) for name, field in fields.items()
    )


async def _of_sqlite(
    connection: AsyncConnection, ids: Sequence[int], names: Sequence[str], table: Table
) -> pl.DataFrame:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    columns = ", ".join((ID, *names))
    rows = await driver.execute_fetchall(
        f"SELECT {columns} FROM {table.name} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
        " AND deleted_at IS NULL",
        (json.dumps(list(ids)),),
    )
    values = list(zip(*rows, strict=True)) or [()] * (len(names) + 1)
    pairs = zip((ID, *names), values, strict=True)
    return pl.DataFrame([pl.Series(name, column, dtype=_dtype(name, column)) for name, column in pairs])


def _dtype(name: str, values: Sequence[Any]) -> Any:
    if name == ID:
        return pl.Int64
    first = next((value for value in values if value is not None), "")
    return pl.Int64 if isinstance(first, int) else pl.String


async def _of_postgresql(
    connection: AsyncConnection, ids: Sequence[int], names: Sequence[str], table: Table
) -> pl.DataFrame:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    text = BytesIO()
    columns = ", ".join((ID, *names))
    await driver.copy_from_query(
        f"SELECT {columns} FROM {table.name} WHERE id = ANY($1) AND deleted_at IS NULL",  # noqa: S608
        list(ids), output=text, format="csv", null=NULL,
    )  # fmt: skip
    schema = {ID: pl.Int64, **dict.fromkeys(names, pl.String)}
    if not text.tell():
        return pl.DataFrame(schema=schema)
    text.seek(0)
    return pl.read_csv(text, has_header=False, schema=schema, null_values=NULL, empty_string_is_null=False)


def _written(stored: pl.Series, field: Field, *, on_sqlite: bool) -> pl.Series:
    """What is stored, as its field writes it; empty is nothing."""
    if type(field.kind).write is Kind.write and stored.dtype == pl.String:
        return stored.fill_null("")
    meant = {
        one: field.write(_value(field.kind, one, on_sqlite=on_sqlite))
        for one in stored.unique()
        if one is not None
    }
    if not meant:
        return pl.repeat("", len(stored), dtype=pl.String, eager=True)
    return stored.replace_strict(meant, default=None, return_dtype=pl.String).fill_null("")


def _value(kind: Kind, raw: Any, *, on_sqlite: bool) -> Any:
    """A stored value as it is worked with."""
    match kind:
        case Money() | Percent():
            return Decimal(raw).scaleb(-6) if on_sqlite else Decimal(raw)
        case Integer():
            return int(raw)
        case Flag():
            return bool(raw) if on_sqlite else raw == "t"
        case Choice(choices=choices):
            return next((one for one in choices if one.value == raw), None)
        case kinds.Tags() | kinds.Networks():
            return tuple(json.loads(raw))
        case kinds.Areas() | kinds.Texts():
            return json.loads(raw)
        case WeekKind():
            return Week.from_hex(raw)
        case Moment():
            moment = datetime.fromisoformat(raw)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        case Day():
            return date.fromisoformat(raw)
    return raw
