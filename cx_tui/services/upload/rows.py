"""The lines of a text as rows of cells, by the rules of CSV, all at once.

polars reads the cells of rows that are as they should be; what is odd, which it would mend in silence, is
read one by one, so that its flaw can be named.
"""

import csv
import re
from codecs import BOM_UTF8
from typing import NamedTuple

import polars as pl

from cx_tui.services.upload.sheet import FLAW, LINE, RAW

ROW = "row"
SEPARATOR = b"\x01"
"""Texts hardly ever have it, so that polars sees lines of one cell."""
QUOTED = r'(^|{sign})"(?:[^"]|"")*"'
"""A cell in quotes, which begin it; what follows them is looked at afterwards."""
CLOSED = "\x02"
"""Stands for such a cell."""
LONGEST_CELL = 2**24
"""A cell is refused by its field, which says how long it may be; what is longer than this is no cell."""
LONGEST_ROW = 50_000
"""So many lines a row can have, as notes do; a quote that is open longer was never closed."""
SURE = 10
"""A row of so few lines is one, even when it has not as many cells as the header."""

# Else the reader gives up at 128 KiB, before a field has seen the cell.
csv.field_size_limit(LONGEST_CELL)


class Rows(NamedTuple):
    """Rows as texts with their lines and flaws, and where those begin that must wait for more lines."""

    rows: pl.DataFrame
    waiting: int | None


def lines_of(text: bytes, first: int) -> pl.DataFrame:
    """The lines of a text with their numbers."""
    if not text:
        return pl.DataFrame(schema={LINE: pl.Int64, ROW: pl.String})
    if SEPARATOR in text:
        lines = pl.DataFrame({ROW: text.decode().removesuffix("\n").split("\n")})
    else:
        lines = pl.read_csv(
            _whole(text), has_header=False, new_columns=[ROW], separator=SEPARATOR.decode(),
            quote_char=None, infer_schema=False, empty_string_is_null=False,
        )  # fmt: skip
    return lines.select((pl.int_range(pl.len()) + first).alias(LINE), pl.col(ROW).fill_null(""))


def _whole(text: bytes) -> bytes:
    """The text so that polars reads all of it: it takes a mark at the beginning away."""
    return BOM_UTF8 + text if text.startswith(BOM_UTF8) else text


def rows_of(lines: pl.DataFrame, sign: str, width: int, *, last: bool) -> Rows:
    """The rows that lines make: one with line breaks in quotes has several lines."""
    quotes = pl.col(ROW).str.count_matches('"', literal=True)
    odd = lines.select((quotes % 2 == 1).arg_true()).to_series().to_list()
    if not odd:
        return Rows(lines.with_columns(pl.lit(None, dtype=pl.String).alias(FLAW)), None)
    begins = [True] * len(lines)
    flaws: list[str | None] = [None] * len(lines)
    waiting = None
    place = 0
    while place < len(odd):
        start = odd[place]
        end = odd[place + 1] if place + 1 < len(odd) else None
        if end is None and not last and len(lines) - start <= LONGEST_ROW:
            waiting = start
            break
        if end is not None and _is_row(lines[ROW][start : end + 1].to_list(), sign, width):
            begins[start + 1 : end + 1] = [False] * (end - start)
            place += 2
            continue
        column = _column_of_quote(lines[ROW][start], sign)
        flaws[start] = f"a quote in column {column} is opened and never closed"
        place += 1
    whole = lines.with_columns(
        pl.Series("begins", begins).cum_sum().alias("of"), pl.Series(FLAW, flaws, dtype=pl.String)
    )[:waiting]
    rows = whole.group_by("of", maintain_order=True).agg(
        pl.col(LINE).first(), pl.col(ROW).str.join("\n"), pl.col(FLAW).first()
    )
    return Rows(rows.drop("of"), waiting)


def _is_row(texts: list[str], sign: str, width: int) -> bool:
    """Whether lines, the first and last of which have an odd quote, are one row."""
    if len(texts) > LONGEST_ROW:
        return False
    try:
        found = list(csv.reader([text + "\n" for text in texts], delimiter=sign, strict=True))
    except csv.Error:
        return False
    return len(found) == 1 and (len(found[0]) == width or len(texts) <= SURE)


def _column_of_quote(text: str, sign: str) -> int:
    """The column in which the last quote of a text stands."""
    before = text[: text.rfind('"')]
    return "".join(before.split('"')[::2]).count(sign) + 1


