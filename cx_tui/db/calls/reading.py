"""Calls of the last days, read from their tables: windows, counts, sums, and whole days for files."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Select,
    Table,
    Text,
    case,
    cast,
    func,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from cx_tui.db.calls import days
from cx_tui.db.calls.columns import KEY, NAMES
from cx_tui.db.calls.tables import call_days, call_late
from cx_tui.db.engine import ask
from cx_tui.db.types import Instant, Money, Word, moment_of
from cx_tui.domain.calls import figures
from cx_tui.domain.calls.figures import MONEYS, Figures
from cx_tui.domain.calls.query import CallQuery, Condition
from cx_tui.domain.query import Sort

A_DAY = 86_400_000_000
"""Microseconds."""

PERIODS = {"hour": 3_600_000_000, "day": A_DAY}
"""What calls are grouped by beside their columns: when they began, in microseconds."""

PDD = "pdd_tenths"
"""And this: tenths of a second to ringing, so that counts of them tell percentiles of any number of calls."""
A_TENTH = 100_000

PART = 50_000
"""So many rows are read at once for a file."""


class _millionths(FunctionElement[int]):  # noqa: N801  # it is a function of SQL
    """An amount in whole millionths, as files keep it."""

    type = BigInteger()
    inherit_cache = True


@compiles(_millionths, "sqlite")
def _as_it_is(element: Any, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


@compiles(_millionths)
def _multiplied(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} * 1000000 AS BIGINT)"


def where(table: Table, query: CallQuery) -> list[ColumnElement[bool]]:
    """What a query asks of the rows of a table."""
    found: list[ColumnElement[bool]] = []
    if query.customer_id is not None:
        found.append(table.c.customer_id == query.customer_id)
    if query.first is not None:
        found.append(table.c.start >= query.first)
    if query.until is not None:
        found.append(table.c.start < query.until)
    return [*found, *(_holds(table, one) for one in query.conditions)]


def _holds(table: Table, one: Condition) -> ColumnElement[bool]:
    column = asked(table, one.field)
    value = one.value
    match one.operator:
        case "has":
            # LIKE minds case on one of the databases only.
            return func.replace(column, value, "") != column
        case "begins":
            return func.substr(column, 1, len(str(value))) == value
        case "=":
            return column == value
        case "!=":
            # Nothing is not the same as something.
            return (column != value) | column.is_(None)
        case ">":
            return column > value
        case ">=":
            return column >= value
        case "<":
            return column < value
    return column <= value


def asked(table: Table, name: str) -> ColumnElement[Any]:
    """What is asked for by a name."""
    if name == "talk":
        return table.c.talk_ms / Decimal(1000)
    if name == "connected":
        return case((table.c.answered.is_not(None), True), else_=False)
    return type_coerce(table.c.release, Text) if name == "release" else table.c[name]


def ordered(table: Table, sort: Iterable[Sort]) -> list[ColumnElement[Any]]:
    """An order that leaves no two calls equal; what is empty comes first."""
    by = [*sort, *(Sort(name) for name in KEY)]
    expressions = [(asked(table, one.column), one.descending) for one in by]
    return [e.desc().nulls_last() if down else e.asc().nulls_first() for e, down in expressions]


def newest(table: Table, query: CallQuery, *, descending: bool = True) -> Select[Any]:
    """Calls in the order in which they began, which an index has."""
    by = [table.c.start, table.c.key] if query.customer_id is not None else [table.c.start]
    return (
        select(table).where(*where(table, query)).order_by(*(one.desc() if descending else one for one in by))
    )


async def count(connection: AsyncConnection, table: Table, query: CallQuery) -> int:
    """How many calls of a table a query asks for."""
    question = select(func.count()).select_from(table).where(*where(table, query))
    return int((await ask(connection, question))[0][0])


async def by_keys(
    connection: AsyncConnection, table: Table, keys: Sequence[tuple[int, int, int]]
) -> Sequence[Any]:
    """The calls with these keys."""
    key = tuple_(*(table.c[name] for name in KEY))
    found = [(of, moment_of(start), number) for of, start, number in keys]
    return (await connection.execute(select(table).where(key.in_(found)))).all() if found else []


def sums(table: Table) -> list[ColumnElement[Any]]:
    """The figures of the calls of a table."""
    own = table.c
    real = own.simulated.is_(False)

    def of(value: Any, *which: ColumnElement[bool]) -> ColumnElement[Any]:
        chosen: ColumnElement[bool] = real
        for one in which:
            chosen = chosen & one
        return func.coalesce(func.sum(case((chosen, value), else_=0)), 0)

    def ms(later: Column[Any]) -> ColumnElement[Any]:
        # Microseconds, of which whole milliseconds count.
        span = (_number(later) - _number(own.start)) // 1000
        return case((_number(later) < _number(own.start), 0), else_=span)

    found = {
        "calls": func.count(),
        "attempts": of(1),
        "connected": of(1, own.answered.is_not(None)),
        "refused": of(1, own.gate != ""),
        "unrated": of(1, own.unrated != ""),
        "talk_ms": of(own.talk_ms),
        "total_ms": of(ms(own.ended)),
        "pdd_ms": of(ms(own.ringing), own.ringing.is_not(None)),
        "pdd_calls": of(1, own.ringing.is_not(None)),
        "billed_seconds": of(own.billed_seconds),
        "charge": _amount(own.charge, real),
        "cost": _amount(own.cost, real),
    }
    return [found[name].label(name) for name in figures.NAMES]


def _number(column: Column[Any]) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


def _amount(column: Column[Any], which: ColumnElement[bool]) -> ColumnElement[Decimal]:
    return func.coalesce(func.sum(case((which, column), else_=None), type_=column.type), 0, type_=column.type)


def figures_of(row: Any) -> Figures:
    """The figures of a row."""
    values: dict[str, Any] = {name: row._mapping[name] for name in figures.NAMES}
    values |= {name: int(one) for name, one in values.items() if name not in MONEYS}
    return Figures(**values)


async def day_sums(connection: AsyncConnection, day: date) -> Figures:
    """What was counted of a day, over all customers."""
    own = call_days.c
    total = [
        func.coalesce(func.sum(own[name], type_=own[name].type), 0, type_=own[name].type).label(name)
        for name in figures.NAMES
    ]
    rows = await ask(connection, select(*total).where(own.day == day))
    return figures_of(rows[0])


async def days_of(
    connection: AsyncConnection, customer_id: int | None, first: date | None = None, last: date | None = None
) -> Mapping[date, int]:
    """How many calls a customer, or all, made on each day: the index of all calls."""
    own = call_days.c
    calls = func.sum(own.calls)
    question = select(own.day, calls).group_by(own.day).order_by(own.day.desc())
    if customer_id is not None:
        question = question.where(own.customer_id == customer_id)
    if first is not None:
        question = question.where(own.day >= first)
    if last is not None:
        question = question.where(own.day <= last)
    rows: Sequence[Any] = await ask(connection, question)
    return {row[0]: int(row[1]) for row in rows}


async def raw_parts(connection: AsyncConnection, table: str) -> AsyncIterator[list[tuple[Any, ...]]]:
    """All rows of a table of calls of SQLite in the order of their keys, as files keep them."""
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    after: tuple[Any, ...] = (-1, 0, 0)
    names = ", ".join(NAMES)
    question = (
        f"SELECT {names} FROM {table} WHERE (customer_id, start, key) > (?, ?, ?)"  # noqa: S608  # names of ours
        f" ORDER BY customer_id, start, key LIMIT {PART}"
    )
    while rows := await driver.execute_fetchall(question, after):
        yield list(rows)
        after = tuple(rows[-1][: len(KEY)])


async def copy_out(connection: AsyncConnection, table: str, into: Any) -> None:
    """All rows of a table of calls of PostgreSQL in the order of their keys, as CSV, as files keep them."""
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    whole = {"charge", "cost"}
    names = [f"({name} * 1000000)::bigint AS {name}" if name in whole else name for name in NAMES]
    question = f"SELECT {', '.join(names)} FROM {table} ORDER BY customer_id, start, key"  # noqa: S608
    await driver.copy_from_query(question, output=into, format="csv", header=True)


async def late_of(connection: AsyncConnection, day: date) -> list[Any]:
    """The calls that came when a day was sealed already."""
    first, after = days.bounds(day)
    own = _number(call_late.c.start)
    question = select(call_late).where(own >= first, own < after)
    return list(await ask(connection, question.order_by(*(call_late.c[name] for name in KEY))))


async def late_days(connection: AsyncConnection) -> set[date]:
    """Sealed days with late calls."""
    start = _number(call_late.c.start)
    day = (start - start % A_DAY).label("day")
    return {moment_of(int(row[0])).date() for row in await ask(connection, select(day).distinct())}


def as_kept(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as files keep it: moments and amounts as whole numbers, words as texts."""
    kind = column.type
    if isinstance(kind, Instant):
        return type_coerce(column, BigInteger)
    if isinstance(kind, Money):
        return _millionths(column)
    return type_coerce(column, Text) if isinstance(kind, Word) else column


def grouped(table: Table, query: CallQuery, by: Sequence[str]) -> Select[Any]:
    """The figures of calls by columns, by the hour or day in which they began, or by tenths of a second to
    ringing; amounts in millionths."""
    keys = [_key(table, name) for name in by]
    totals = [_millionths(one) if one.name in MONEYS else cast(one, BigInteger) for one in sums(table)]
    question = select(*keys, *totals).where(*where(table, query))
    return question.group_by(*keys) if keys else question


def _key(table: Table, name: str) -> ColumnElement[Any]:
    """What calls are grouped by."""
    start = _number(table.c.start)
    if name in PERIODS:
        return start - start % PERIODS[name]
    if name == PDD:
        waited = _number(table.c.ringing) - start
        tenths = (waited + A_TENTH // 2) // A_TENTH
        return case((waited < 0, 0), else_=tenths)
    return as_kept(table.c[name])
