"""The cells of a sheet of Excel's form, in parts, as a person sees them: only those that are used.

The text of a part is taken apart by polars, all its cells at once.  What is between `<` and `>` is never in a
text there, so that elements can be found by their beginnings.
"""

import re
from collections.abc import Callable, Iterator
from typing import IO

import polars as pl

from cx_tui.errors import CxError
from cx_tui.services.upload.xlsx_book import DATE, PERCENT, ZEROS, Book, SheetPart
from cx_tui.services.upload.xlsx_texts import (
    date_in_words,
    number_in_words,
    percent_in_words,
    place_of,
    said_in,
    unescaped,
)

PIECE = 4 * 2**20
"""So many bytes are taken apart at once."""
LARGEST = 2**33
LONGEST_ROW = 2**26
ROW, PLACE, TEXT, BROKEN, DATED, DOUBTFUL = "row", "place", "text", "broken", "dated", "doubtful"
AS_IT_IS = r"^-?[1-9][0-9]{0,14}$|^0$"
"""A number that is written as a person sees it."""
TRUTHS = {"1": "TRUE", "0": "FALSE"}
ZEROS_SHOWN = "the spreadsheet shows it with zeros in front, but its value is {}; make it a text there"
NO_VALUE = "its formula has no value; open the file in a spreadsheet program and save it again"


class Cells:
    """The used cells of one sheet."""

    def __init__(self, book: Book, sheet: SheetPart) -> None:
        self._book = book
        self._sheet = sheet
        self._shared: pl.Series | None = None
        self._styles = pl.Series(list(book.styles()), dtype=pl.String)
        size = book.package.getinfo(sheet.part).file_size
        if size > LARGEST:
            raise CxError(f"the sheet {sheet.name} is larger than 8 GiB; save it as .csv")

    def parts(self) -> Iterator[pl.DataFrame]:
        """The cells row by row: the number of the row, the place of the column, the text, and what is odd
        about it.  What is below or beside the used cells is not there."""
        last = 0
        with self._book.package.open(self._sheet.part) as file:
            for text in self._texts(file, "row", "sheetData"):
                rows = _elements(pl.Series([text]), "row")
                numbers = rows.str.extract(r'^[^>]*?\sr=["\'](\d+)["\']').cast(pl.Int64)
                if numbers.null_count():
                    numbers = _counted_on(numbers, last)
                last = int(numbers[-1]) if len(numbers) else last
                yield self._cells(rows, numbers, text)

    def last_row(self) -> int:
        """The number of the last row as the sheet says it, or else how many rows there are, more or less."""
        with self._book.package.open(self._sheet.part) as file:
            said = re.search(rb'<(?:\w+:)?dimension\s+ref="[^":]*:[A-Z]+(\d+)"', file.read(2**16))
        if said:
            return int(said[1])
        rows = 0
        with self._book.package.open(self._sheet.part) as file:
            while piece := file.read(PIECE):
                rows += piece.count(b"<row") + piece.count(b":row ")
        return rows

    def _texts(self, file: IO[bytes], element: str, whole: str) -> Iterator[str]:
        """The XML of a part of the package in pieces that end where an element does, without prefixes."""
        rest, prefix = b"", None
        while piece := file.read(PIECE):
            if b"<!" in piece:
                piece = re.sub(rb"<!--.*?-->", b"", piece, flags=re.DOTALL)
                if b"<!" in piece:
                    raise CxError(f"{self._book.path.name} has marked sections, which no spreadsheet has")
            rest += piece
            if prefix is None:
                found = re.search(rb"<(\w+:)?(?:worksheet|sst)[\s/>]", rest)
                prefix = (found[1] if found else None) or b""
            end = b"</" + prefix + element.encode() + b">"
            cut = rest.rfind(end) + len(end)
            if cut < len(end):
                if len(rest) > LONGEST_ROW:
                    raise CxError(f"a row of {self._book.path.name} is larger than 64 MB")
                continue
            yield _without(prefix, rest[:cut])
            rest = rest[cut:]
        last = _without(prefix or b"", rest)
        if f"</{whole}>" not in last and not re.search(f"<{whole}(?: [^>]*)?/>", last):
            raise CxError(f"{self._book.path.name} is damaged: it ends within its cells")
        yield last.partition(f"</{whole}>")[0]

    def _cells(self, rows: pl.Series, numbers: pl.Series, text: str) -> pl.DataFrame:
        frame = pl.DataFrame({ROW: numbers, "cells": rows.str.split("<c").list.slice(1)})
        frame = frame.explode("cells", empty_as_null=False)
        if not len(frame):
            return pl.DataFrame(schema=SCHEMA)
        parts = frame["cells"].str.splitn(">", 2).struct.unnest()
        heads, bodies = parts["field_0"], parts["field_1"].fill_null("")
        has_formulas, has_values = "<f" in text, "<v" in text
        cells = pl.DataFrame({
            ROW: frame[ROW],
            PLACE: _places(heads.str.extract(r'\sr=["\']([A-Z]+)\d'), frame[ROW]),
            "kind": heads.str.extract(r'\st=["\'](\w+)').fill_null("n"),
            "makes": self._made(heads),
            "formula": bodies.str.contains(r"<f[\s/>]") if has_formulas else _like(heads, False),
            "given": bodies.str.extract(r"<v(?:\s[^>]*)?>([^<]*)</v>") if has_values else _like(heads, ""),
            "body": bodies,
        })  # fmt: skip
        return self._read(cells).select(ROW, PLACE, TEXT, BROKEN, DATED, DOUBTFUL)

    def _made(self, heads: pl.Series) -> pl.Series:
        """What the styles of cells make of a number."""
        if not (self._styles != "").any():
            return _like(heads, "")
        styles = heads.str.extract(r'\ss=["\'](\d+)').cast(pl.Int64)
        styles = pl.select(pl.when(styles < len(self._styles)).then(styles)).to_series()
        return self._styles.gather(styles).fill_null("")

    def _read(self, cells: pl.DataFrame) -> pl.DataFrame:
        kind, given = pl.col("kind"), pl.col("given").fill_null("")
        empty = pl.col("formula") & (given == "") & (kind != "str")
        if self._book.never_calculated:
            empty |= pl.col("formula") & (given == "0")
        nothing = pl.lit(None, dtype=pl.String)
        cells = cells.with_columns(
            pl.when(kind == "e")
            .then(pl.format("{} is an error in the spreadsheet; mend it there", given))
            .when(empty)
            .then(pl.lit(NO_VALUE))
            .alias(BROKEN),
            pl.when(kind == "b")
            .then(given.replace({"1": "TRUE", "0": "FALSE"}))
            .otherwise(given)
            .alias(TEXT),
            nothing.alias(DATED),
            nothing.alias(DOUBTFUL),
        )
        texts, dated, doubtful = cells[TEXT], cells[DATED], cells[DOUBTFUL]
        kinds, made = cells["kind"], cells["makes"]
        if (where := (kinds == "s").arg_true()).len():
            texts = texts.scatter(where, self._of_shared(texts.gather(where)))
        if (where := (kinds == "inlineStr").arg_true()).len():
            texts = texts.scatter(where, said_in(cells["body"].gather(where)))
        if (where := (kinds == "str").arg_true()).len():
            texts = texts.scatter(where, unescaped(texts.gather(where)))
        numeric = (kinds == "n") & (texts != "")
        if numeric.any():
            plain = numeric & ~texts.str.contains(AS_IT_IS) & made.is_in(["", ZEROS])
            texts = _each(texts, plain, number_in_words)
        texts = _each(texts, numeric & (made == PERCENT), percent_in_words)
        dates = numeric & (made == DATE)
        texts = _each(texts, dates, self._date)
        dates |= kinds == "d"
        if dates.any():
            dated = pl.select(pl.when(dates).then(texts)).to_series()
        if (zeros := numeric & (made == ZEROS)).any():
            doubtful = pl.select(pl.when(zeros).then(pl.format(ZEROS_SHOWN, texts))).to_series()
        found = {TEXT: texts, DATED: dated, DOUBTFUL: doubtful}
        cells = cells.with_columns(*(values.alias(name) for name, values in found.items()))
        return cells.with_columns(
            pl.when(pl.col(BROKEN).is_null()).then(TEXT).otherwise(pl.lit("")).alias(TEXT)
        )

    def _date(self, serial: str) -> str:
        return date_in_words(serial, from_1904=self._book.from_1904)

    def _of_shared(self, numbers: pl.Series) -> pl.Series:
        if self._shared is None:
            self._shared = self._read_shared()
        places = numbers.cast(pl.Int64, strict=False)
        if places.null_count() or (places >= len(self._shared)).any():
            raise CxError(f"{self._book.path.name} is damaged: a text of its cells is missing")
        return self._shared.gather(places)

    def _read_shared(self) -> pl.Series:
        part = self._book.shared()
        if not part:
            return pl.Series([], dtype=pl.String)
        with self._book.package.open(part) as file:
            found = [said_in(_elements(pl.Series([text]), "si")) for text in self._texts(file, "si", "sst")]
        return pl.concat(found).rechunk() if found else pl.Series([], dtype=pl.String)


