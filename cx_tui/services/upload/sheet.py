"""A file as a sheet of texts: every cell as it is written, every row with its line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

LINE, FLAW, RAW = "line", "flaw", "raw"
SLICE = 50_000
"""So many rows are worked on at once."""
OURS = ["line", "reason"]
"""The columns at the end of a file of rejected rows."""


@dataclass(frozen=True)
class Form:
    """How a file is written, to write another one like it."""

    delimiter: str = ""
    """Empty for a spreadsheet."""
    encoding: str = "utf-8"
    above: Sequence[Sequence[str]] = ()
    """The rows above the header."""


@dataclass(frozen=True)
class Sheet:
    """The rows of a file beneath its header.

    They come in parts.  Each has a column of texts for each of the header, by their numbers "0", "1" …, the
    `line` that each row begins in, and its `flaw`: why it can't be read as a row, or null.  The `raw` text
    is kept of rows with a flaw.
    """

    header: list[str]
    note: str
    """What was found out about the file: its encoding, its delimiter."""
    lines: int
    """How many lines the file has."""
    form: Form
    parts: Callable[[], Iterator[pl.DataFrame]]


def texts_of(rows: pl.DataFrame, place: int) -> pl.Series:
    """The texts of a column; a missing cell is empty."""
    return rows[str(place)].fill_null("")
