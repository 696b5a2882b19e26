"""Rejected rows in the form of the original file, each with its line and the reason at the end.

Corrected, the file can be uploaded as it is: the two columns mean nothing to an upload.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TextIO

import polars as pl

from cx_tui.errors import CxError
from cx_tui.services.upload.judged import VERDICT, WHY
from cx_tui.services.upload.order import REJECTED, Order
from cx_tui.services.upload.rows import cells_of
from cx_tui.services.upload.sheet import LINE, OURS, RAW, Sheet
from cx_tui.services.upload.xlsx_book import SPREADSHEETS


class Writer(Protocol):
    """Writes rows of texts."""

    def writerow(self, row: Sequence[str], /) -> Any:
        """Write one row."""


class Rejects:
    """Writes the rejected rows of an upload, if they are wanted."""

    def __init__(
        self,
        writer: Writer | None,
        sheet: Sheet,
        path: Path | None = None,
        finish: Callable[[], None] = lambda: None,
    ) -> None:
        self._writer = writer
        self._path = path
        self._finish = finish
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
        if self._writer and self._path:
            with _in_words(self._path):
                self._add(self._writer, raw, rows)

    def _add(self, writer: Writer, raw: pl.DataFrame, rows: pl.DataFrame) -> None:
        rejected = pl.col(VERDICT).is_in([verdict.value for verdict in REJECTED])
        why = rows.filter(rejected).select(LINE, WHY)
        for row in why.join(raw, on=LINE, how="left", maintain_order="left").iter_rows(named=True):
            cells = [row[str(place)] or "" for place in range(self._width)]
            extra: list[str] = []
            if row[RAW] is not None:
                found = cells_of(row[RAW], self._sign)[0] or [row[RAW]]
                cells = (found + [""] * self._width)[: self._width]
                extra = found[self._width :]
            writer.writerow([*cells, str(row[LINE]), row[WHY], *extra])

    def finish(self) -> None:
        """Have all of it on the disk: a full disk must be known before the database keeps anything."""
        if self._path:
            with _in_words(self._path):
                self._finish()


@contextmanager
def rejects_of(order: Order, sheet: Sheet) -> Iterator[Rejects]:
    """The file of rejected rows of an upload."""
    if order.rejects is None:
        yield Rejects(None, sheet)
        return
    if order.rejects.resolve() == order.path.resolve():
        raise CxError("the rejected rows can't be written into the file itself; choose another name")
    with ExitStack() as files:
        with _in_words(order.rejects):
            writer, finish = _opened(order.rejects, sheet, files)
            rejects = Rejects(writer, sheet, order.rejects, finish)
        yield rejects


def _opened(path: Path, sheet: Sheet, files: ExitStack) -> tuple[Writer, Callable[[], None]]:
    """What writes rows into the file, and what brings them to the disk."""
    if path.suffix.lower() in SPREADSHEETS:
        book = files.enter_context(_Book(str(path)))
        return book, book.close
    encoding = _for_writing(sheet.form.encoding)
    file = path.open("w", encoding=encoding, newline="")
    files.callback(_closed, file)
    sign = sheet.form.delimiter or ","
    return csv.writer(file, delimiter=sign, lineterminator="\n"), file.flush


def _closed(file: TextIO) -> None:
    # What could not be written was said already.
    with suppress(OSError):
        file.close()


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CxError(f"{path} can't be written: {error.strerror or error}") from error


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
        self._open = True

    def __enter__(self) -> "_Book":
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            self.close()

    def close(self) -> None:
        """Write the file, once; OSError says why it can't be."""
        from xlsxwriter.exceptions import FileCreateError

        if self._open:
            self._open = False
            try:
                self._book.close()
            except FileCreateError as error:
                raise OSError(str(error)) from error

    def writerow(self, row: Sequence[str]) -> None:
        """Write one row."""
        for place, cell in enumerate(row):
            if cell:
                self._sheet.write_string(self._row, place, cell)
        self._row += 1