SCHEMA = {ROW: pl.Int64, PLACE: pl.Int64, **dict.fromkeys((TEXT, BROKEN, DATED, DOUBTFUL), pl.String)}


def _without(prefix: bytes, text: bytes) -> str:
    """A piece of XML, whose elements some programs write with a prefix."""
    if prefix:
        text = text.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
    return text.decode()


def _like(texts: pl.Series, value: str | bool) -> pl.Series:
    """The same value for each."""
    kind = pl.String if isinstance(value, str) else pl.Boolean
    return pl.repeat(value, len(texts), dtype=kind, eager=True)


def _elements(text: pl.Series, name: str) -> pl.Series:
    """What follows the beginning of each element of this name."""
    parts = text.str.split(f"<{name}").explode()[1:]
    return parts.filter(parts.str.contains(r"^[\s/>]"))


def _counted_on(numbers: pl.Series, last: int) -> pl.Series:
    """The numbers of rows, where one that says none follows the one before."""
    found = []
    for number in numbers:
        last = number if number is not None else last + 1
        found.append(last)
    return pl.Series(found, dtype=pl.Int64)


def _places(letters: pl.Series, rows: pl.Series) -> pl.Series:
    """The place of each cell's column by its letters; a cell without them follows the one before."""
    if letters.null_count():
        return _counted_in(rows)
    known = {one: place_of(one) for one in letters.unique()}
    return letters.replace_strict(known, return_dtype=pl.Int64)


def _counted_in(rows: pl.Series) -> pl.Series:
    return rows.to_frame("row").select(pl.int_range(pl.len()).over("row").cast(pl.Int64)).to_series()


def _each(texts: pl.Series, which: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """The texts, where each different one of some is changed."""
    places = which.arg_true()
    if not len(places):
        return texts
    some = texts.gather(places)
    changed = {one: change(one) for one in some.unique()}
    return texts.scatter(places, some.replace_strict(changed, return_dtype=pl.String))
