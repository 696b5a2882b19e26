"""Texts into a file: CSV, XLSX, Parquet or JSON, a column for every field that can be uploaded."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import Protocol

import polars as pl

from cx_tui.domain.fields import Field
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.export.xlsx_writing import XlsxWriter
from cx_tui.services.upload.formulas import harmless

Fields = Mapping[str, Field]

AHEAD = 2
"""So many parts may wait to be written."""
PATIENCE = 0.5
"""Seconds between two looks at whether the one who writes is still there."""


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
        self._writer = XlsxWriter(path, title)
        self._labels = _labels(fields)
        self._writer.writerow(self._labels)

    def add(self, texts: pl.DataFrame) -> None:
        labels = dict(zip(texts.columns, self._labels, strict=True))
        self._writer.add(texts.select(harmless(pl.all())).rename(labels))

    def close(self) -> None:
        self._writer.close()


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
    """A thread writes the file while its parts come, so that they are never all in memory."""

    def __init__(self, path: Path, fields: Fields, title: str) -> None:
        self._names = list(fields)
        self._parts: Queue[pl.DataFrame | None] = Queue(AHEAD)
        self._wrong: BaseException | None = None
        self._thread = Thread(target=self._write, args=(path,))
        self._thread.start()

    def _write(self, path: Path) -> None:
        from polars.io.plugins import register_io_source

        def parts(*asked: object) -> Iterator[pl.DataFrame]:
            while (part := self._parts.get()) is not None:
                yield part

        schema = dict.fromkeys(self._names, pl.String)
        try:
            register_io_source(parts, schema=schema).sink_parquet(path, compression="lz4")
        except BaseException as error:
            self._wrong = error

    def add(self, texts: pl.DataFrame) -> None:
        self._give(texts)

    def _give(self, part: pl.DataFrame | None) -> None:
        while self._thread.is_alive():
            with suppress(Full):
                self._parts.put(part, timeout=PATIENCE)
                return
        if self._wrong:
            raise self._wrong

    def close(self) -> None:
        self._give(None)
        self._thread.join()
        if self._wrong:
            raise self._wrong


WRITERS: Mapping[str, Callable[[Path, Fields, str], Writer]] = {
    ".csv": _Csv, ".xlsx": _Xlsx, ".parquet": _Parquet, ".json": _Json,
}  # fmt: skip
