"""The first rows of a file as they are in it, with what was found out about it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cx_tui.services.upload.encoding import delimiter_of, encoding_of
from cx_tui.services.upload.order import HowToRead
from cx_tui.services.upload.reading import SPREADSHEETS, check, head_of, load_spreadsheet, note_of, sheets_of


@dataclass(frozen=True)
class Preview:
    """The beginning of a file."""

    note: str
    rows: Sequence[Sequence[str]]
    encoding: str = ""
    known: bool = True
    """Whether the encoding is sure."""
    delimiter: str = ""
    sheets: Sequence[str] = ()


def preview(path: Path, how: HowToRead, rows: int) -> Preview:
    """The first rows of a file."""
    check(path)
    if path.suffix.lower() in SPREADSHEETS:
        name, frame = load_spreadsheet(path, how.sheet, rows)
        cells = [[cell or "" for cell in row] for row in frame.rows()]
        return Preview(f"sheet {name}", cells, sheets=sheets_of(path))
    encoding = encoding_of(path, how.encoding)
    lines = head_of(path, encoding, rows)
    sign = how.delimiter or delimiter_of("\n".join(lines[how.start_row - 1 :]))
    cells = [_shown(line, sign) for line in lines]
    return Preview(note_of(encoding, sign), cells, encoding.name, encoding.known, sign)


def _shown(line: str, sign: str) -> list[str]:
    """The cells of a line as far as they can be told apart; a check says what is wrong with it."""
    try:
        return next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return line.split(sign)
