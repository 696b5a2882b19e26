"""A file as a sheet of texts: every cell as it is written, every row with its line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from cx_tui.services.upload.encoding import Likely

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
    has_header: bool = True


@dataclass(frozen=True)
class Sheet:
    """The rows of a file beneath its header.

    They come in parts.  Each has a column of texts for each of the header, by their numbers "0", "1" …, the
    `line` that each row begins in, and its `flaw`: why it can't be read as a row, or null.  The `raw` text
    is kept of rows with a flaw.  What is odd about the cells of a spreadsheet stands in columns of its own,
    which are there when anything is: `broken`, `dated`, `doubtful`.
    """

    header: list[str]
    note: str
    """What was found out about the file: its encoding, its delimiter."""
    lines: int
    """How many lines the file has."""
    form: Form
    parts: Callable[[], Iterator[pl.DataFrame]]
    likely: Sequence[Likely] = ()
    """When its encoding is a guess: what it may be written in."""


def broken(place: int) -> str:
    """The column that says why cells of a spreadsheet have no value; null for those that have one."""
    return f"broken {place}"


def dated(place: int) -> str:
    """The column of what cells say that are dates or times in a spreadsheet; null for others."""
    return f"dated {place}"


def doubtful(place: int) -> str:
    """The column that says why cells of a spreadsheet may not be as they look; null for others."""
    return f"doubtful {place}"


def texts_of(rows: pl.DataFrame, place: int) -> pl.Series:
    """The texts of a column; a missing cell is empty."""
    return rows[str(place)].fill_null("")
