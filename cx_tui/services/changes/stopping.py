"""Long acts that can be cancelled: they end between two parts of their work, never inside a statement.

SQLite's driver, cancelled inside a statement, may keep the transaction and its lock until Python
collects what is left of it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
GoOn = Callable[[], None]
"""To be called between two parts; raises when the act is cancelled."""


async def stoppable(act: Callable[[GoOn], Coroutine[Any, Any, T]]) -> T:
    """Carry out an act; when it is cancelled, it ends at its next part.  What was done by then is done."""
    stopped = asyncio.Event()

    def go_on() -> None:
        if stopped.is_set():
            raise asyncio.CancelledError

    task = asyncio.ensure_future(act(go_on))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stopped.set()
        await asyncio.gather(task, return_exceptions=True)
        if task.cancelled():
            raise
        return task.result()
