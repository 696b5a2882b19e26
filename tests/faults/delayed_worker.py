"""A worker that can be killed: `delayed_worker.py URL` makes due changes until none is waiting any more."""

import asyncio
import sys

from cx_tui.domain.history import DelayedState
from cx_tui.domain.who import Who
from cx_tui.errors import Unavailable
from cx_tui.services.office import open_office

PAUSE = 0.02


async def work(url: str) -> None:
    office = await open_office(url, who=Who("worker"))
    print("ready", flush=True)
    try:
        while await office.delayed.board([DelayedState.WAITING]):
            try:
                await office.delayed.run_due()
            except Unavailable:  # another holds SQLite's lock for very long
                continue
            await asyncio.sleep(PAUSE)
    finally:
        await office.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
