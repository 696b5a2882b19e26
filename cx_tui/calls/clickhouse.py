"""Sealed days on a ClickHouse server: the same port as Parquet files, for pivots over very many days.

A day is a partition; to put it again replaces that partition, so that putting is repeatable.  The columns are
those of the files.  The statements are here, who carries them out is given: a server, or chdb in tests.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

import polars as pl

from cx_tui.calls.frames import FINER, SCHEMA
from cx_tui.db.calls.columns import KEY, NAMES
from cx_tui.db.calls.reading import A_DAY, A_TENTH, PDD, PERIODS
from cx_tui.db.types import instant
from cx_tui.domain.calls.figures import NAMES as SUMS
from cx_tui.domain.calls.query import CallQuery, Condition
from cx_tui.domain.query import Sort
from cx_tui.errors import Misconfigured, Unavailable

TYPES = {
    pl.Int16: "Int16", pl.Int32: "Int32", pl.Int64: "Int64", pl.Boolean: "Bool", pl.String: "String",
}  # fmt: skip
ALWAYS = {"customer_id", "start", "key", "ended", "talk_ms", "billed_seconds", "simulated"}
EPOCH = date(1970, 1, 1)


class Server(Protocol):
    """Carries statements out."""

    def command(self, statement: str) -> None:
        """Carry one out that has no answer."""

    def ask(self, question: str) -> pl.DataFrame:
        """The answer to a question."""

    def add(self, table: str, rows: pl.DataFrame) -> None:
        """Add rows to a table."""


class ClickHouseServer:
    """A real server, by clickhouse-connect."""

    def __init__(self, url: str) -> None:
        try:
            import clickhouse_connect  # an optional extra
        except ImportError as error:
            raise Misconfigured(
                'calls.clickhouse needs its client; install it: pip install "cx-tui[clickhouse]"'
            ) from error
        with _away():
            # Without a session, so that several threads may ask at once.
            self._client = clickhouse_connect.get_client(dsn=url, autogenerate_session_id=False)

    def command(self, statement: str) -> None:
        with _away():
            self._client.command(statement)

    def ask(self, question: str) -> pl.DataFrame:
        with _away():
            return pl.DataFrame(pl.from_arrow(self._client.query_arrow(question, use_strings=True)))

    def add(self, table: str, rows: pl.DataFrame) -> None:
        with _away():
            self._client.insert_arrow(table, rows.to_arrow(compat_level=pl.CompatLevel.oldest()))


@contextmanager
def _away() -> Iterator[None]:
    """A server that is away, or refuses, is said to be away."""
    from clickhouse_connect.driver.exceptions import ClickHouseError

    try:
        yield
    except (ClickHouseError, OSError) as error:
        raise Unavailable(f"ClickHouse does not answer: {str(error).splitlines()[0]}") from error


class ClickHouseCalls:
    """Sealed days in one table of a server."""

    def __init__(self, server: Server, table: str = "calls") -> None:
        self._server = server
        self._table = table

    def make(self) -> None:
        """Make the table, where it is not there."""
        for name in (self._table, self._coming):
            self._server.command(create(name))
        self._server.command(
            f"CREATE TABLE IF NOT EXISTS {self._days} (day Int32, generation Int32, at DateTime64(6))"
            " ENGINE = MergeTree ORDER BY (day, at)"
        )

    async def generations(self) -> dict[date, int]:
        """The days that are here as a whole, and as of which generation of their files."""
        found = await self._ask(
            f"SELECT day, argMax(generation, at) AS generation FROM {self._days} GROUP BY day"  # noqa: S608
            " HAVING generation > 0"
        )
        return {EPOCH + timedelta(days=day): generation for day, generation in found.iter_rows()}

    async def put_generation(self, day: date, generation: int, rows: pl.LazyFrame) -> None:
        """Have these calls be those of a day, as of a generation; meanwhile the day is none that is here."""
        await self._note(day, 0)
        await self.put_day(day, rows)
        await self._note(day, generation)

    async def forget_day(self, day: date) -> None:
        """Let a day go."""
        await self._note(day, 0)
        await self._do(f"ALTER TABLE {self._table} DROP PARTITION {number_of(day)}")

    async def _note(self, day: date, generation: int) -> None:
        row = f"{number_of(day)}, {generation}, now64(6)"
        await self._do(f"INSERT INTO {self._days} SELECT {row}")  # numbers

    async def put_day(self, day: date, rows: pl.LazyFrame) -> None:
        """Have these calls be those of a day: they come into a table beside, which replaces them."""
        partition = f"PARTITION {number_of(day)}"
        frame = await asyncio.to_thread(rows.collect)
        await self._do(f"ALTER TABLE {self._coming} DROP {partition}")
        await asyncio.to_thread(self._server.add, self._coming, frame)
        await self._do(f"ALTER TABLE {self._table} REPLACE {partition} FROM {self._coming}")
        await self._do(f"ALTER TABLE {self._coming} DROP {partition}")

    async def count(self, query: CallQuery, days: Sequence[date]) -> int:
        """How many calls of these days a query asks for."""
        found = await self._ask(
            f"SELECT toInt64(count()) AS calls FROM {self._table} {where(query, days)}"  # noqa: S608
        )
        return int(found["calls"][0])

    async def page(
        self, query: CallQuery, days: Sequence[date], start: int, count: int, columns: Sequence[str] = ()
    ) -> pl.DataFrame:
        """A window of the calls of these days in the query's order."""
        names = columns or NAMES
        found = await self._ask(
            f"SELECT {_listed(names)} FROM {self._table} {where(query, days)}"  # noqa: S608  # names of ours
            f" ORDER BY {order(query.sort)} LIMIT {count} OFFSET {start}"
        )
        return _typed(found, names)

    async def by_keys(self, days: Sequence[date], keys: pl.DataFrame) -> pl.DataFrame:
        """The calls of these days that have these keys."""
        if keys.is_empty():
            return pl.DataFrame(schema=SCHEMA)
        these = ", ".join(f"({of}, {start}, {key})" for of, start, key in keys.select(KEY).iter_rows())
        found = await self._ask(
            f"SELECT {_listed(NAMES)} FROM {self._table} {where(CallQuery(), days)}"  # noqa: S608
            f" AND ({', '.join(KEY)}) IN ({these})"
        )
        return _typed(found, NAMES)

    async def group(self, query: CallQuery, days: Sequence[date], by: Sequence[str]) -> pl.DataFrame:
        """The figures of the calls of these days by the values of columns."""
        keys = [_key(name) for name in by]
        grouped = f" GROUP BY {', '.join(f'`{name}`' for name in by)}" if by else ""
        totals = [f"toInt64({expression}) AS s_{name}" for name, expression in figures().items()]
        found = await self._ask(
            f"SELECT {', '.join([*keys, *totals])} FROM {self._table} {where(query, days)}{grouped}"  # noqa: S608
        )
        named = found.rename({f"s_{name}": name for name in SUMS})
        kinds = {name: SCHEMA.get(name, pl.Int64) for name in by} | dict.fromkeys(SUMS, pl.Int64)
        return named.with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())

    @property
    def _coming(self) -> str:
        return f"{self._table}_coming"

    @property
    def _days(self) -> str:
        return f"{self._table}_days"

    async def _do(self, statement: str) -> None:
        await asyncio.to_thread(self._server.command, statement)

    async def _ask(self, question: str) -> pl.DataFrame:
        return await asyncio.to_thread(self._server.ask, question)


