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


def to_nobody(sentence: str) -> None:
    """Nobody hears it."""


async def repeat(
    act: Callable[[], Awaitable[object]],
    ending: asyncio.Event,
    every: float,
    tell: Callable[[str], object] = to_nobody,
) -> None:
    """Do something every so many seconds, or when it is worth it, until it shall end.  What has begun is
    finished; a database that is away is waited for, and any other error is told once and tried again."""
    over = asyncio.ensure_future(ending.wait())
    told = ""
    try:
        while not ending.is_set():
            try:
                await act()
                told = ""
                await _pause(act.pause(every) if isinstance(act, Pausing) else asyncio.sleep(every), over)
                continue
            except Unavailable:
                pass
            except Exception as error:
                # Drivers have many words for a connection that is gone.  Whatever it is: without this, what
                # is due would not be done any more until the program is left, and nobody would know.
                said = str(error) or type(error).__name__
                if said != told:
                    tell(f"What is due can't be done, and is tried again: {said}")
                told = said
            await _pause(asyncio.sleep(every), over)
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
