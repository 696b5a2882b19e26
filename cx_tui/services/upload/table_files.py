"""Exports in Parquet and JSON, read again: their columns are known by the names of fields."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from cx_tui.errors import CxError
from cx_tui.services.upload.order import HowToRead
from cx_tui.services.upload.sheet import FLAW, LINE, RAW, SLICE, Form, Sheet

TABLE_FILES = (".parquet", ".json")
LARGEST_JSON = 2**29


def read_table(path: Path, how: HowToRead) -> Sheet:
    """The sheet of a file in Parquet or JSON; its rows are counted from 1, and there is no header row."""
    if how.start_row != 1 or not how.has_header:
        raise CxError(f"{path.name} names its columns itself, so no row of it is a header")
    try:
        rows = pl.scan_parquet(path) if path.suffix.lower() == ".parquet" else _json(path)
        names = rows.collect_schema().names()
        count = rows.select(pl.len()).collect().item()
    except (OSError, pl.exceptions.PolarsError) as error:
        kind = path.suffix[1:].upper()
        raise CxError(f"{path.name} can't be read as {kind}: {str(error).splitlines()[0]}") from None
    texts = [
        _text_of(name, kind).fill_null("").alias(str(place))
        for place, (name, kind) in enumerate(rows.collect_schema().items())
    ]
    nothing = pl.lit(None, dtype=pl.String)

    def parts() -> Iterator[pl.DataFrame]:
        for start in range(0, count, SLICE):
            found = rows.slice(start, SLICE).select(texts).collect()
            yield found.select(
                (pl.int_range(pl.len(), dtype=pl.Int64) + start + 1).alias(LINE),
                nothing.alias(FLAW),
                nothing.alias(RAW),
                *found.columns,
            )

    note = "Parquet" if path.suffix.lower() == ".parquet" else "JSON"
    return Sheet(list(names), note, count, Form(), parts)


def _text_of(name: str, kind: pl.DataType) -> pl.Expr:
    """A column as texts; other programs write numbers and truths as such."""
    if isinstance(kind, pl.List | pl.Struct | pl.Array | pl.Binary | pl.Object):
        raise CxError(f'the column "{name}" holds lists or records, not values')
    return pl.col(name).cast(pl.String)


def _json(path: Path) -> pl.LazyFrame:
    """The rows of a list of objects whose values are texts, numbers, truths or nothing."""
    if path.stat().st_size > LARGEST_JSON:
        raise CxError(f"{path.name} is larger than 512 MiB; use Parquet or CSV for that many rows")
    try:
        rows = json.loads(path.read_bytes(), parse_float=str, parse_int=str)
    except (RecursionError, UnicodeDecodeError, ValueError) as error:
        raise CxError(f"{path.name} can't be read as JSON: {error}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CxError(f"{path.name} is not a list of objects, as an export writes it")
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [_written(name, row.get(name)) for row in rows] for name in names}
    return pl.LazyFrame(columns, schema=dict.fromkeys(names, pl.String))


def _written(name: str, value: Any) -> str | None:
    if isinstance(value, dict | list):
        raise CxError(f'"{name}" holds a list or an object, not a value')
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)
