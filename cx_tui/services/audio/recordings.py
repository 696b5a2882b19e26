"""Recordings of calls: files that a switch wrote, found by the Call-ID that is part of their names.

Nothing of them is kept in the database.  A folder is read once for all calls of which it may have recordings.
"""

import asyncio
import fnmatch
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select

from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.query import CallQuery, Condition
from cx_tui.errors import CxError, NotFound, Refused
from cx_tui.services.audio.files import copy_private, is_sound, seconds_of
from cx_tui.services.audio.patterns import filled, folders_of, root_of
from cx_tui.services.calls.calls import Calls

NOT_SET = "where the switch keeps recordings is not set; switch.recordings says it"

AT_ONCE = 500
"""So many calls are looked at together."""

CONNECTED = (Condition("connected", "=", True), Condition("simulated", "=", False))


@dataclass(frozen=True)
class Recording:
    """A file, and the call that it has the sound of."""

    path: Path
    call: Call
    seconds: float | None
    size: int


class Recordings:
    """The recordings of calls, in the folders of the settings."""

    def __init__(self, database: Database, calls: Calls, pattern: str) -> None:
        self._database = database
        self._calls = calls
        self._pattern = pattern
        self._folder, self._name = os.path.split(pattern)

    async def of_call(self, call: Call) -> Sequence[Recording]:
        """The recordings of one call, which may be several: of each leg, or of parts."""
        return await asyncio.to_thread(self._of, [call])

    async def of_customer(self, customer_id: int, calls: int = 10 * AT_ONCE) -> Sequence[Recording]:
        """The recordings of so many of a customer's latest calls, the newest first."""
        found: list[Recording] = []
        listed = self._calls.list(CallQuery(customer_id, conditions=CONNECTED))
        for start in range(0, calls, AT_ONCE):
            some = await listed.rows(start, AT_ONCE)
            found += await asyncio.to_thread(self._of, some)
            if len(some) < AT_ONCE:
                break
        return found

    async def retentions(self) -> Sequence[tuple[int, int]]:
        """The customers for whom recordings are kept so many days."""
        days = customer.c.recording_days
        asked: Select[Any] = select(customer.c.id, days).where(days > 0, customer.c.deleted_at.is_(None))
        async with self._database.reading() as connection:
            rows = (await connection.execute(asked.order_by(customer.c.id))).all()
        return [(row[0], row[1]) for row in rows]

    async def expired(self, customer_id: int, days: int, now: datetime) -> Sequence[Recording]:
        """The recordings of calls that began before so many days, for which they are kept."""
        until = now - timedelta(days=days)
        found: list[Recording] = []
        listed = self._calls.list(CallQuery(customer_id, until=until, conditions=CONNECTED))
        start = 0
        while some := await listed.rows(start, AT_ONCE):
            found += await asyncio.to_thread(self._of, some)
            start += len(some)
        return found

    async def save(self, recording: Recording, target: Path) -> None:
        """Copy a recording into a file."""
        await asyncio.to_thread(copy_private, recording.path, target)

    async def delete(self, recordings: Iterable[Recording]) -> int:
        """Delete recordings: how many were there."""
        return await asyncio.to_thread(lambda: sum(map(_unlinked, recordings)))

    def _of(self, calls: Sequence[Call]) -> list[Recording]:
        if not self._pattern:
            raise NotFound(NOT_SET)
        folders: dict[str, list[Path]] = {}
        found = []
        for call in calls:
            for path in dict.fromkeys([*self._by_name(call, folders), *self._named_by_switch(call)]):
                with suppress(OSError):  # it was deleted meanwhile
                    size = path.stat().st_size
                    found.append(Recording(path, call, seconds_of(path, size), size))
        return found

    def _by_name(self, call: Call, folders: dict[str, list[Path]]) -> Iterator[Path]:
        """The files whose names have the Call-ID."""
        began = call.invited_at.astimezone(UTC)
        for call_id in _ids(call):
            values = {
                "call_id": call_id, "customer": f"{call.customer_id or 0}",
                "year": f"{began:%Y}", "month": f"{began:%m}", "day": f"{began:%d}", "hour": f"{began:%H}",
            }  # fmt: skip
            name = filled(self._name, values)
            where = filled(self._folder, values)
            if name is None or where is None:
                continue
            if where not in folders:
                folders[where] = _files_in(folders_of(self._folder, values))
            # There may be files of ten thousand other calls: a plain look at their names leaves out most.
            has_id = call_id if "{call_id}" in self._name else ""
            near = [path for path in folders[where] if has_id in path.name]
            yield from (path for path in near if fnmatch.fnmatchcase(path.name, name) and path.is_file())

    def _named_by_switch(self, call: Call) -> Iterator[Path]:
        """The file that the record of the call names, as far as it is among the recordings."""
        if not call.recording:
            return
        root = root_of(self._pattern).resolve()
        path = (root / call.recording).resolve()
        if path.is_relative_to(root) and is_sound(path) and path.is_file():
            yield path


def _files_in(folders: Iterable[Path]) -> list[Path]:
    """The files of sound in some folders, by name."""
    found: list[Path] = []
    for folder in folders:
        with suppress(OSError):
            found += filter(is_sound, folder.iterdir())
    return sorted(found)


def _ids(call: Call) -> list[str]:
    """What the Call-ID may be: the key at the switch, or what stands in it before the tag."""
    key = call.source_key
    return [key, key.rpartition("+")[0]] if "+" in key.strip("+") else [key]


def _unlinked(recording: Recording) -> int:
    try:
        recording.path.unlink()
    except FileNotFoundError:
        return 0
    except PermissionError as error:
        raise Refused(f"{recording.path} can't be deleted: {error.strerror}") from error
    except OSError as error:
        raise CxError(f"{recording.path} can't be deleted: {error.strerror}") from error
    return 1
