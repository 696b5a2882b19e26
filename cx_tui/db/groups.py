"""The parts of groups, asked of the database at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, Integer, func, select, type_coerce

from cx_tui.db.engine import Database, ask
from cx_tui.db.planning import without_index
from cx_tui.db.types import Money
from cx_tui.domain.columns import ListColumn
from cx_tui.domain.groups import COUNT, CURRENCY
from cx_tui.domain.rolling import Group, Groups, order_of

if TYPE_CHECKING:
    from cx_tui.db.customer_lists import CustomerSelect
    from cx_tui.db.record_lists import RecordSelect

FEW = 20_000
"""Of so many records SQLite itself finds the groups soon enough."""
HALF = 32
"""SQLite refuses a sum that outgrows 64 bits, so the high bits and the low ones are summed apart."""


@dataclass(frozen=True)
class Finest:
    """What is asked: by which columns, which parts, and whether currencies are kept apart."""

    keys: tuple[ListColumn, ...]
    parts: tuple[tuple[str, str], ...]
    currency: bool
    ids: tuple[int, ...] | None = None
    """Only of these records."""


async def ask_parts(database: Database, source: "CustomerSelect | RecordSelect", wanted: Finest) -> Groups:
    """The groups, in the order of their keys."""
    names = [column.name for column in wanted.keys]
    grouped = [*names, *([CURRENCY] if wanted.currency and CURRENCY not in names else [])]
    keys = [source.column(name) for name in grouped]
    needed = [*grouped, *(name for _, name in wanted.parts if name)]
    on_sqlite = database.on_sqlite
    if on_sqlite and keys and wanted.ids is None and await _are_many(database, source):
        rows = await _in_frames(database, source, keys, wanted, needed)
    else:
        rows = await _in_sql(database, source, keys, wanted, needed)
    at = grouped.index(CURRENCY) if wanted.currency else None
    found = [_group(tuple(row), len(names), len(grouped), at, source, wanted, on_sqlite) for row in rows]
    found.sort(key=order_of)
    return Groups(wanted.keys, wanted.parts, tuple(found), wanted.currency)


def _column(source: "CustomerSelect | RecordSelect", name: str) -> ColumnElement[Any] | None:
    return source.column(name) if name else None


async def _are_many(database: Database, source: "CustomerSelect | RecordSelect") -> bool:
    """Whether there are so many records that frames are worth being loaded."""
    async with database.reading() as connection:
        ((last,),) = await ask(connection, select(func.max(source.id_column)))
    return last is not None and last > FEW


async def _in_frames(
    database: Database,
    source: "CustomerSelect | RecordSelect",
    keys: Sequence[ColumnElement[Any]],
    wanted: Finest,
    needed: Sequence[str],
) -> Sequence[Any]:
    frames = await asyncio.to_thread(import_module, "cx_tui.db.group_frames")  # brings polars
    asked = [
        frames.Asked(act, name, _is_halved(_column(source, name), act, on_sqlite=True))
        for act, name in wanted.parts
    ]
    rows: Sequence[Any] = await frames.rows_of(database, source, keys, asked, needed)
    return rows


async def _in_sql(
    database: Database,
    source: "CustomerSelect | RecordSelect",
    keys: Sequence[ColumnElement[Any]],
    wanted: Finest,
    needed: Sequence[str],
) -> Sequence[Any]:
    on_sqlite = database.on_sqlite
    asked = [part for act, name in wanted.parts for part in _asked(_column(source, name), act, on_sqlite)]
    keys = [without_index(key) for key in keys] if on_sqlite else keys
    labelled = [key.label(f"k{place}") for place, key in enumerate(keys)]
    question = source.matching(select(*labelled, *asked), needed)
    if wanted.ids is not None:
        question = question.where(source.id_column.in_(wanted.ids))
    if keys:
        question = question.group_by(*keys)
    async with database.reading() as connection:
        return await ask(connection, question)


def _is_halved(column: ColumnElement[Any] | None, act: str, on_sqlite: bool) -> bool:
    # Of numbers below two milliards, milliards would have to be added up.
    large = column is not None and type(column.type) is not Integer and _is_integer(column)
    whole = column is not None and (isinstance(column.type, Money) or large)
    return on_sqlite and act == "sum" and whole


def _is_integer(column: ColumnElement[Any]) -> bool:
    try:
        return issubclass(column.type.python_type, int)
    except NotImplementedError:
        return False


def _asked(column: ColumnElement[Any] | None, act: str, on_sqlite: bool) -> list[ColumnElement[Any]]:
    if column is None:
        return [func.count()]
    match act:
        case "filled":
            return [func.count(column)]
        case "distinct":
            return [func.count(column.distinct())]
        case "min" | "max":
            return [getattr(func, act)(column)]
    if not _is_halved(column, act, on_sqlite):
        return [func.sum(column)]
    number = type_coerce(column, BigInteger)
    low = func.sum(number.op("&")(2**HALF - 1), type_=BigInteger)
    return [func.sum(number.op(">>")(HALF), type_=BigInteger), low]


def _group(
    row: tuple[Any, ...],
    keys: int,
    place: int,
    currency: int | None,
    source: Any,
    wanted: Finest,
    on_sqlite: bool,
) -> Group:
    parts: dict[tuple[str, str], Any] = {}
    for act, name in wanted.parts:
        column = _column(source, name)
        if _is_halved(column, act, on_sqlite):
            high, low = row[place : place + 2]
            place += 2
            whole = None if high is None else (int(high) << HALF) + int(low)
            is_money = column is not None and isinstance(column.type, Money)
            parts[act, name] = Decimal(whole).scaleb(-6) if is_money and whole is not None else whole
            continue
        value = row[place]
        place += 1
        if act == COUNT or (
            isinstance(value, Decimal) and column is not None and not isinstance(column.type, Money)
        ):
            value = int(value) if value == int(value) else float(value)
        parts[act, name] = value
    return Group(row[:keys], None if currency is None else row[currency], parts)
