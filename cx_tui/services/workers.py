"""Processes that do what needs a processor for long: as many things at once as there are processors.

They are begun with the first thing that is to be done, and end with whoever asked, also when that is killed:
nobody speaks to them any more then.  One that is killed itself is begun anew and does the same again, so
what they do must be the same done twice.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from cx_tui.errors import CxError
from cx_tui.services.child_process import NICE, stderr_of_its_own

MOST = 4
TRIES = 3
"""So often the same is tried when the process that does it is gone."""

LEAVING = 5.0
"""Seconds that a process has to end by itself."""

CONTEXT = get_context("spawn")

Begin = Callable[..., Callable[..., Any]]
"""A function of a module: each process calls it once, and then what it gives for each thing to be done."""


class Workers:
    """Some of them."""

    def __init__(self, does: str, begin: Begin, *given: object, count: int | None = None) -> None:
        self.count = count or min(MOST, len(os.sched_getaffinity(0)))
        self._does = does
        """What one does, in words: "prints invoices"."""
        self._all = [_Worker(begin, given) for _ in range(self.count)]
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        for one in self._all:
            self._idle.put_nowait(one)

    async def __aenter__(self) -> "Workers":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._all:
            await asyncio.to_thread(one.end)

    async def do(self, *what: object) -> Any:
        """Have it done by the next one that is free: what came of it."""
        worker = await self._idle.get()
        try:
            for _ in range(TRIES):
                try:
                    return await asyncio.to_thread(worker.do, what)
                except (EOFError, OSError):
                    await asyncio.to_thread(worker.end)
            raise CxError(f"the process that {self._does} ended {TRIES} times")
        except asyncio.CancelledError:
            worker.kill()  # the thread that waits for its answer goes on then
            raise
        finally:
            self._idle.put_nowait(worker)


class _Worker:
    """One process, begun when it is needed."""

    def __init__(self, begin: Begin, given: tuple[object, ...]) -> None:
        self._begin_with = begin, given
        self._pipe: Connection | None = None

    def do(self, what: tuple[object, ...]) -> Any:
        pipe = self._pipe or self._begin()
        pipe.send(what)
        wrong, answer = pipe.recv()
        if wrong:
            raise CxError(wrong)
        return answer

    def _begin(self) -> Connection:
        ours, theirs = CONTEXT.Pipe()
        with stderr_of_its_own():
            self._process = CONTEXT.Process(target=_serve, args=(theirs, *self._begin_with), daemon=True)
            self._process.start()
        theirs.close()
        self._pipe = ours
        return ours

    def kill(self) -> None:
        if self._pipe is not None:
            self._process.kill()

    def end(self) -> None:
        if self._pipe is None:
            return
        self._pipe.close()
        self._pipe = None
        self._process.join(LEAVING)
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, begin: Begin, given: tuple[object, ...]) -> None:
    """Do what is told through a pipe, until it is closed."""
    os.nice(NICE)
    # Whoever asked ends it; ctrl+c in a terminal reaches all processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    do: Callable[..., Any] | None = None
    with suppress(EOFError, OSError):
        while True:
            what = pipe.recv()
            try:
                do = do or begin(*given)
                answer: tuple[str, Any] = "", do(*what)
            except CxError as error:
                answer = str(error), None
            except Exception as error:  # whatever it is, who asked hears it
                answer = f"{type(error).__name__}: {error}", None
            pipe.send(answer)
