"""The parts of groups, asked of the database in one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, bindparam, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.planning import without_index
from cx_tui.db.types import Money
from cx_tui.domain.columns import ListColumn
from cx_tui.domain.groups import COUNT, CURRENCY
from cx_tui.domain.rolling import Group, Groups, order_of

if TYPE_CHECKING:
    from cx_tui.db.customer_lists import CustomerSelect
    from cx_tui.db.record_lists import RecordSelect

AT_A_TIME = 32_768
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


async def ask_parts(
    connection: AsyncConnection, source: "CustomerSelect | RecordSelect", wanted: Finest, *, on_sqlite: bool
) -> Groups:
    """The groups, in the order of their keys."""
    names = [column.name for column in wanted.keys]
    grouped = [*names, *([CURRENCY] if wanted.currency and CURRENCY not in names else [])]
    keys = [source.column(name) for name in grouped]
    asked: list[ColumnElement[Any]] = []
    needed = [*grouped]
    for act, name in wanted.parts:
        needed += [name] if name else []
        asked += _asked(_column(source, name), act, on_sqlite)
    keys = [without_index(key) for key in keys] if on_sqlite else keys
    labelled = [key.label(f"k{place}") for place, key in enumerate(keys)]
    question = source.matching(select(*labelled, *asked), needed)
    if wanted.ids is not None:
        question = question.where(source.id_column.in_(wanted.ids))
    if keys:
        question = question.group_by(*keys).order_by(*keys)
    acts = [act for act, name in wanted.parts for _ in _asked(_column(source, name), act, on_sqlite)]
    if on_sqlite and keys and source.may_be_parted and not {"distinct"} & set(acts) and wanted.ids is None:
        rows = await _in_parts(connection, source, question, len(keys), acts)
    else:
        rows = await ask(connection, question)
    at = grouped.index(CURRENCY) if wanted.currency else None
    found = [_group(tuple(row), len(names), len(grouped), at, source, wanted, on_sqlite) for row in rows]
    found.sort(key=order_of)
    return Groups(wanted.keys, wanted.parts, tuple(found), wanted.currency)


def _column(source: "CustomerSelect | RecordSelect", name: str) -> ColumnElement[Any] | None:
    return source.column(name) if name else None


async def _in_parts(
    connection: AsyncConnection, source: Any, question: Select[Any], keys: int, acts: Sequence[str]
) -> Sequence[Any]:
    """The rows of a question, asked of so many records at a time and added up: SQLite sorts all that it
    groups, and few at a time take a half of the time."""
    own = source.id_column
    (last,) = (await ask(connection, select(func.coalesce(func.max(own), 0))))[0]
    limited = question.where(own > bindparam("above"), own <= bindparam("until"))
    found: dict[tuple[Any, ...], list[Any]] = {}
    for above in range(0, last, AT_A_TIME):
        for row in await ask(connection, limited, {"above": above, "until": above + AT_A_TIME}):
            so_far = found.setdefault(tuple(row[:keys]), [None] * len(acts))
            for place, (act, value) in enumerate(zip(acts, row[keys:], strict=True)):
                so_far[place] = _joined(act, so_far[place], value)
    return [(*key, *values) for key, values in found.items()]


def _joined(act: str, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other) if act == "min" else max(one, other) if act == "max" else one + other


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
