"""Calls as frames: how files keep them, and what is computed of them.

Moments are microseconds and amounts millionths, whole numbers as in the database: nothing is rounded on the
way through a file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from cx_tui.db.calls.columns import KEY, MOMENTS, NAMES, NUMBERS, PLAIN, call_of, rows_of
from cx_tui.db.types import instant, moment_of
from cx_tui.domain.calls import figures
from cx_tui.domain.calls.call import Call, Release
from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.calls.query import CallQuery, Condition
from cx_tui.domain.query import Sort

C = pl.col
AN_HOUR = timedelta(hours=1) // timedelta(microseconds=1)

_SMALL = {"sip_code": pl.Int16, "q850": pl.Int16, "talk_ms": pl.Int64, "simulated": pl.Boolean}
SCHEMA: dict[str, Any] = {
    name: _SMALL.get(name, pl.Int32 if name in NUMBERS else pl.String) for name in NAMES
} | {
    "customer_id": pl.Int32,
    **dict.fromkeys(("start", "key", "ringing", "answered", "ended", "charge", "cost"), pl.Int64),
}  # fmt: skip
"""The columns of a file."""

TEXTS = (*(name for name in PLAIN if SCHEMA[name] == pl.String), "release")


def frame_of(rows: Iterable[Sequence[Any]]) -> pl.DataFrame:
    """Rows as files keep them: those of SQLite are so already."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return pl.DataFrame(schema=SCHEMA)
    at = NAMES.index("simulated")
    columns[at] = tuple(map(bool, columns[at]))
    return pl.DataFrame(dict(zip(NAMES, columns, strict=True)), schema=SCHEMA)


def frame_of_calls(calls: Iterable[Call]) -> pl.DataFrame:
    """Calls as files keep them."""
    return frame_of(rows_of(calls, on_sqlite=True)).sort(KEY)


def frame_of_csv(source: Any) -> pl.DataFrame:
    """What PostgreSQL copied out."""
    schema = {**SCHEMA, "simulated": pl.String}
    found = pl.read_csv(source, schema=schema)
    # An empty text and no text are the same in CSV; only the tries may be none.
    return found.with_columns(C(*TEXTS).fill_null(""), C.simulated.str.starts_with("t"))


def calls_of(frame: pl.DataFrame) -> list[Call]:
    """The calls of a few rows."""
    return [call_of(_as_python(row)) for row in frame.iter_rows(named=True)]


def _as_python(row: dict[str, Any]) -> Mapping[str, Any]:
    moments = {name: None if row[name] is None else moment_of(row[name]) for name in MOMENTS}
    return {
        **row,
        **moments,
        "charge": amount(row["charge"]),
        "cost": amount(row["cost"]),
        "release": _release(row),
    }


def _release(row: Mapping[str, Any]) -> Release:
    return RELEASES.get(row["release"], Release.UNKNOWN)


RELEASES = {one.value: one for one in Release}


def amount(millionths: int | None) -> Decimal | None:
    """An amount of whole millionths."""
    return None if millionths is None else Decimal(millionths).scaleb(-6)


def sums() -> list[pl.Expr]:
    """The figures of some calls."""
    real = ~C.simulated
    # Multiplied, not filtered, in half of the time: each filter would make a column of its own.
    once = real.cast(pl.Int64)
    found = {
        "calls": pl.len(),
        "attempts": once.sum(),
        "connected": (real & C.answered.is_not_null()).sum(),
        "refused": (real & (C.gate != "")).sum(),
        "unrated": (real & (C.unrated != "")).sum(),
        "talk_ms": (C.talk_ms * once).sum(),
        "total_ms": (_ms("ended") * once).sum(),
        "pdd_ms": (_ms("ringing") * once).sum(),
        "pdd_calls": (real & C.ringing.is_not_null()).sum(),
        "billed_seconds": (C.billed_seconds * once).sum(),
        "charge": (C.charge * once).sum(),
        "cost": (C.cost * once).sum(),
    }
    return [found[name].cast(pl.Int64).alias(name) for name in figures.NAMES]


def _ms(later: str) -> pl.Expr:
    return ((C(later) - C.start) // 1000).clip(lower_bound=0)


def figures_of(row: Mapping[str, Any]) -> Figures:
    """The figures of a row of sums."""
    values: dict[str, Any] = {name: int(row[name]) for name in figures.NAMES}
    return Figures(**{**values, **{name: Decimal(values[name]).scaleb(-6) for name in figures.MONEYS}})


def total(frame: pl.LazyFrame) -> Figures:
    """The figures of all calls of a frame."""
    return figures_of(frame.select(sums()).collect(engine="streaming").row(0, named=True))


def holds(query: CallQuery) -> list[pl.Expr]:
    """What a query asks of calls."""
    found: list[pl.Expr] = []
    if query.customer_id is not None:
        found.append(C.customer_id == query.customer_id)
    if query.first is not None:
        found.append(C.start >= instant(query.first))
    if query.until is not None:
        found.append(C.start < instant(query.until))
    return [*found, *map(_holds, query.conditions)]


COMPARE: Mapping[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "has": lambda column, value: column.str.contains(value, literal=True),
    "begins": lambda column, value: column.str.starts_with(value),
    "=": lambda column, value: column.eq(pl.lit(value)),
    # Nothing is not the same as something.
    "!=": lambda column, value: column.ne_missing(pl.lit(value)),
    ">": lambda column, value: column.gt(pl.lit(value)),
    ">=": lambda column, value: column.ge(pl.lit(value)),
    "<": lambda column, value: column.lt(pl.lit(value)),
    "<=": lambda column, value: column.le(pl.lit(value)),
}


def _holds(one: Condition) -> pl.Expr:
    return COMPARE[one.operator](asked(one.field), _value(one))


FINER = {"charge": 1_000_000, "cost": 1_000_000, "talk": 1000}
"""How many of what a column holds are one of what is asked for."""


def _value(one: Condition) -> Any:
    if one.field not in FINER:
        return one.value
    exact = Decimal(one.value) * FINER[one.field]
    return int(exact) if exact == int(exact) else float(exact)


def asked(name: str) -> pl.Expr:
    """What is asked for by a name; talk is in the milliseconds of its column."""
    if name == "talk":
        return C.talk_ms
    if name == "connected":
        return C.answered.is_not_null()
    return C(name)


def ordering(sort: Sequence[Sort]) -> tuple[list[pl.Expr], list[bool], list[bool]]:
    """An order that leaves no two calls equal; what is empty comes first, as in the database."""
    by = [*sort, *(Sort(name) for name in KEY)]
    down = [one.descending for one in by]
    return [asked(one.column) for one in by], down, down
