"""Reading a file into a sheet: CSV of any delimiter and encoding, a spreadsheet, or an export.

Everything stays text.  What polars would mend in silence (short rows, rows that are too long, a quote
that is never closed) is found beforehand and said of its line.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

import polars as pl

from cx_tui.errors import CxError
from cx_tui.services.upload.encoding import Encoding, delimiter_of, encoding_of
from cx_tui.services.upload.opening import check
from cx_tui.services.upload.order import HowToRead
from cx_tui.services.upload.rows import ROW, cells_of, lines_of, rows_of, split
from cx_tui.services.upload.sheet import LINE, SLICE, Form, Sheet
from cx_tui.services.upload.table_files import TABLE_FILES, read_table
from cx_tui.services.upload.xlsx import read_spreadsheet
from cx_tui.services.upload.xlsx_book import SPREADSHEETS

LONGEST_LINE = 2**24
LONGEST_HEADER = 100
"""So many lines a header can have."""
SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ":": "colon"}
SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""How a first line tells a spreadsheet what stands between the cells."""


def read(path: Path, how: HowToRead) -> Sheet:
    """The sheet of a file."""
    check(path)
    suffix = path.suffix.lower()
    if suffix in SPREADSHEETS:
        return read_spreadsheet(path, how)
    return read_table(path, how) if suffix in TABLE_FILES else _text(path, how)


def head_of(path: Path, encoding: Encoding, lines: int) -> list[str]:
    """The first lines of a file of text."""
    text = b""
    for block in encoding.blocks(path):
        text += block
        if text.count(b"\n") >= lines:
            break
    return [line.decode() for line in text.removesuffix(b"\n").split(b"\n", lines)[:lines]]


def note_of(encoding: Encoding, sign: str) -> str:
    """What was found out about a file of text, in words."""
    said = f"{encoding.label}, {SIGNS.get(sign, sign)}"
    return said if encoding.known else f"{said} (a guess: look at the texts)"


class Beginning(NamedTuple):
    """Where the header of a text stands, and what is between its cells."""

    row: int
    sign: str


def beginning_of(head: Sequence[str], how: HowToRead) -> Beginning:
    """The row of the header: as it was said, else the first that says anything."""
    sep = SEP.fullmatch(head[0]) if head else None
    first = sep is not None and how.start_row == 1
    row = how.start_row + (1 if first else 0)
    while how.start_row == 1 and row < len(head) and not head[row - 1].strip():
        row += 1
    sign = how.delimiter or (sep[1] if sep else delimiter_of("\n".join(head[row - 1 :])))
    return Beginning(row, sign)


def _text(path: Path, how: HowToRead) -> Sheet:
    encoding = encoding_of(path, how.encoding)
    lines = sum(block.count(b"\n") for block in encoding.blocks(path))
    head = head_of(path, encoding, how.start_row + LONGEST_HEADER)
    if not "".join(head).strip():
        raise CxError(f"there is nothing in {path.name}")
    if len(head) < how.start_row:
        raise CxError(f"the file has {len(head):,} rows, so row {how.start_row:,} can't be the header")
    row, sign = beginning_of(head, how)
    cells, size = _header(head[row - 1 :], sign, row)
    titles = [" ".join(cell.split()) for cell in cells]
    if any(category(letter) == "Cc" for letter in "".join(titles)):
        raise CxError(
            f"row {row:,} has characters that no text has; is {path.name} a CSV or XLSX file,"
            f" written in {encoding.label}?"
        )
    header = titles if how.has_header else [""] * len(titles)
    above = [cells_of(line, sign)[0] or [line] for line in head[: row - 1]]
    first = row + size if how.has_header else row
    least = len(header) - len(_untitled(header)) if how.has_header else len(header)

    def parts() -> Iterator[pl.DataFrame]:
        for rows in _rows(encoding.blocks(path), sign, len(header), first):
            full = rows.filter(pl.col(ROW).str.strip_chars(f" \t{sign}") != "")
            yield from (split(part, sign, len(header), least) for part in full.iter_slices(SLICE))

    form = Form(sign, encoding.name, above, how.has_header)
    return Sheet(header, note_of(encoding, sign), lines, form, parts, encoding.likely)


def _untitled(header: Sequence[str]) -> list[str]:
    """The columns at the end of a header that have no title."""
    titled = max((place for place, title in enumerate(header, 1) if title), default=len(header))
    return list(header[titled:])


def _header(lines: list[str], sign: str, start_row: int) -> tuple[list[str], int]:
    """The cells of the header, and how many lines it has."""
    size = 1
    while "\n".join(lines[:size]).count('"') % 2 and size < len(lines):
        size += 1
    cells, flaw = cells_of("\n".join(lines[:size]), sign)
    if flaw:
        raise CxError(f"row {start_row:,} can't be read as the header: {flaw}")
    return cells, size


def _rows(blocks: Iterator[bytes], sign: str, width: int, first: int) -> Iterator[pl.DataFrame]:
    """The rows of a text from a line on, block by block."""
    rest, number = b"", 1
    for block in chain(blocks, [b""]):
        text, end, tail = (rest + block).rpartition(b"\n") if block else (rest, b"\n", b"")
        if len(tail) > LONGEST_LINE:
            raise CxError("a line is longer than 16 MB; is it a file of text?")
        if not end:
            rest = tail
            continue
        lines = lines_of(text + end if text else b"", number)
        number += len(lines)
        found = rows_of(lines.filter(pl.col(LINE) >= first), sign, width, last=not block)
        waiting = b""
        if found.waiting is not None:
            held = lines.filter(pl.col(LINE) >= first)[found.waiting :]
            number, first = held[LINE][0], held[LINE][0]
            waiting = "".join(f"{line}\n" for line in held[ROW]).encode()
        rest = waiting + tail
        yield found.rows