def create(table: str) -> str:
    """The statement that makes a table of calls."""
    columns = ", ".join(f"`{name}` {_type(name)}" for name in NAMES)
    return (
        f"CREATE TABLE IF NOT EXISTS {table} ({columns}) ENGINE = MergeTree"
        f" PARTITION BY intDiv(start, {A_DAY}) ORDER BY ({', '.join(KEY)})"
    )


def number_of(day: date) -> int:
    """The partition of a day: days since 1970."""
    return (day - EPOCH).days


def where(query: CallQuery, days: Sequence[date]) -> str:
    """What a query asks of the calls of some days."""
    parts = [f"intDiv(start, {A_DAY}) IN ({', '.join(str(number_of(day)) for day in days) or 'NULL'})"]
    if query.customer_id is not None:
        parts.append(f"customer_id = {query.customer_id}")
    if query.first is not None:
        parts.append(f"start >= {instant(query.first)}")
    if query.until is not None:
        parts.append(f"start < {instant(query.until)}")
    return "WHERE " + " AND ".join([*parts, *map(_holds, query.conditions)])


def _holds(one: Condition) -> str:
    column, value = asked(one.field), _literal(one)
    match one.operator:
        case "has":
            return f"position({column}, {value}) > 0"
        case "begins":
            return f"startsWith({column}, {value})"
        case "!=":
            return f"({column} != {value} OR {column} IS NULL)"
    return f"{column} {one.operator} {value}"


def asked(name: str) -> str:
    """What is asked for by a name."""
    return {"talk": "talk_ms", "connected": "(answered IS NOT NULL)"}.get(name, f"`{name}`")


def _literal(one: Condition) -> str:
    if isinstance(one.value, str):
        return "'" + one.value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if one.field in FINER:
        return f"{Decimal(one.value) * FINER[one.field]:f}"
    return str(one.value).lower() if isinstance(one.value, bool) else str(one.value)


def order(sort: Sequence[Sort]) -> str:
    """An order that leaves no two calls equal; what is empty comes first."""
    by = [*sort, *(Sort(name) for name in KEY)]
    ways = [(asked(one.column), "DESC NULLS LAST" if one.descending else "ASC NULLS FIRST") for one in by]
    return ", ".join(f"{column} {way}" for column, way in ways)


def figures() -> dict[str, str]:
    """The figures of some calls."""
    real = "NOT simulated"

    def total(value: str) -> str:
        return f"sumIf({value}, {real})"

    return {
        "calls": "count()",
        "attempts": f"countIf({real})",
        "connected": f"countIf({real} AND answered IS NOT NULL)",
        "refused": f"countIf({real} AND gate != '')",
        "unrated": f"countIf({real} AND unrated != '')",
        "talk_ms": total("talk_ms"),
        "total_ms": total("greatest(intDiv(ended - start, 1000), 0)"),
        "pdd_ms": total("ifNull(greatest(intDiv(ringing - start, 1000), 0), 0)"),
        "pdd_calls": f"countIf({real} AND ringing IS NOT NULL)",
        "billed_seconds": total("toInt64(billed_seconds)"),
        "charge": total("ifNull(charge, 0)"),
        "cost": total("ifNull(cost, 0)"),
    }


def _key(name: str) -> str:
    """What calls are grouped by."""
    if name in PERIODS:
        return f"intDiv(start, {PERIODS[name]}) * {PERIODS[name]} AS {name}"
    if name == PDD:
        tenths = f"intDiv(greatest(ringing - start, 0) + {A_TENTH // 2}, {A_TENTH})"
        return f"if(ringing IS NULL, NULL, {tenths}) AS {name}"
    return f"`{name}`"


def _type(name: str) -> str:
    kind = TYPES[SCHEMA[name]]
    return kind if name in ALWAYS or (kind == "String" and name != "tries") else f"Nullable({kind})"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _typed(found: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    return found.select(pl.col(name).cast(SCHEMA[name]) for name in names)
