"""Call files into the database: read in a thread, brought in by batches, told as it goes."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cx_tui.ingest.files.reading import CallFile, Part, open_calls
from cx_tui.ingest.mapping import Mapping
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.ingest import Tally

SHOWN = 20
"""So many bad rows are named."""


@dataclass
class Imported:
    """What became of files."""

    tally: Tally = field(default_factory=Tally)
    errors: int = 0
    left: int = 0
    """Rows that are other legs of calls."""
    bad: list[str] = field(default_factory=list)
    """The first bad rows, in words."""


async def bring_in(
    calls: Calls,
    paths: list[Path],
    *,
    source: str = "",
    format: str = "",
    mapping: Mapping | None = None,
    zone: str = "",
    dry_run: bool = False,
    tell: Callable[[CallFile], None] = lambda file: None,
) -> Imported:
    """Bring the calls of files in.  The same file again changes nothing."""
    found = Imported()
    ingest = calls.ingest()
    recognise = calls.recogniser()
    for path in paths:
        file = open_calls(
            path, source or path.stem, format=format, mapping=mapping, zone=zone, recognise=recognise
        )
        tell(file)
        parts = file.parts()
        while part := await asyncio.to_thread(_next, parts):
            found.tally.include(await ingest.store(part.calls, dry_run=dry_run))
            found.errors += len(part.bad)
            found.left += part.left
            room = SHOWN - len(found.bad)
            found.bad += [f"{path.name}, row {row.line}: {row.sentence}" for row in part.bad[:room]]
    return found


def _next(parts: Iterator[Part]) -> Part | None:
    return next(parts, None)
