"""What is killed: `python -m tests.faults.call_keeper collect|seal|work URL PLACE`.

It collects calls from the files of a folder, seals the days that are over, or does what an open program does
beside keys, until it is ended.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from cx_tui.config.sources import CallSource
from cx_tui.db.calls import sources
from cx_tui.db.engine import Database, connect
from cx_tui.domain.calls.figures import day_of
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import Refused, Unavailable
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.ingest import Ingest
from cx_tui.services.calls.sources import open_source
from cx_tui.services.session import Session
from tests.calls.made import NOON, priced

SOURCE = "sw1"
MAP = (
    "key=key", "customer=customer", "invited=invited:us", "ringing=ringing:us", "answered=answered:us",
    "ended=ended:us", "talk=talk:ms", "dialled=dialled", "cli=cli", "carrier=carrier", "sip_code=sip",
    "gate=gate",
)  # fmt: skip
LIST = 50


async def collect(database: Database, place: Path, *, once: bool = False) -> None:
    """Read the folder behind where it was left."""
    ingest = Ingest(database, priced, sealing_of(database, place).in_files)
    position = await ingest.own(SOURCE)
    assert position is not None
    source = CallSource(kind="folder", folder=str(place / "in"), zone="UTC", map=MAP, seconds=0.05)
    async with AsyncExitStack() as until_closed:
        adapter = open_source(SOURCE, source, until_closed, position=position, recognise=int)
        async for event in adapter.once() if once else adapter.events():
            await ingest.own(SOURCE)
            await ingest.take([event])
    await ingest.leave(SOURCE)


async def seal(database: Database, place: Path) -> None:
    """Seal what is due, again and again."""
    random = Random()
    while True:
        await seal_due(sealing_of(database, place))
        await asyncio.sleep(random.uniform(0, 2))


async def seal_due(sealing: Sealing) -> None:
    """Seal what is due; a day that gets calls all the time is left for later."""
    for day in await sealing.due(day_of(NOON), 2):
        try:
            await sealing.seal(day)
        except (Refused, Unavailable):
            continue


async def work(database: Database, place: Path) -> None:
    """Book days, look at the newest calls and at what is counted, as an open program does."""
    session = Session(database)
    calls = Calls(database, str(place / "sealed"))
    while True:
        await session.money.ledger.book_days(NOON)
        await calls.list(CallQuery(1)).rows(0, LIST)
        await calls.list(CallQuery()).rows(0, LIST)
        await asyncio.sleep(0.1)


def sealing_of(database: Database, place: Path) -> Sealing:
    """Where these calls are sealed."""
    return Sealing(database, Files(str(place / "sealed")))


ROLES: Mapping[str, Callable[[Database, Path], Awaitable[None]]] = {
    "collect": collect,
    "seal": seal,
    "work": work,
}


async def _main(role: str, url: str, place: str) -> None:
    # Who was killed is not waited for here as long as in earnest.
    sources.GONE_AFTER *= 0
    database = connect(url)
    print("ready", flush=True)
    await ROLES[role](database, Path(place))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
