"""The first rows of a file as they are in it, with what was found out about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cx_tui.services.upload.encoding import Encoding, Likely, encoding_of
from cx_tui.services.upload.opening import check
from cx_tui.services.upload.order import HowToRead
from cx_tui.services.upload.reading import beginning_of, head_of, note_of, read
from cx_tui.services.upload.rows import ROW, cells_of, rows_of
from cx_tui.services.upload.sheet import LINE
from cx_tui.services.upload.table_files import TABLE_FILES
from cx_tui.services.upload.xlsx import header_row, top_of
from cx_tui.services.upload.xlsx_book import SPREADSHEETS


@dataclass(frozen=True)
class Preview:
    """The beginning of a file."""

    note: str
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    """The line of the file that each row begins in, or its number in a spreadsheet."""
    header_row: int
    """The line of the header as it is understood; 0 when the file names its columns without one."""
    encoding: str = ""
    likely: Sequence[Likely] = ()
    """When the encoding is a guess: what it may be."""
    delimiter: str = ""
    sheet: str = ""
    sheets: Sequence[str] = ()

    @property
    def known(self) -> bool:
        """Whether the encoding is sure."""
        return not self.likely

    @property
    def header(self) -> Sequence[str]:
        """The titles of the columns."""
        at = self.numbers.index(self.header_row) if self.header_row in self.numbers else None
        return [] if at is None else self.rows[at]


def preview(path: Path, how: HowToRead, rows: int) -> Preview:
    """The first rows of a file."""
    check(path)
    suffix = path.suffix.lower()
    if suffix in SPREADSHEETS:
        top = top_of(path, how, rows)
        numbers, cells = [number for number, _ in top.rows], [cells for _, cells in top.rows]
        note = f"sheet {top.sheet}"
        return Preview(note, cells, numbers, header_row(top, how), sheet=top.sheet, sheets=top.sheets)
    if suffix in TABLE_FILES:
        return _of_table(path, how, rows)
    encoding = encoding_of(path, how.encoding)
    lines = head_of(path, encoding, rows)
    row, sign = beginning_of(lines, how)
    found = _numbered(lines, row, sign)
    return _of_text(encoding, row, sign, found)


def _of_text(encoding: Encoding, row: int, sign: str, found: Sequence[tuple[int, Sequence[str]]]) -> Preview:
    numbers, cells = [number for number, _ in found], [cells for _, cells in found]
    note = note_of(encoding, sign)
    return Preview(note, cells, numbers, row, encoding.name, encoding.likely, sign)


def _of_table(path: Path, how: HowToRead, rows: int) -> Preview:
    sheet = read(path, how)
    columns = [str(place) for place in range(len(sheet.header))]
    part = next(sheet.parts(), None)
    first = [] if part is None else [list(row) for row in part.select(columns).head(rows).iter_rows()]
    return Preview(sheet.note, [sheet.header, *first], list(range(len(first) + 1)), 0)


def _numbered(lines: Sequence[str], row: int, sign: str) -> list[tuple[int, Sequence[str]]]:
    """The rows of lines with the lines that they begin in; those above the header are a line each."""
    above = [(number, _shown(line, sign)) for number, line in enumerate(lines[: row - 1], 1)]
    beneath = pl.DataFrame({LINE: range(row, len(lines) + 1), ROW: lines[row - 1 :]}, schema=SCHEMA)
    width = len(_shown(lines[row - 1], sign)) if len(lines) >= row else 0
    found = rows_of(beneath, sign, width, last=True).rows
    rows = [(number, _shown(text, sign)) for number, text in found.select(LINE, ROW).iter_rows()]
    return [*above, *rows]


SCHEMA = {LINE: pl.Int64, ROW: pl.String}


def _shown(text: str, sign: str) -> Sequence[str]:
    """The cells of a row as far as they can be told apart; a check says what is wrong with it."""
    cells, flaw = cells_of(text, sign)
    return text.split(sign) if flaw else cells
