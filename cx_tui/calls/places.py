"""Where files of calls are: a folder, or a bucket (`s3://bucket/folder`); polars writes and reads both."""

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import polars as pl

from cx_tui.errors import CxError, Misconfigured

GROUP = 16_384
"""Rows of a row group: so few are read for a customer's window."""


@dataclass(frozen=True)
class Written:
    """A file that was written."""

    path: str
    bytes: int
    checksum: str


class Files:
    """Files of calls in one place; none is ever changed."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        self.far = "://" in place
        if self.far and not place.startswith("s3://"):
            raise Misconfigured(f"{place} is not a place for calls; write a folder, or s3://bucket/folder")

    def whole(self, path: str) -> str:
        """The whole path of a file, for polars."""
        return f"{self.place}/{path}"

    def scan(self, path: str) -> pl.LazyFrame:
        """A file to be asked."""
        return pl.scan_parquet(self.whole(path))

    def write(self, path: str, rows: pl.LazyFrame) -> Written:
        """Write a file, which is there as a whole or not at all."""
        if self.far:
            rows.sink_parquet(self.whole(path), compression="zstd", row_group_size=GROUP)
            return Written(path, 0, "")
        file = Path(self.whole(path))
        new = file.with_name(f".{file.name}.{os.urandom(6).hex()}")
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            rows.sink_parquet(new, compression="zstd", row_group_size=GROUP)
            size, checksum = new.stat().st_size, _checksum(new)
            _on_disk(new)
            new.replace(file)
            _on_disk(file.parent)
        except OSError as error:
            raise CxError(f"{file} can't be written: {error.strerror}") from error
        finally:
            with suppress(OSError):
                new.unlink()
        return Written(path, size, checksum)

    def damage(self, path: str, checksum: str) -> str:
        """What is wrong with a file, in words; nothing when it is as it was written."""
        if self.far:
            try:
                self.scan(path).select(pl.len()).collect()
            except (OSError, pl.exceptions.PolarsError) as error:
                return f"can't be read: {str(error).splitlines()[0]}"
            return ""
        file = Path(self.whole(path))
        if not file.is_file():
            return "is not there"
        return "" if _checksum(file) == checksum else "is not as it was written"

    def forget(self, path: str) -> None:
        """Delete a file that is in no manifest any more; one in a bucket is left to the bucket's rules."""
        if not self.far:
            with suppress(OSError):
                Path(self.whole(path)).unlink()


def _checksum(file: Path) -> str:
    total = blake2b(digest_size=32)
    with file.open("rb") as source:
        while block := source.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def _on_disk(path: Path) -> None:
    """Wait until it would survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
