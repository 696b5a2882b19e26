"""Reading a file into a sheet: CSV of any delimiter and encoding, or XLSX.

Everything stays text.  What polars would mend in silence (short rows, rows that are too long, a quote
that is never closed) is found beforehand and said of its line.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any
from unicodedata import category

import polars as pl

from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.upload.encoding import Encoding, delimiter_of, encoding_of
from cx_tui.services.upload.order import HowToRead
from cx_tui.services.upload.rows import LONGEST_ROW, ROW, cells_of, lines_of, rows_of, split
from cx_tui.services.upload.sheet import FLAW, LINE, RAW, SLICE, Form, Sheet

LARGEST = 2**31
LONGEST_LINE = 2**24
SPREADSHEETS = {".xlsx", ".xlsm"}
SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ":": "colon"}


def read(path: Path, how: HowToRead) -> Sheet:
    """The sheet of a file."""
    check(path)
    return _spreadsheet(path, how) if path.suffix.lower() in SPREADSHEETS else _text(path, how)


def check(path: Path) -> None:
    """Refuse what can't be read."""
    if not path.is_file():
        raise Misconfigured(f"there is no file {path}")
    if path.stat().st_size > LARGEST:
        raise CxError(f"{path.name} is larger than 2 GiB; split it")
    try:
        path.open("rb").close()
    except OSError as error:
        raise CxError(f"{path.name} can't be read: {error.strerror}") from None


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


def _text(path: Path, how: HowToRead) -> Sheet:
    encoding = encoding_of(path, how.encoding)
    lines = sum(block.count(b"\n") for block in encoding.blocks(path))
    head = head_of(path, encoding, how.start_row + LONGEST_ROW)
    if not "".join(head).strip():
        raise CxError(f"there is nothing in {path.name}")
    if len(head) < how.start_row:
        raise CxError(f"the file has {len(head):,} rows, so row {how.start_row:,} can't be the header")
    sign = how.delimiter or delimiter_of("\n".join(head[how.start_row - 1 :]))
    header, size = _header(head[how.start_row - 1 :], sign, how.start_row)
    if any(category(letter) == "Cc" for letter in "".join(header)):
        raise CxError(
            f"row {how.start_row:,} has characters that no text has; is {path.name} a CSV or XLSX file,"
            f" written in {encoding.label}?"
        )
    above = [cells_of(line, sign)[0] or [line] for line in head[: how.start_row - 1]]
    first = how.start_row + size

    def parts() -> Iterator[pl.DataFrame]:
        for rows in _rows(encoding.blocks(path), sign, len(header), first):
            full = rows.filter(pl.col(ROW).str.strip_chars(f" \t{sign}") != "")
            yield from (split(part, sign, len(header)) for part in full.iter_slices(SLICE))

    return Sheet(header, note_of(encoding, sign), lines, Form(sign, encoding.name, above), parts)


def _header(lines: list[str], sign: str, start_row: int) -> tuple[list[str], int]:
    """The header, and how many lines it has."""
    size = 1
    while "\n".join(lines[:size]).count('"') % 2 and size < len(lines):
        size += 1
    cells, flaw = cells_of("\n".join(lines[:size]), sign)
    if flaw:
        raise CxError(f"row {start_row:,} can't be read as the header: {flaw}")
    return [" ".join(cell.split()) for cell in cells], size


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


def _spreadsheet(path: Path, how: HowToRead) -> Sheet:
    name, frame = load_spreadsheet(path, how.sheet)
    if len(frame) < how.start_row:
        raise CxError(f"the sheet has {len(frame):,} rows, so row {how.start_row:,} can't be the header")
    header = [" ".join(str(cell or "").split()) for cell in frame.row(how.start_row - 1)]
    # A column without a title counts when something stands in it.
    while header and not header[-1] and _is_empty(frame[frame.columns[len(header) - 1]][how.start_row :]):
        header.pop()
    if not any(header):
        raise CxError(f"row {how.start_row:,} of the sheet is empty, so it can't be the header")
    above = [[cell or "" for cell in frame.row(row)] for row in range(how.start_row - 1)]

    def parts() -> Iterator[pl.DataFrame]:
        for start in range(how.start_row, len(frame), SLICE):
            yield _cells(frame[start : start + SLICE], start + 1, len(header))

    return Sheet(header, f"sheet {name}", len(frame), Form(above=above), parts)


def _is_empty(cells: pl.Series) -> bool:
    return not (cells.fill_null("") != "").any()


def sheets_of(path: Path) -> list[str]:
    """The names of the sheets of a spreadsheet."""
    with _spreadsheet_errors(path):
        return list(_book(path).sheet_names)


def load_spreadsheet(path: Path, sheet: str, rows: int | None = None) -> tuple[str, pl.DataFrame]:
    """The cells of a sheet, of the first one if none is named, as texts; and its name."""
    with _spreadsheet_errors(path):
        book = _book(path)
        name = sheet or book.sheet_names[0]
        if name not in book.sheet_names:
            raise Misconfigured(f'there is no sheet "{name}"; there are {", ".join(book.sheet_names)}')
        return name, book.load_sheet(name, header_row=None, dtypes="string", n_rows=rows).to_polars()


def _book(path: Path) -> Any:
    from fastexcel import read_excel  # only where there is a spreadsheet

    return read_excel(path)


@contextmanager
def _spreadsheet_errors(path: Path) -> Iterator[None]:
    from fastexcel import FastExcelError

    try:
        yield
    except FastExcelError as error:
        raise CxError(f"{path.name} can't be read as a spreadsheet: {str(error).splitlines()[0]}") from None


def _cells(rows: pl.DataFrame, first: int, width: int) -> pl.DataFrame:
    """Rows of a spreadsheet, without those that are empty."""
    nothing = pl.lit(None, dtype=pl.String)
    columns = [pl.col(name).fill_null("") for name in rows.columns[:width]]
    named = rows.select(
        (pl.int_range(pl.len()) + first).alias(LINE), nothing.alias(FLAW), nothing.alias(RAW),
        *(column.alias(str(place)) for place, column in enumerate(columns)),
    )  # fmt: skip
    return named.filter(pl.any_horizontal(pl.col(str(place)) != "" for place in range(width)))
