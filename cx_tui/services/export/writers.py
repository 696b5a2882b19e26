"""Texts into a file: CSV, XLSX, Parquet or JSON, a column for every field that can be uploaded."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import polars as pl

from cx_tui.domain.fields import Field
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.upload.formulas import harmless

Fields = Mapping[str, Field]


class Writer(Protocol):
    """Writes texts into a file, a column of them for each field."""

    def add(self, texts: pl.DataFrame) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Finish the file."""


@contextmanager
def writer_to(path: Path, fields: Fields, title: str) -> Iterator[Writer]:
    """A writer of these columns into a file that appears, readable by its owner only, when all is written."""
    kind = WRITERS.get(path.suffix.lower())
    if kind is None:
        raise Misconfigured(f"{path.name} must end with {', '.join(WRITERS)}")
    new = path.with_name(f".{path.name}.{os.urandom(6).hex()}{path.suffix}")
    try:
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        writer = kind(new, fields, title)
        try:
            yield writer
        finally:
            writer.close()
        new.replace(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CxError(f"{path} can't be written: {getattr(error, 'strerror', None) or error}") from error
    finally:
        with suppress(OSError):
            new.unlink()


def _labels(fields: Fields) -> list[str]:
    return [field.label for field in fields.values()]


class _Csv:
    def __init__(self, path: Path, fields: Fields, title: str) -> None:
        self._file = path.open("wb")
        # Without the mark, spreadsheets take the texts for those of an old Windows.
        pl.DataFrame(schema=_labels(fields)).write_csv(self._file, include_bom=True)

    def add(self, texts: pl.DataFrame) -> None:
        # An empty text would have quotes.
        cells = texts.select(harmless(pl.all()).replace("", None))
        cells.write_csv(self._file, include_header=False)

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    def __init__(self, path: Path, fields: Fields, title: str) -> None:
        from xlsxwriter import Workbook

        self._book = Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
        self._sheet = self._book.add_worksheet(title)
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        self._write(_labels(fields))

    def add(self, texts: pl.DataFrame) -> None:
        for row in texts.select(harmless(pl.all())).iter_rows():
            self._write(row)

    def _write(self, row: Sequence[str]) -> None:
        for place, text in enumerate(row):
            if text:
                self._sheet.write_string(self._row, place, text)
        self._row += 1

    def close(self) -> None:
        self._book.close()


class _Json:
    def __init__(self, path: Path, fields: Fields, title: str) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._before = "[\n"

    def add(self, texts: pl.DataFrame) -> None:
        if len(texts):
            lines = texts.write_ndjson().removesuffix("\n").replace("\n", ",\n")
            self._file.write(self._before + lines)
            self._before = ",\n"

    def close(self) -> None:
        self._file.write("\n]\n" if self._before.startswith(",") else "[]\n")
        self._file.close()


class _Parquet:
    """Parts are kept beside the file until they are joined, so that they are never all in memory."""

    def __init__(self, path: Path, fields: Fields, title: str) -> None:
        self._path = path
        self._names = list(fields)
        self._parts: list[Path] = []

    def add(self, texts: pl.DataFrame) -> None:
        part = self._path.with_name(f"{self._path.name}.{len(self._parts)}")
        self._parts.append(part)
        texts.write_parquet(part)

    def close(self) -> None:
        try:
            if not self._parts:
                self.add(pl.DataFrame(schema=dict.fromkeys(self._names, pl.String)))
            pl.scan_parquet(self._parts).sink_parquet(self._path)
        finally:
            for part in self._parts:
                part.unlink(missing_ok=True)


WRITERS: Mapping[str, Callable[[Path, Fields, str], Writer]] = {
    ".csv": _Csv, ".xlsx": _Xlsx, ".parquet": _Parquet, ".json": _Json,
}  # fmt: skip
