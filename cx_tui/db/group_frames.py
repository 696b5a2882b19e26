"""The parts of groups of very many records on SQLite, which sorts all that it groups: here it only gathers
what is asked, a column in one text, and frames of columns are grouped, which takes half of the time."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import Boolean, ColumnElement, Float, Integer, String, case, func, select
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator

from cx_tui.db import shared_work
from cx_tui.db.engine import Database, ask
from cx_tui.db.shared_work import Given

if TYPE_CHECKING:
    from cx_tui.db.customer_lists import CustomerSelect
    from cx_tui.db.record_lists import RecordSelect

SQLITE = SQLiteDialect()
EMPTY = "null"
VALUE = r'"(?:[^"\\]|\\.)*"|[^,"\[\]]+'
"""A value in a list in JSON, where a text has a comma."""
HALF = 2**32

Column = ColumnElement[Any]


@dataclass(frozen=True)
class Asked:
    """A part of groups: what is made of which column; of sums that may outgrow 64 bits the halves."""

    act: str
    name: str = ""
    halved: bool = False


async def rows_of(
    database: Database,
    source: "CustomerSelect | RecordSelect",
    keys: Sequence[Column],
    asked: Sequence[Asked],
    needed: Sequence[str],
) -> list[tuple[Any, ...]]:
    """The groups as the database itself would tell them: their keys, then the parts."""
    columns = {one.name: source.column(one.name) for one in asked if one.name}
    gathered: list[Column] = [func.count(), *map(_in_one_text, (*keys, *columns.values()))]
    question = source.matching(select(*gathered), needed)
    parts: list[Given] = [{}]
    if source.may_be_parted:
        question = shared_work.limited(question, source.id_column)
        parts = await shared_work.parts_of(database, source.id_column)

    async def some(connection: AsyncConnection, given: Given) -> pl.DataFrame | None:
        (row,) = await ask(connection, question, given)
        number, *texts = tuple(row)
        return await asyncio.to_thread(_grouped, number, texts, columns, asked) if number else None

    frames = [one for one in await shared_work.each(database, parts, some) if one is not None]
    return await asyncio.to_thread(_together, frames, keys, columns, asked)


def _in_one_text(column: Column) -> ColumnElement[str]:
    """All values of a column as a list in JSON, which has numbers with 15 digits: longer ones are quoted."""
    if isinstance(_kept_as(column), Float):
        column = case((column.is_not(None), func.quote(column)))
    return func.json_group_array(column, type_=String)


def _kept_as(column: Column) -> Any:
    kind = column.type
    return kind.load_dialect_impl(SQLITE) if isinstance(kind, TypeDecorator) else kind


def _grouped(
    number: int, texts: Sequence[str], columns: Mapping[str, Column], asked: Sequence[Asked]
) -> pl.DataFrame:
    """The groups of some records; their keys, and values that are no numbers, are as JSON has them."""
    values = [_values(text, number) for text in texts]
    keys = len(values) - len(columns)
    frame = {str(place): one for place, one in enumerate(values[:keys])}
    for (name, column), one in zip(columns.items(), values[keys:], strict=True):
        frame[name] = _numbers(one, _kept_as(column))
    made = [made for one in asked for made, _ in _cells(one)]
    by = [str(place) for place in range(keys)]
    return pl.DataFrame(frame).group_by(by).agg(one.alias(f"cell {at}") for at, one in enumerate(made))


def _values(text: str, number: int) -> pl.Series:
    """The values of a list in JSON, each as it is written there."""
    values = pl.Series([text[1:-1]]).str.split(",").explode()
    return values if len(values) == number else pl.Series([text]).str.extract_all(VALUE).explode()


def _numbers(values: pl.Series, kept_as: Any) -> pl.Series:
    """The same as numbers, where they are some; what is empty is null."""
    if isinstance(kept_as, Float):
        return values.str.strip_chars('"').cast(pl.Float64, strict=False)
    if isinstance(kept_as, Integer | Boolean):
        return values.cast(pl.Int64, strict=False)
    return values.set(values == EMPTY, None)


def _cells(one: Asked) -> list[tuple[pl.Expr, str]]:
    """What a part is made of, and how that of some records is joined with that of others."""
    if not one.name:
        return [(pl.len(), "sum")]
    column = pl.col(one.name)
    match one.act:
        case "filled":
            return [(column.count(), "sum")]
        case "distinct":
            return [(column.unique(), "distinct")]
        case "min" | "max":
            return [(getattr(column, one.act)(), one.act)]
    halves = [column // HALF, column.mod(HALF)] if one.halved else [column]
    return [(_sum_of(half), "sum") for half in halves]


def _sum_of(column: pl.Expr) -> pl.Expr:
    """A sum; where nothing has a value, there is none."""
    return pl.when(column.count() > 0).then(column.sum())


def _joined(cell: str, how: str) -> pl.Expr:
    column = pl.col(cell)
    match how:
        case "sum":
            return _sum_of(column)
        case "distinct":
            return column.explode().drop_nulls().n_unique()
    found: pl.Expr = getattr(column, how)()
    return found


def _together(
    frames: Sequence[pl.DataFrame],
    keys: Sequence[Column],
    columns: Mapping[str, Column],
    asked: Sequence[Asked],
) -> list[tuple[Any, ...]]:
    """The groups of all records, with their values as the program knows them."""
    if not frames:
        return []
    cells = [(one, how) for one in asked for _, how in _cells(one)]
    parts = [_joined(f"cell {at}", how) for at, (_, how) in enumerate(cells)]
    found = pl.concat(frames).group_by([str(place) for place in range(len(keys))]).agg(parts)
    shown = [_shown(key) for key in keys]
    shown += [_shown(columns[one.name]) if how in ("min", "max") else _as_it_is for one, how in cells]
    return [tuple(show(value) for show, value in zip(shown, row, strict=True)) for row in found.rows()]


def _as_it_is(value: Any) -> Any:
    return value


def _shown(column: Column) -> Callable[[Any], Any]:
    """What makes a value of what the database keeps."""
    process = column.type.dialect_impl(SQLITE).result_processor(SQLITE, None)

    def show(value: Any) -> Any:
        if isinstance(value, str):
            value = json.loads(value)
        if isinstance(value, str) and isinstance(_kept_as(column), Float):
            value = float(value)
        return process(value) if process else value

    return show
