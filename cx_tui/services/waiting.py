"""How long an answer has been waited for: the time of who answers, not that in which this program was busy.

On a busy machine an answer may be here long before anybody can look at it.  So the time is counted in small
parts, and a part that ends late, because something else was done or the machine ran others, counts less.
"""

import asyncio
from typing import Any

PART = 0.1
"""Seconds of a part; one that is late by as much counts nothing."""


async def listened(until: "asyncio.Future[Any] | None" = None) -> float:
    """Wait for a part of the time, or until this is done: so many seconds somebody listened."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    if until is None:
        await asyncio.sleep(PART)
    else:
        await asyncio.wait([until], timeout=PART)
    took = loop.time() - began
    return took if took <= PART else max(0.0, 2 * PART - took)


async def is_answered(answer: "asyncio.Future[Any]", within: float) -> bool:
    """Wait for an answer while so many seconds are listened: whether it came."""
    waited = 0.0
    while not answer.done() and waited < within:
        waited += await listened(answer)
    return answer.done()


class Stopwatch:
    """Runs while an answer is awaited, and stands still while this program could not have heard it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            self.seconds += await listened()

    def stop(self) -> None:
        """The answer is here, or is awaited no longer."""
        self._running.cancel()
