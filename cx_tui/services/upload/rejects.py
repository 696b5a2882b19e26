"""Rejected rows in the form of the original file, each with its line and the reason at the end.

Corrected, the file can be uploaded as it is: the two columns mean nothing to an upload.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import polars as pl

from cx_tui.errors import CxError
from cx_tui.services.upload.judged import VERDICT, WHY
from cx_tui.services.upload.order import REJECTED, Order
from cx_tui.services.upload.rows import cells_of
from cx_tui.services.upload.sheet import LINE, OURS, RAW, Sheet


class Writer(Protocol):
    """Writes rows of texts."""

    def writerow(self, row: Sequence[str], /) -> Any:
        """Write one row."""


class Rejects:
    """Writes the rejected rows of an upload, if they are wanted."""

    def __init__(self, writer: Writer | None, sheet: Sheet) -> None:
        self._writer = writer
        self._sign = sheet.form.delimiter or ","
        # A file of rejected rows has these columns already.
        self._width = len(sheet.header) - (len(OURS) if sheet.header[-len(OURS) :] == OURS else 0)
        if writer:
            for row in sheet.form.above:
                writer.writerow(row)
            if sheet.form.has_header:
                writer.writerow([*sheet.header[: self._width], *OURS])

    def add(self, raw: pl.DataFrame, rows: pl.DataFrame) -> None:
        """Write those of some rows that were rejected."""
        if not self._writer:
            return
        rejected = pl.col(VERDICT).is_in([verdict.value for verdict in REJECTED])
        why = rows.filter(rejected).select(LINE, WHY)
        for row in why.join(raw, on=LINE, how="left", maintain_order="left").iter_rows(named=True):
            cells = [row[str(place)] or "" for place in range(self._width)]
            extra: list[str] = []
            if row[RAW] is not None:
                found = cells_of(row[RAW], self._sign)[0] or [row[RAW]]
                cells = (found + [""] * self._width)[: self._width]
                extra = found[self._width :]
            self._writer.writerow([*cells, str(row[LINE]), row[WHY], *extra])


@contextmanager
def rejects_of(order: Order, sheet: Sheet) -> Iterator[Rejects]:
    """The file of rejected rows of an upload."""
    if order.rejects is None:
        yield Rejects(None, sheet)
        return
    if order.rejects.resolve() == order.path.resolve():
        raise CxError("the rejected rows can't be written into the file itself; choose another name")
    try:
        if sheet.form.delimiter:
            with order.rejects.open("w", encoding=_for_writing(sheet.form.encoding), newline="") as file:
                yield Rejects(csv.writer(file, delimiter=sheet.form.delimiter, lineterminator="\n"), sheet)
        else:
            with _Book(str(order.rejects)) as book:
                yield Rejects(book, sheet)
    except OSError as error:
        raise CxError(f"{order.rejects} can't be written: {error.strerror}") from error


def _for_writing(encoding: str) -> str:
    """What can write what was read: a guess may not have all signs of the reasons."""
    return "utf-8-sig" if codecs.lookup(encoding).name in ("cp1252", "iso8859-1", "ascii") else encoding


class _Book:
    """A spreadsheet that is written row by row."""

    def __init__(self, path: str) -> None:
        from xlsxwriter import Workbook

        texts = {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
        self._book = Workbook(path, {"constant_memory": True, **texts})
        self._sheet = self._book.add_worksheet()
        self._row = 0

    def __enter__(self) -> "_Book":
        return self

    def __exit__(self, *error: object) -> None:
        self._book.close()

    def writerow(self, row: Sequence[str]) -> None:
        """Write one row."""
        for place, cell in enumerate(row):
            if cell:
                self._sheet.write_string(self._row, place, cell)
        self._row += 1
