"""A CSV file in blocks of whole records: each a frame of texts, the lines they are from, and rows that
are none.  A row with too few or too many fields, which polars would mend in silence, is said of its line.
"""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import polars as pl

SIZE = 4 * 2**20
LONGEST = 2**18
"""Bytes: a record that is longer has lost its closing quote."""
LONG_FIELD = 1000
"""Characters of a field with several lines: one that has more has lost its closing quote."""
NEVER_CLOSED = "a quote is opened and never closed"
END = "\x01"
LINE = "\x00line"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that became no call: its line, and why."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Block:
    """Some records: their texts with the lines they begin on, what is wrong, and where they end."""

    frame: pl.DataFrame
    bad: tuple[BadRow, ...]
    begin: int
    end: int
    """The byte behind it."""
    first: int
    """The line that it begins on."""
    line: int
    """The line behind it."""


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes; one that is packed by gzip is unpacked."""
    with path.open("rb") as file:
        if file.read(2) == b"\x1f\x8b":
            file.seek(0)
            with gzip.open(file) as unpacked:
                yield cast("IO[bytes]", unpacked)
        else:
            file.seek(0)
            yield file


def blocks(
    file: IO[bytes],
    columns: Sequence[str],
    separator: str = ",",
    *,
    offset: int = 0,
    line: int = 1,
    whole: bool = True,
    size: int = SIZE,
) -> Iterator[Block]:
    """The records from `offset`, which is on line `line`.  Unless the file is `whole`, what stands behind
    its last end of line is still being written, and is left."""
    file.seek(offset)
    rest = b""
    while True:
        read = file.read(size)
        data = rest + read
        if not data or (not read and not whole):
            return
        cut = _end_of_records(data) if read else len(data)
        data, rest = data[:cut], data[cut:]
        if data:
            offset += len(data)
            block = _block(data, columns, separator, offset, line)
            line = block.line
            yield block


def _end_of_records(data: bytes) -> int:
    """Behind the last end of line that stands outside quotes."""
    end = data.rfind(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    first = end
    while end and quotes % 2:
        before = data.rfind(b"\n", 0, end - 1) + 1
        quotes -= data.count(b'"', before, end)
        end = before
        if first - end > LONGEST:
            # A quote is never closed: cut where the line ends, and let that row be a bad one.
            return first
    return end


def _block(data: bytes, columns: Sequence[str], separator: str, end: int, line: int) -> Block:
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    text = data.replace(b"\r\n", b"\n") if b"\r" in data else data
    behind = line + lines
    frame = None if b"\0" in text or text.count(b'"') % 2 else _fast(text, columns, separator)
    if frame is None or frame.height != lines or (frame[END] != END).any():
        frame, bad = _slow(text, columns, separator, line)
        return Block(frame, bad, end - len(data), end, line, behind)
    numbered = frame.drop(END).with_columns(pl.int_range(line, behind, dtype=pl.Int64).alias(LINE))
    return Block(numbered, (), end - len(data), end, line, behind)


def _fast(text: bytes, columns: Sequence[str], separator: str) -> pl.DataFrame | None:
    """The block as a frame, when all its rows are as long as the columns.  A mark behind each line tells
    rows that are too short, which polars would fill up."""
    mark = f"{separator}{END}\n".encode()
    marked = text.replace(b"\n", mark)
    if not text.endswith(b"\n"):
        marked += mark
    try:
        return pl.read_csv(
            io.BytesIO(marked),
            has_header=False,
            schema=dict.fromkeys([*columns, END], pl.String),
            separator=separator,
            encoding="utf8-lossy",
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError:
        return None


def _slow(
    text: bytes, columns: Sequence[str], separator: str, line: int
) -> tuple[pl.DataFrame, tuple[BadRow, ...]]:
    """The same, row by row, with a sentence for each that can't be read.  What a quote that is never closed
    has taken in is read again, from the line behind it."""
    lines = text.decode("utf-8", "replace").replace("\0", "").split("\n")
    rows: list[list[str | int]] = []
    bad: list[BadRow] = []
    at = 0
    while at < len(lines):
        reader = csv.reader((f"{one}\n" for one in islice(lines, at, None)), delimiter=separator)
        begin = at
        for row in _rows(reader):
            if isinstance(row, str) or _runs_away(row):
                bad.append(BadRow(line + begin, row if isinstance(row, str) else NEVER_CLOSED))
                begin += 1
                break
            if len(row) == len(columns):
                rows.append([*row, line + begin])
            elif any(row):
                wrong = f"has {len(row)} fields where this format has {len(columns)}"
                bad.append(BadRow(line + begin, wrong))
            begin = at + reader.line_num
        at = begin
    schema: dict[str, pl.DataType | type[pl.DataType]] = dict.fromkeys(columns, pl.String)
    frame = pl.DataFrame(rows, schema={**schema, LINE: pl.Int64}, orient="row")
    return frame, tuple(bad)


def _rows(reader: Any) -> Iterator[list[str] | str]:
    """The rows, and at last what is wrong with one that can't be read."""
    try:
        yield from reader
    except csv.Error as error:
        # How large a field may be is one setting for the whole process.
        yield NEVER_CLOSED if "limit" in str(error) else f"can't be read as CSV: {error}"


def _runs_away(row: Sequence[str]) -> bool:
    """Whether a field has taken in the lines behind it."""
    return any("\n" in one for one in row) and max(map(len, row)) > LONG_FIELD
