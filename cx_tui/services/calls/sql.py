"""SQL over calls, hot and sealed: polars answers it, over the same views as the database has, and `v_call`.

Only what the question needs is read: of sealed days the columns and the rows of their files that are asked
for.  Other views that it names are read from the database first, and joined here.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from cx_tui.calls.frames import C
from cx_tui.db.calls.columns import MOMENTS
from cx_tui.db.engine import Database
from cx_tui.db.views import views_in
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import Refused
from cx_tui.services import read_only_sql
from cx_tui.services.calls.calls import Calls

LONGEST = 3_600.0
"""Seconds for the views that are read before; the clock of the process ends it earlier."""
AT_ONCE = 10_000
READS = re.compile(r"\b((?:read|scan)_\w+)\s*\(", re.IGNORECASE)
"""Functions of polars that read any file."""
HIDDEN = ("key", "tries")


async def ask_of_calls(
    database: Database,
    calls: Calls,
    text: str,
    started: Callable[[Sequence[str]], None],
    row: Callable[[Sequence[Any]], None],
) -> None:
    """Answer a question about calls; Refused says what is wrong with it."""
    words = re.sub(r"/\*.*?\*/|--[^\n]*", " ", text, flags=re.DOTALL).strip()
    if not re.match(r"(select|with)\b", words, re.IGNORECASE):
        raise Refused("that is no question; only SELECT is answered")
    if found := READS.search(words.replace('"', "").replace("`", "")):
        raise Refused(f"{found[1]}() can't be used here: it reads files")
    frames = {"v_call": _shown(await calls.list(CallQuery()).lazy())}
    for view in views_in(text):
        frames[view] = await _view(database, view)
    await asyncio.to_thread(_answer, frames, text, started, row)


def _answer(
    frames: dict[str, pl.LazyFrame],
    text: str,
    started: Callable[[Sequence[str]], None],
    row: Callable[[Sequence[Any]], None],
) -> None:
    try:
        found = (
            pl.SQLContext(frames).execute(text.strip().rstrip(";"), eager=False).collect(engine="streaming")
        )
    except pl.exceptions.PolarsError as error:
        raise Refused(str(error).splitlines()[0]) from error
    started(read_only_sql.distinct(found.columns))
    for part in found.iter_slices(AT_ONCE):
        for one in part.iter_rows():
            row(list(map(read_only_sql.plain, one)))


def _shown(calls: pl.LazyFrame) -> pl.LazyFrame:
    """Calls as people read them: moments in UTC, amounts as numbers."""
    schema = calls.collect_schema()
    moments = [C(name).cast(pl.Datetime("us")).alias(name) for name in MOMENTS if name in schema]
    amounts = [(C(name) / 1_000_000).alias(name) for name in ("charge", "cost") if name in schema]
    return calls.with_columns(*moments, *amounts).drop(HIDDEN, strict=False)


async def _view(database: Database, view: str) -> pl.LazyFrame:
    names: list[str] = []
    rows: list[Sequence[Any]] = []
    await read_only_sql.ask(database, f"SELECT * FROM {view}", LONGEST, names.extend, rows.append)  # noqa: S608  # ours
    if not rows:
        return pl.LazyFrame(schema=dict.fromkeys(names, pl.String))
    return pl.LazyFrame(rows, schema=names, orient="row", infer_schema_length=None)
