"""Work that is done again and again beside everything else."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol, runtime_checkable

from cx_tui.errors import Unavailable


@runtime_checkable
class Pausing(Protocol):
    """An act that knows when it is worth doing it again."""

    async def pause(self, shortest: float) -> None:
        """Wait until it is, and at least for so many seconds."""


async def repeat(act: Callable[[], Awaitable[object]], ending: asyncio.Event, every: float) -> None:
    """Do something every so many seconds, or when it is worth it, until it shall end.  What has begun is
    finished; a database that is away is waited for."""
    over = asyncio.ensure_future(ending.wait())
    try:
        while not ending.is_set():
            with suppress(Unavailable):
                await act()
            await _pause(act.pause(every) if isinstance(act, Pausing) else asyncio.sleep(every), over)
    finally:
        over.cancel()


async def _pause(pause: Awaitable[object], over: "asyncio.Future[Any]") -> None:
    """Wait until a pause is over, or all is."""
    waiting = asyncio.ensure_future(pause)
    try:
        await asyncio.wait([waiting, over], return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError, Unavailable):
            await waiting
