"""Parts that are made ready in threads while the database writes the ones before, in their order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")

DEPTH = 2
"""So many parts are under way: one is written, one is made ready.  More would only take memory."""


class Pipeline:
    """What is put on it is made ready beside other work, and written when all before it is.

    Who uses the connection meanwhile waits for its `turn`.
    """

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._under_way: deque[asyncio.Task[None]] = deque()

    async def put(self, make: Callable[[], T], write: Callable[[T], Awaitable[None]]) -> None:
        """Put work on it, when there is room.  What went wrong with earlier work is raised here."""
        if len(self._under_way) == DEPTH:
            await self._under_way[0]
            self._under_way.popleft()
        before = self._under_way[-1] if self._under_way else None
        self._under_way.append(asyncio.ensure_future(self._do(make, write, before)))

    async def _do(
        self,
        make: Callable[[], T],
        write: Callable[[T], Awaitable[None]],
        before: "asyncio.Task[None] | None",
    ) -> None:
        made = await asyncio.to_thread(make)
        if before:
            await before
        async with self.turn:
            await write(made)

    async def finish(self) -> None:
        """Wait until all is written."""
        while self._under_way:
            await self._under_way[0]
            self._under_way.popleft()

    async def clear(self, *, cancel: bool) -> None:
        """Nothing more is written: what is under way is cancelled, or ends by itself."""
        for task in self._under_way:
            if cancel:
                task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self._under_way.clear()


@asynccontextmanager
async def pipelined(*, cancel: bool = False) -> AsyncIterator[Pipeline]:
    """Work on a pipeline until all is written; when something fails, nothing more is written."""
    pipeline = Pipeline()
    try:
        yield pipeline
        await pipeline.finish()
    finally:
        await pipeline.clear(cancel=cancel)
