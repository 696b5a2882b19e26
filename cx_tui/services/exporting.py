"""Customers into a file: CSV, XLSX, Parquet or JSON, part by part, in the order of their list.

Every field that can be uploaded has its column, so that an upload of the file changes nothing.
"""

import csv
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from cx_tui.domain.query import CustomerQuery
from cx_tui.errors import CxError, Misconfigured, Refused
from cx_tui.services.customers import Customers
from cx_tui.services.upload.order import upload_fields

SLICE = 4_096
MOST_IN_A_SHEET = 1_048_575
"""So many rows fit into a spreadsheet beneath its header."""
EXAMPLE = {
    "name": "Acme Telecom", "channels": "30", "flow_speed": "5", "status": "Active", "debit_limit": "100.00",
    "minimum_payment": "20.00", "tax": "20", "currency": "EUR", "daily_limit": "500.00",
    "paypal_email": "pay@acme.example", "website": "https://acme.example", "portal": "yes",
    "portal_areas": "CDR=hide", "tags": "retail, uk", "toml": 'tariff = "gold"', "reseller": "North",
    "account_manager": "Ana", "invoice_schedule": "Monthly", "invoice_due_days": "14",
    "invoice_template": "standard", "external_id": "A00012345", "rtp_firewall": "Locked",
    "recording_days": "30", "domain": "sip.acme.example", "asserted_id": "Default", "company": "Acme Ltd",
    "street": "1 High Street", "city": "London", "region": "Greater London", "postcode": "N1 9GU",
    "country": "GB", "approved_clis_only": "no", "verify_email": "yes", "verify_mobile": "no",
    "public_notes": "", "private_notes": "", "time_zone": "Europe/London",
    "allowed_times": "Mon-Fri 09:00-17:30; Sat 10:00-14:00",
}  # fmt: skip

Row = Sequence[str]
Progress = Callable[[int, int], None]


class Writer(Protocol):
    """Writes rows of texts into a file."""

    def add(self, rows: Sequence[Row]) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Finish the file."""


class Export:
    """Exports of the customers of one database."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    async def of_query(self, path: Path, query: CustomerQuery, progress: Progress | None = None) -> int:
        """Write the customers that a query asks for; says how many."""
        listing = await self._customers.list(query)
        total = await listing.exact_count()

        async def parts() -> AsyncIterator[list[Mapping[str, Any]]]:
            for start in range(0, total, SLICE):
                yield list(await listing.rows(start, SLICE, upload_fields()))

        return await _write(path, total, parts(), progress)

    async def of_ids(self, path: Path, ids: Sequence[int], progress: Progress | None = None) -> int:
        """Write these customers, as long as they are there; says how many."""
        listing = await self._customers.list(CustomerQuery())

        async def parts() -> AsyncIterator[list[Mapping[str, Any]]]:
            for start in range(0, len(ids), SLICE):
                some = ids[start : start + SLICE]
                found = await listing.again(some, upload_fields())
                yield [found[one] for one in some if one in found]

        return await _write(path, len(ids), parts(), progress)


def write_template(path: Path) -> None:
    """Write a file with all columns and one example row."""
    with _writer_to(path) as writer:
        writer.add([[EXAMPLE[name] for name in upload_fields()]])


async def _write(
    path: Path, total: int, parts: AsyncIterator[list[Mapping[str, Any]]], progress: Progress | None
) -> int:
    if path.suffix.lower() == ".xlsx" and total > MOST_IN_A_SHEET:
        raise Refused(f"a spreadsheet holds {MOST_IN_A_SHEET:,} rows, these are {total:,}; choose .csv")
    writes = {name: field.write for name, field in upload_fields().items()}
    written = 0
    with _writer_to(path) as writer:
        async for rows in parts:
            writer.add([[write(row[name]) for name, write in writes.items()] for row in rows])
            written += len(rows)
            if progress:
                progress(written, total)
    return written


@contextmanager
def _writer_to(path: Path) -> Iterator[Writer]:
    """A writer into a file that appears, readable by its owner only, when all is written."""
    kind = WRITERS.get(path.suffix.lower())
    if kind is None:
        raise Misconfigured(f"{path.name} must end with {', '.join(WRITERS)}")
    labels = [field.label for field in upload_fields().values()]
    new = path.with_name(f".{path.name}.{os.urandom(6).hex()}{path.suffix}")
    try:
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        writer = kind(new, labels)
        try:
            yield writer
        finally:
            writer.close()
        new.replace(path)
    except OSError as error:
        raise CxError(f"{path} can't be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            new.unlink()


class _Csv:
    def __init__(self, path: Path, labels: Row) -> None:
        # Without the mark, spreadsheets take the texts for those of an old Windows.
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(labels)

    def add(self, rows: Sequence[Row]) -> None:
        from cx_tui.services.upload.formulas import harmless

        self._writer.writerows([harmless(text) for text in row] for row in rows)

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    def __init__(self, path: Path, labels: Row) -> None:
        from xlsxwriter import Workbook

        self._book = Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
        self._sheet = self._book.add_worksheet("Customers")
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        self.add([labels])

    def add(self, rows: Sequence[Row]) -> None:
        from cx_tui.services.upload.formulas import harmless

        for row in rows:
            for place, text in enumerate(row):
                if text:
                    self._sheet.write_string(self._row, place, harmless(text))
            self._row += 1

    def close(self) -> None:
        self._book.close()


class _Json:
    def __init__(self, path: Path, labels: Row) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._names = list(upload_fields())
        self._before = "[\n"

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            one = dict(zip(self._names, row, strict=True))
            self._file.write(self._before + json.dumps(one, ensure_ascii=False))
            self._before = ",\n"

    def close(self) -> None:
        self._file.write("\n]\n" if self._before.startswith(",") else "[]\n")
        self._file.close()


class _Parquet:
    """Parts are kept beside the file until they are joined, so that they are never all in memory."""

    def __init__(self, path: Path, labels: Row) -> None:
        self._path = path
        self._parts: list[Path] = []
        self._names = list(upload_fields())

    def add(self, rows: Sequence[Row]) -> None:
        import polars as pl

        part = self._path.with_name(f"{self._path.name}.{len(self._parts)}")
        self._parts.append(part)
        schema = dict.fromkeys(self._names, pl.String)
        pl.DataFrame(rows, schema=schema, orient="row").write_parquet(part)

    def close(self) -> None:
        import polars as pl

        try:
            if self._parts:
                pl.scan_parquet(self._parts).sink_parquet(self._path)
            else:
                pl.DataFrame(schema=dict.fromkeys(self._names, pl.String)).write_parquet(self._path)
        finally:
            for part in self._parts:
                part.unlink(missing_ok=True)


WRITERS: Mapping[str, Callable[[Path, Row], Writer]] = {
    ".csv": _Csv, ".xlsx": _Xlsx, ".parquet": _Parquet, ".json": _Json,
}  # fmt: skip