def split(rows: pl.DataFrame, sign: str, width: int, least: int | None = None) -> pl.DataFrame:
    """The cells of rows, each row with its flaw if it has one.

    A row may have more cells than the header when they are empty, and fewer down to the `least`.
    """
    bare = rows[ROW]
    quoted = bare.str.contains('"', literal=True).arg_true()
    cell = QUOTED.format(sign=re.escape(sign))
    bare = bare.scatter(quoted, bare.gather(quoted).str.replace_all(cell, f"${{1}}{CLOSED}"))
    rows, bare = _without_empty_ends(rows, bare, sign, width)
    fine = bare.str.count_matches(sign, literal=True) == width - 1
    if len(quoted):
        more = f"{CLOSED}[^{re.escape(sign)}]"
        fine &= ~bare.str.contains('"', literal=True) & ~bare.str.contains(more) & rows[FLAW].is_null()
    if fine.all():
        return _at_once(rows, sign, width)
    odd = _one_by_one(rows.filter(~fine), sign, width, least or width)
    if not fine.any():
        return odd
    return pl.concat([_at_once(rows.filter(fine), sign, width), odd]).sort(LINE)


def _without_empty_ends(
    rows: pl.DataFrame, bare: pl.Series, sign: str, width: int
) -> tuple[pl.DataFrame, pl.Series]:
    """The rows without the empty cells that some have beyond the header's, as spreadsheets leave them."""
    more = bare.str.count_matches(sign, literal=True).cast(pl.Int64) - (width - 1)
    for number in more.filter(more > 0).unique().to_list():
        ends = (more == number) & bare.str.ends_with(sign * number)
        if ends.any():
            rows = rows.with_columns(_cut(rows[ROW], ends, number).alias(ROW))
            bare = _cut(bare, ends, number)
    return rows, bare


def _cut(texts: pl.Series, which: pl.Series, number: int) -> pl.Series:
    """Some of the texts without so many signs at their ends."""
    return texts.zip_with(~which, texts.str.slice(0, texts.str.len_chars() - number))


def _names(width: int) -> list[str]:
    return [str(place) for place in range(width)]


def _at_once(rows: pl.DataFrame, sign: str, width: int) -> pl.DataFrame:
    """The cells of rows that are as they should be."""
    text = rows[ROW].str.join("\n").cast(pl.Binary).item()
    try:
        cells = pl.read_csv(
            _whole(text), has_header=False, separator=sign, new_columns=_names(width),
            infer_schema=False, empty_string_is_null=False,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return _one_by_one(rows, sign, width, width)
    if cells.shape != (len(rows), width):
        return _one_by_one(rows, sign, width, width)
    nothing = pl.lit(None, dtype=pl.String)
    return cells.select(rows[LINE], nothing.alias(FLAW), nothing.alias(RAW), *_names(width))


def _one_by_one(rows: pl.DataFrame, sign: str, width: int, least: int) -> pl.DataFrame:
    read = [
        ([""] * width, flaw) if flaw else _read(text, sign, width, least)
        for text, flaw in zip(rows[ROW], rows[FLAW], strict=True)
    ]
    named = {
        name: pl.Series([cells[place] for cells, _ in read], dtype=pl.String)
        for place, name in enumerate(_names(width))
    }
    flaws = pl.Series(FLAW, [flaw for _, flaw in read], dtype=pl.String)
    raw = pl.select(pl.when(flaws.is_not_null()).then(rows[ROW])).to_series()
    return pl.DataFrame({LINE: rows[LINE], FLAW: flaws, RAW: raw, **named})


def _read(text: str, sign: str, width: int, least: int) -> tuple[list[str], str | None]:
    cells, flaw = cells_of(text, sign)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if not flaw and not least <= len(cells) <= width:
        flaw = f"it has {len(cells)} cells, the header has {width}"
    return (cells + [""] * width)[:width], flaw


def cells_of(text: str, sign: str) -> tuple[list[str], str | None]:
    """The cells of one row, and its flaw."""
    reader = csv.reader([part + "\n" for part in text.split("\n")], delimiter=sign, strict=True)
    try:
        found = next(reader, [])
    except csv.Error as error:
        return [], _in_words(error, text, sign)
    return found, None


def _in_words(error: csv.Error, text: str, sign: str) -> str:
    said = str(error)
    column = _column_of_quote(text, sign)
    if "unexpected end of data" in said:
        return f"a quote in column {column} is opened and never closed"
    if "expected after" in said:
        column = _column_of_rest(text, sign)
        return f'column {column} has more after its closing quote; write "" for a quote within a cell'
    if "field larger than" in said:
        return f"column {column} has a cell of more than 16 MB; is a quote never closed?"
    return said


def _column_of_rest(text: str, sign: str) -> int:
    """The column in which something follows a closing quote."""
    cell = re.compile(rf'(?:"(?:[^"]|"")*"|[^{re.escape(sign)}"][^{re.escape(sign)}]*|)')
    column, end = 1, 0
    while (end := cell.match(text, end).end()) < len(text) and text[end] == sign:  # type: ignore[union-attr]
        column, end = column + 1, end + 1
    return column
