"""Records that a Kamailio wrote into files, as its database did not answer when the calls ended.

Each of its processes has a file of its own that only grows: a line for a record, its columns in the order of
the configuration.  Nothing is taken out of them; how far each was read is known by the number of bytes.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cx_tui.domain.calls.call import Call
from cx_tui.errors import Unavailable
from cx_tui.ingest.adapter import Recognise, nobody
from cx_tui.ingest.files.blocks import BadRow
from cx_tui.ingest.kamailio.rows import RecordRows

COLUMNS = (
    "start_time", "end_time", "duration", "callid", "customer", "auth", "route", "src_ip", "cli_in",
    "dialled", "cli", "number", "carrier", "tries", "sip_code", "sip_reason", "invited_at", "ringing_at",
    "answered_at", "release", "gate",
)  # fmt: skip
"""What a line has: Kamailio's own times, and the cdr_extra of the configuration that the program writes."""
BETWEEN, ESCAPED = "|", "%7C"
AT_ONCE = 256 * 1024
"""Bytes of a file that are read together: about a thousand records."""


class SpareFiles:
    """The files of one folder."""

    def __init__(
        self,
        source: str,
        folder: Path,
        *,
        table: str = "acc_cdrs",
        position: str = "",
        recognise: Recognise = nobody,
    ) -> None:
        self._folder = folder
        self._table = table
        self._read: dict[str, int] = json.loads(position or "{}")
        self._rows = RecordRows(source, f"the folder {folder}", "", recognise)

    @property
    def position(self) -> str:
        """How far each file has been read."""
        return json.dumps(self._read, separators=(",", ":"))

    async def next(self) -> tuple[list[Call], list[BadRow]]:
        """The next records, and what is wrong with lines that are none; nothing when there are none yet."""
        return await asyncio.to_thread(self._next)

    def _next(self) -> tuple[list[Call], list[BadRow]]:
        try:
            for path in sorted(self._folder.glob(f"{self._table}_*.log")):
                if lines := self._lines(path):
                    return self._made_of(lines)
        except OSError as error:
            raise Unavailable(f"{self._folder} can't be read: {error.strerror}") from error
        return [], []

    def _lines(self, path: Path) -> list[tuple[int, str]]:
        """The next whole lines of a file, with the places where they begin."""
        place = self._read.get(path.name, 0)
        if path.stat().st_size < place:
            place = 0  # another file by this name: what was read before is known by its key
        with path.open("rb") as file:
            file.seek(place)
            block = file.read(AT_ONCE)
        whole = block[: block.rfind(b"\n") + 1]
        found = []
        for line in whole.splitlines(keepends=True):
            found.append((place, line.decode("utf-8", "replace").rstrip("\r\n")))
            place += len(line)
        self._read[path.name] = place
        return found

    def _made_of(self, lines: list[tuple[int, str]]) -> tuple[list[Call], list[BadRow]]:
        bad = [BadRow(at, f"it has not {len(COLUMNS)} columns") for at, line in lines if not _is_whole(line)]
        rows = list(_rows(lines))
        calls, wrong = self._rows.made_of(rows) if rows else ([], [])
        return calls, [*bad, *wrong]


def _is_whole(line: str) -> bool:
    return line.count(BETWEEN) == len(COLUMNS) - 1


def _rows(lines: list[tuple[int, str]]) -> Iterator[Mapping[str, Any]]:
    for at, line in lines:
        if _is_whole(line):
            values = (one.replace(ESCAPED, BETWEEN) for one in line.split(BETWEEN))
            yield {"id": at, **dict(zip(COLUMNS, values, strict=True))}
