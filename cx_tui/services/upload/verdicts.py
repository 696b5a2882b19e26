"""The verdicts of an upload in a file, so that windows of a million can be shown without reading them all.

Each is a line of JSON.  Beside the file, with `.index` at its end, stand eight bytes for each: where its
line begins, and in the highest byte which verdict it is.
"""

import json
from array import array
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cx_tui.domain.records import record_named
from cx_tui.errors import CxError
from cx_tui.services.upload.order import Verdict

if TYPE_CHECKING:
    import polars as pl

BITS = 56
SHOWN = ("line", "verdict", "name", "why", "warning", "changed")


class VerdictWriter:
    """Writes the verdicts of rows as they are judged."""

    def __init__(self, path: Path, record: str = "customer") -> None:
        self._path = path
        self._record = record
        try:
            self._lines = path.open("wb")
            self._index = index_of(path).open("wb")
        except OSError as error:
            raise CxError(f"{path} can't be written: {error.strerror}") from error
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._lines, self._index):
            # What could not be written was said already.
            with suppress(OSError):
                file.close()

    def add(self, rows: "pl.DataFrame") -> None:
        """Write the verdicts of some rows."""
        import polars as pl

        lines = lines_of(rows, self._record)
        sizes = lines.str.len_bytes().cast(pl.UInt64) + 1
        ends = sizes.cum_sum() + self._end
        place = {verdict.value: number << BITS for number, verdict in enumerate(Verdict)}
        which = rows["verdict"].replace_strict(place, return_dtype=pl.UInt64)
        try:
            self._lines.write(("\n".join(lines) + "\n").encode())
            # A reader may come at any time: first what the index speaks of.
            self._lines.flush()
            self._index.write(array("Q", (ends - sizes + which).to_list()).tobytes())
            self._index.flush()
        except OSError as error:
            raise CxError(f"{self._path} can't be written: {error.strerror}") from error
        self._end = int(ends[-1])


def lines_of(rows: "pl.DataFrame", record: str = "customer") -> "pl.Series":
    """The verdicts of rows as JSON."""
    import polars as pl

    from cx_tui.services.upload.judged import changes_of, now, text

    title = record_named(record).declared.names
    there = [pl.col(one) for one in (text(title), now(title)) if one in rows.columns]
    name = pl.coalesce(*there) if there else pl.lit(None, dtype=pl.String)
    shown = rows.with_columns(name.alias("name")).join(changes_of(rows, record), on="line", how="left")
    return shown.select(pl.struct(*SHOWN, "changes").struct.json_encode()).to_series()


class Verdicts:
    """The verdicts in a file, also while it is still written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __len__(self) -> int:
        return index_of(self._path).stat().st_size // 8

    def places(self, verdicts: Collection[Verdict]) -> "array[int]":
        """Where in the file the rows stand that have one of these verdicts."""
        wanted = {number for number, verdict in enumerate(Verdict) if verdict in verdicts}
        index = self._entries(0, len(self))
        return array("Q", (place for place, entry in enumerate(index) if entry >> BITS in wanted))

    def rows(self, start: int, count: int) -> list[dict[str, Any]]:
        """The verdicts at these places."""
        entries = self._entries(start, count)
        if not entries:
            return []
        with self._path.open("rb") as file:
            file.seek(entries[0] & (1 << BITS) - 1)
            return [json.loads(file.readline()) for _ in entries]

    def _entries(self, start: int, count: int) -> "array[int]":
        entries = array("Q")
        with index_of(self._path).open("rb") as file:
            file.seek(start * 8)
            data = file.read(count * 8)
        entries.frombytes(data[: len(data) // 8 * 8])
        return entries


def index_of(path: Path) -> Path:
    """The index beside a file of verdicts."""
    return path.with_name(f"{path.name}.index")
