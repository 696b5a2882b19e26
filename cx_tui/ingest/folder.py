"""A folder that is watched: what is new in its files is read once, and where that ended is remembered.

A file is known by its place on the disk and by the bytes before that point, so that it may be renamed, as
rotated logs are, and a new one may have its name, or be written over it.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path

from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Event, Records, Unread
from cx_tui.errors import CxError, Refused, Unavailable
from cx_tui.ingest.files.reading import CallFile, Part, batches

SETTLED = 60.0
"""Seconds: what has not grown for so long is taken as complete."""

LONG = 4096
MARKED = 256

Open = Callable[[Path], CallFile]


@dataclass
class _Read:
    """How far a file is read."""

    offset: int = 0
    line: int = 1
    before: str = ""
    """A mark of the bytes before."""


class WatchedFolder:
    """The files of a folder as a source of calls; `open_file` understands them."""

    def __init__(
        self,
        name: str,
        folder: Path,
        open_file: Open,
        *,
        pattern: str = "*",
        position: str = "",
        seconds: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._name = name
        self._folder = folder
        self._open = open_file
        self._pattern = pattern
        self._seconds = seconds
        self._clock = clock
        self._read = {place: _Read(**one) for place, one in json.loads(position or "{}").items()}
        self._pieces = 0
        self._looked: dict[str, tuple[int, int, bool]] = {}

    @property
    def name(self) -> str:
        """The source in the records that it brings."""
        return self._name

    @property
    def position(self) -> str:
        """How far each file is read."""
        return json.dumps({place: asdict(one) for place, one in self._read.items()})

    async def events(self) -> AsyncIterator[Event]:
        """What is new, for ever."""
        while True:
            async for event in self.once():
                yield event
            await asyncio.sleep(self._seconds)

    async def once(self) -> AsyncIterator[Event]:
        """What is new at this moment."""
        news = self.look()
        # A part is read while nothing else waits for it: files may be large, and on slow disks.
        while (event := await asyncio.to_thread(next, news, None)) is not None:
            yield event

    async def end(self, live_key: str) -> Ending:
        """Files know only calls that are over."""
        raise Refused(f"{self._name} reads files; a call can't be ended there")

    def look(self) -> Iterator[Event]:
        """The same, read while it is asked for."""
        try:
            paths = sorted(
                one for one in self._folder.iterdir() if fnmatch(one.name, self._pattern) and one.is_file()
            )
        except OSError as error:
            raise Unavailable(f"the folder {self._folder} can't be read: {error.strerror}") from None
        there = set()
        for path in paths:
            try:
                found = path.stat()
            except FileNotFoundError:
                continue
            place = f"{found.st_dev}:{found.st_ino}"
            there.add(place)
            settled = self._clock() - found.st_mtime > SETTLED
            looked = (found.st_size, found.st_mtime_ns, settled)
            if found.st_size and self._looked.get(place) != looked:
                self._looked[place] = looked
                yield from self._news(path, place, found.st_size, settled)
        for gone in set(self._read) - there:
            del self._read[gone]
            self._looked.pop(gone, None)
        if self._pieces:
            self._pieces = 0
            yield Records(calls=(), source=self._name, position=self.position)

    def _news(self, path: Path, place: str, size: int, settled: bool) -> Iterator[Event]:
        if not settled and not _has_a_line(path):
            return
        known = self._read.get(place, _Read())
        if known.offset > size or _before(path, known.offset) != known.before:
            known = _Read()
        elif known.offset == size:
            return
        try:
            file = self._open(path)
            if file.in_one_piece:
                yield from self._piece(file, place, self._all(path, size), settled)
            else:
                yield from self._lines(file, place, known, settled)
        except CxError as error:
            # What is not settled may be half of a file, which tells nothing yet.
            if settled:
                self._read[place] = self._all(path, size)
                yield Unread(source=self._name, where=path.name, sentence=str(error))

    def _lines(self, file: CallFile, place: str, known: _Read, settled: bool) -> Iterator[Event]:
        whole = settled and not file.format.paired
        for part in batches(file.parts(offset=known.offset, line=known.line, whole=whole)):
            if part.offset:
                before = _before(file.path, part.offset)
                self._read[place] = _Read(part.offset, part.line, before)
            yield Records(calls=part.calls, source=self._name, position=self.position)
            yield from self._unread(file, part)

    def _piece(self, file: CallFile, place: str, read: _Read, settled: bool) -> Iterator[Event]:
        """A file that is written at once.  There may be very many: they are kept at the end of a look."""
        for part in batches(file.parts()):
            if part.bad and not settled:
                return
            yield Records(calls=part.calls, source=self._name)
            yield from self._unread(file, part)
        self._read[place] = read
        self._pieces += 1

    def _all(self, path: Path, size: int) -> _Read:
        return _Read(size, 1, _before(path, size))

    def _unread(self, file: CallFile, part: Part) -> Iterator[Event]:
        for bad in part.bad:
            where = f"{file.path.name} line {bad.line}"
            yield Unread(source=self._name, where=where, sentence=bad.sentence)


def _has_a_line(path: Path) -> bool:
    """Whether its first line is complete, or too long to be waited for."""
    with path.open("rb") as file:
        line = file.readline(LONG)
    return line.endswith(b"\n") or len(line) == LONG


def _before(path: Path, offset: int) -> str:
    """A mark of the bytes before a position: whoever wrote another file there has others."""
    with path.open("rb") as file:
        file.seek(max(0, offset - MARKED))
        return hashlib.sha256(file.read(min(offset, MARKED))).hexdigest()[:16] if offset else ""
