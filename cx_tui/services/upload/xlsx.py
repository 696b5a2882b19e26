"""A spreadsheet of Excel's form as a sheet of texts, read part by part: what is wrong with a cell is kept."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import polars as pl

from cx_tui.errors import CxError
from cx_tui.services.upload.order import HowToRead
from cx_tui.services.upload.sheet import FLAW, LINE, RAW, Form, Sheet, broken, dated, doubtful
from cx_tui.services.upload.xlsx_book import opened_book
from cx_tui.services.upload.xlsx_cells import BROKEN, DATED, DOUBTFUL, PLACE, ROW, TEXT, Cells

UNTITLED = 50
"""So many columns without a title may follow those that have one; what is further away is a stray cell."""
ENOUGH = 8_192
"""So many rows are worth the work on a part: three times as many would take 100 MB more."""
ODD = {BROKEN: broken, DATED: dated, DOUBTFUL: doubtful}


class Top(NamedTuple):
    """The first rows of a sheet, by their numbers."""

    sheet: str
    sheets: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def top_of(path: Path, how: HowToRead, count: int) -> Top:
    """The first rows of a sheet that say anything."""
    with opened_book(path) as book:
        sheet = book.sheet(how.sheet)
        rows: dict[int, dict[int, str]] = {}
        for part in Cells(book, sheet).parts():
            some = part.filter(pl.col(PLACE) < _width_of(part))
            for number, place, text in some.select(ROW, PLACE, TEXT).iter_rows():
                rows.setdefault(number, {})[place] = text
            if len(rows) > count:
                break
        said = {number: cells for number, cells in rows.items() if any(cells.values())}
        first = [
            (number, [cells.get(place, "") for place in range(max(cells) + 1)])
            for number, cells in list(said.items())[:count]
        ]
        return Top(sheet.name, book.names, first)


def header_row(top: Top, how: HowToRead) -> int:
    """The row of the header: as it was said, else the first that says anything."""
    first = top.rows[0][0] if top.rows else 1
    return max(first, 1) if how.start_row == 1 else how.start_row


def read_spreadsheet(path: Path, how: HowToRead) -> Sheet:
    """The sheet of a spreadsheet."""
    top = top_of(path, how, how.start_row + 1)
    row = header_row(top, how)
    found = dict(top.rows)
    if row not in found:
        last = top.rows[-1][0] if top.rows else 0
        if row > last:
            raise CxError(f"the sheet has {last:,} rows, so row {row:,} can't be the header")
        raise CxError(f"row {row:,} of the sheet is empty, so it can't be the header")
    header = [" ".join(cell.split()) for cell in found[row]]
    with opened_book(path) as book:
        cells = Cells(book, book.sheet(how.sheet))
        used = next(cells.parts(), pl.DataFrame({PLACE: [0], ROW: [0], TEXT: [""]}))
        below = used.filter((pl.col(ROW) > row) & (pl.col(TEXT) != ""))[PLACE]
        width = max([len(_titled(header)), *(place + 1 for place in below if place < len(header) + UNTITLED)])
        lines = cells.last_row()
    header = (header + [""] * width)[:width]
    above = [list(cells) for number, cells in top.rows if number < row]
    first = row + 1 if how.has_header else row

    def parts() -> Iterator[pl.DataFrame]:
        with opened_book(path) as book:
            pages = (_page(part, first, width) for part in Cells(book, book.sheet(how.sheet)).parts())
            yield from _together(page for page in pages if len(page))

    titles = header if how.has_header else [""] * width
    others = [name for name in top.sheets if name != top.sheet]
    note = f"sheet {top.sheet}" + (f" (there {_are(others)} also {', '.join(others)})" if others else "")
    return Sheet(titles, note, lines, Form(above=above, has_header=how.has_header), parts)


def _are(others: Sequence[str]) -> str:
    return "is" if len(others) == 1 else "are"


def _titled(header: list[str]) -> list[str]:
    """The header up to its last title."""
    last = max((place for place, title in enumerate(header, 1) if title), default=0)
    return header[:last]


def _width_of(cells: pl.DataFrame) -> int:
    """How many columns there are without those that stand far from all others."""
    places = sorted(set(cells[PLACE]))
    gap = next((left for left, right in pairwise([-1, *places]) if right - left > UNTITLED), None)
    return (places[-1] if places else 0) + 1 if gap is None else gap + 1


def _page(cells: pl.DataFrame, first: int, width: int) -> pl.DataFrame:
    """Cells as rows of so many columns, without rows in which nothing stands."""
    inside = cells.filter((pl.col(ROW) >= first) & (pl.col(PLACE) < width))
    said = (pl.col(TEXT) != "") | pl.col(BROKEN).is_not_null()
    rows = inside.filter(said)[ROW].unique(maintain_order=True)
    place = pl.DataFrame({ROW: rows, "at": pl.int_range(len(rows), eager=True)})
    inside = inside.join(place, on=ROW, how="inner")
    nothing = pl.repeat(None, len(rows), dtype=pl.String, eager=True)
    columns: dict[str, pl.Series] = {LINE: rows, FLAW: nothing, RAW: nothing}
    empty = pl.repeat("", len(rows), dtype=pl.String, eager=True)
    of = {key[0]: part for key, part in inside.partition_by(PLACE, as_dict=True).items()}
    columns |= {
        str(place): empty.clone().scatter(of[place]["at"], of[place][TEXT]) if place in of else empty
        for place in range(width)
    }
    for place, part in of.items():
        for what, name in ODD.items():
            if part[what].null_count() < len(part):
                columns[name(place)] = nothing.clone().scatter(part["at"], part[what])
    return pl.DataFrame(columns)


def _together(pages: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Pages joined to parts that are worth the work on them."""
    held: list[pl.DataFrame] = []
    for page in pages:
        held.append(page)
        if sum(map(len, held)) >= ENOUGH:
            yield pl.concat(held, how="diagonal")
            held = []
    if held:
        yield pl.concat(held, how="diagonal")
