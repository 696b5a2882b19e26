"""An export as a child process: `python -m cx_tui.screens.exporting.errand FILE`, where FILE holds the order.

What it does it says in JSON lines.  The database comes by the environment.
"""

import asyncio
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cx_tui.config import load
from cx_tui.domain.query import Query
from cx_tui.domain.records import record_named
from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError, Misconfigured

OFTEN = 0.2
"""Seconds between two words about the progress."""


@dataclass(frozen=True)
class Order:
    """What is exported, and where to: a list in its order, or some of it."""

    path: Path
    query: Query
    selection: Selection | None = None

    def as_json(self) -> str:
        """The order as it is passed on."""
        return json.dumps({
            "path": os.fsencode(self.path).hex(),
            "query": self.query.as_json(),
            "selection": self.selection.as_json() if self.selection else None,
        })  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> "Order":
        """The order that was passed on."""
        said = json.loads(text)
        chosen = said["selection"]
        path = Path(os.fsdecode(bytes.fromhex(said["path"])))
        return cls(path, Query.from_json(said["query"]), Selection.from_json(chosen) if chosen else None)


class _Progress:
    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, done: int, of: int) -> None:
        """Say now and then how far it is."""
        now = time.monotonic()
        if now - self._said >= OFTEN or done >= of:
            self._said = now
            say(event="progress", done=done, of=of)


def say(**event: object) -> None:
    """One line."""
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def carry_out(order: Order, url: str) -> int:
    """Write the file; says how many records are in it."""
    from cx_tui.services.export.exporting import Export
    from cx_tui.services.session import open_session

    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    session = await open_session(url, read_only=True)
    try:
        export, progress = Export(session), _Progress()
        if order.selection is None:
            return await export.of_query(order.path, order.query, progress)
        record = order.query.record
        ids = await session.bulk_of(record_named(record)).chosen(order.selection)
        return await export.of_ids(order.path, record, ids, progress)
    finally:
        await session.close()


def main() -> int:
    """Do what the order says; the last line says what it came to."""
    try:
        order = Order.from_json(Path(sys.argv[1]).read_text("utf-8"))
        url = load(os.environ, {}).settings.database.url
        if not url:
            raise Misconfigured("no database is named")
        say(event="done", records=asyncio.run(carry_out(order, url)))
    except CxError as error:
        say(event="error", message=str(error), exit=1)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
