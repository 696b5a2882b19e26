"""A worker that can be killed: `delayed_worker.py URL` makes due changes until none is waiting any more."""

import asyncio
import sys

from cx_tui.domain.history import DelayedState
from cx_tui.domain.who import Who
from cx_tui.errors import Unavailable
from cx_tui.services.session import open_session

PAUSE = 0.02


async def work(url: str) -> None:
    session = await open_session(url, who=Who("worker"))
    print("ready", flush=True)
    try:
        while await session.delayed.board([DelayedState.WAITING]):
            try:
                await session.delayed.run_due()
            except Unavailable:  # another holds SQLite's lock for very long
                continue
            await asyncio.sleep(PAUSE)
    finally:
        await session.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
