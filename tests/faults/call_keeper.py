"""A collector and sealer that can be killed: `call_keeper.py URL PLACE CALLS SEED` brings all calls in, each
twice and some late, seals the days that are over in between, and says so at its end."""

import asyncio
import sys
from random import Random

from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls import sources
from cx_tui.db.engine import connect
from cx_tui.domain.calls.figures import day_of
from cx_tui.errors import Refused
from cx_tui.services.calls.ingest import Ingest
from tests.calls.made import NOON, many, priced


async def keep(url: str, place: str, number: int, seed: int) -> None:
    database = connect(url)
    # Who was killed is not waited for here as long as in earnest.
    sources.GONE_AFTER *= 0
    sealing = Sealing(database, Files(place))
    ingest = Ingest(database, priced, sealing.in_files)
    calls = many(number, days=3)
    random = Random(seed)
    delivered = [*calls, *calls]
    random.shuffle(delivered)
    print("ready", flush=True)
    size = random.choice((17, 100, 450))
    for place_of, first in enumerate(range(0, len(delivered), size)):
        await ingest.store(delivered[first : first + size])
        if place_of % 9 == 8:
            await _seal(sealing)
    await _seal(sealing)
    await database.close()
    print("done", flush=True)


async def _seal(sealing: Sealing) -> None:
    for day in await sealing.due(day_of(NOON), 2):
        try:
            await sealing.seal(day)
        except Refused:
            continue


if __name__ == "__main__":
    asyncio.run(keep(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
