"""Records in groups, with totals of each: one question to the database, and currencies never added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce

from cx_tui.db.customer_expressions import read_clock
from cx_tui.db.customer_lists import CustomerSelect
from cx_tui.db.engine import Database, ask
from cx_tui.db.record_lists import RecordSelect
from cx_tui.domain.columns import ListColumn
from cx_tui.domain.filter_values import filter_columns, is_ordered
from cx_tui.domain.kinds import Day, Integer, Kind, Moment, Money, Percent, Reference
from cx_tui.domain.query import Query
from cx_tui.errors import Misconfigured

COUNT = "count"
ACTS = ("sum", "min", "max", "avg")
CURRENCY = "currency"
HALF = 32
"""SQLite refuses a sum that outgrows 64 bits, so the high bits and the low ones are summed apart."""


@dataclass(frozen=True)
class Total:
    """What is said of each group: how many there are, or the sum, the least, the most, the average of a
    column."""

    act: str
    column: ListColumn | None = None
    name: str = COUNT

    @property
    def kind(self) -> Kind:
        """The kind of its values."""
        return self.column.kind if self.column else Integer()


@dataclass(frozen=True)
class Grouping:
    """By which columns, with which totals; with the values of one more column side by side."""

    by: tuple[ListColumn, ...]
    totals: tuple[Total, ...]
    pivot: ListColumn | None = None

    @property
    def has_amounts(self) -> bool:
        """Whether a total is an amount of money."""
        return any(isinstance(total.kind, Money) for total in self.totals)


def grouping_of(record: str, by: str, totals: str, pivot: str = "") -> Grouping:
    """A grouping as it is written; Misconfigured says what is wrong with it."""
    names = [name.strip() for name in by.split(",") if name.strip()]
    said = [word.strip() for word in totals.split(",") if word.strip()] or [COUNT]
    columns = tuple(_column(record, name) for name in names)
    return Grouping(
        columns, tuple(_total(record, word) for word in said), _column(record, pivot) if pivot else None
    )


def _column(record: str, name: str) -> ListColumn:
    columns = filter_columns(record)
    key = name.lower().replace("-", "_")
    if key not in columns:
        raise Misconfigured(f'there is no column "{name}"; there are {", ".join(columns)}')
    return columns[key]


def _total(record: str, word: str) -> Total:
    if word == COUNT:
        return Total(COUNT)
    act, _, name = word.partition(":")
    if act not in ACTS or not name:
        raise Misconfigured(f'"{word}" is no total; write count, or sum, min, max or avg like sum:credit')
    column = _column(record, name)
    is_moment = isinstance(column.kind, Moment | Day)
    if not is_ordered(column.kind) or (is_moment and act in ("sum", "avg")):
        raise Misconfigured(f"{column.label} has no {act}; its values are no numbers")
    return Total(act, column, word)


async def groups(database: Database, query: Query, grouping: Grouping) -> list[dict[str, Any]]:
    """The groups of the records that a query asks for, in the order of what they are grouped by."""
    keys = [*grouping.by, *([grouping.pivot] if grouping.pivot else [])]
    async with database.reading() as connection:
        source: CustomerSelect | RecordSelect
        if query.record == "customer":
            clock = await read_clock(connection)
            some = database.rights.reseller
            source = CustomerSelect(query, clock, on_sqlite=database.on_sqlite, some=some)
        else:
            source = RecordSelect(query)
        names = [key.name for key in keys]
        with_currency = grouping.has_amounts and source.has_column(CURRENCY)
        if with_currency and CURRENCY not in names:
            names.append(CURRENCY)
        wanted = [*names, *(total.column.name for total in grouping.totals if total.column)]
        parts = [part for total in grouping.totals for part in _parts(source, total, database.on_sqlite)]
        columns = [source.column(name) for name in names]
        labelled = [column.label(f"k{place}") for place, column in enumerate(columns)]
        question = source.matching(select(*labelled, *parts), wanted).group_by(*columns).order_by(*columns)
        rows: Sequence[Any] = await ask(connection, question)
    found = [_group(names, keys, grouping, tuple(row), database.on_sqlite) for row in rows]
    return _side_by_side(found, grouping) if grouping.pivot else found


def _parts(
    source: "CustomerSelect | RecordSelect", total: Total, on_sqlite: bool
) -> list[ColumnElement[Any]]:
    """What is asked of the database for a total: how many have a value, and its two halves or itself."""
    if total.column is None:
        return [func.count()]
    column = source.column(total.column.name)
    if total.act in ("min", "max"):
        return [getattr(func, total.act)(column)]
    whole = isinstance(total.kind, Money | Percent | Integer)
    if not (on_sqlite and whole):
        return [func.count(column), func.sum(column)]
    number = type_coerce(column, BigInteger)
    low = func.sum(number.op("&")(2**HALF - 1), type_=BigInteger)
    return [func.count(column), func.sum(number.op(">>")(HALF), type_=BigInteger), low]


def _group(
    names: Sequence[str],
    keys: Sequence[ListColumn],
    grouping: Grouping,
    row: tuple[Any, ...],
    on_sqlite: bool,
) -> dict[str, Any]:
    place = len(names)
    group: dict[str, Any] = {key.name: _key(key, value) for key, value in zip(keys, row, strict=False)}
    if place > len(keys):
        group[CURRENCY] = row[place - 1]
    for total in grouping.totals:
        if total.column is None or total.act in ("min", "max"):
            group[total.name] = _said(total.kind, row[place])
            place += 1
            continue
        number, *parts = row[place : place + 2 + _is_halved(total, on_sqlite)]
        place += 1 + len(parts)
        group[total.name] = _summed(total, number, parts)
    return group


def _is_halved(total: Total, on_sqlite: bool) -> bool:
    return on_sqlite and isinstance(total.kind, Money | Percent | Integer)


def _summed(total: Total, number: int, parts: Sequence[Any]) -> Any:
    """A sum or an average, exact as far as the values are; nothing where no record has one."""
    if not number:
        return None
    amount = isinstance(total.kind, Money | Percent)
    value = parts[0]
    if len(parts) == 2:
        whole = (int(parts[0]) << HALF) + int(parts[1])
        value = Decimal(whole).scaleb(-6) if amount else whole
    if total.act == "sum":
        return _said(total.kind, value)
    average = value / number
    return _said(total.kind, round(average, 6)) if amount else float(average)


def _said(kind: Kind, value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Decimal) and not isinstance(kind, Money | Percent):
        return int(value)
    return kind.write(value)


def _key(column: ListColumn, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return value if isinstance(column.kind, Reference) else column.kind.write(value)


def _side_by_side(found: Sequence[Mapping[str, Any]], grouping: Grouping) -> list[dict[str, Any]]:
    """Groups that differ in the last key only become one, with what it is in each of them."""
    pivot = grouping.pivot
    totals = {total.name for total in grouping.totals}
    made: dict[tuple[Any, ...], dict[str, Any]] = {}
    for group in found:
        own = {n: v for n, v in group.items() if n not in totals and pivot and n != pivot.name}
        one = made.setdefault(tuple(own.values()), {**own, "pivot": {}})
        value = group[pivot.name] if pivot else None
        said = "" if value is None else value if isinstance(value, str) else str(value)
        one["pivot"][said] = {name: group[name] for name in totals}
    return list(made.values())
