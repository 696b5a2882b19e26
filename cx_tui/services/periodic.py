"""Work that is done again and again beside everything else."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from cx_tui.errors import Unavailable


async def repeat(act: Callable[[], Awaitable[object]], ending: asyncio.Event, every: float) -> None:
    """Do something every so many seconds until it shall end.  What has begun is finished; a database that
    is away is waited for."""
    while not ending.is_set():
        with suppress(Unavailable):
            await act()
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), every)
