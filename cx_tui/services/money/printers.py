"""Processes that print invoices: making one needs the processor for as long as booking it does.

They are begun with the first invoices that are printed, and end with whoever asked, also when that is
killed: nobody speaks to them any more then.  One that is killed itself is begun anew, and prints the same
again; a file is there in whole or not at all.
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from cx_tui.domain.money.document import Document
from cx_tui.errors import CxError
from cx_tui.services.child_process import NICE, stderr_of_its_own

MOST = 4
TRIES = 3
"""So often the same invoices are tried when the process that prints them is gone."""

LEAVING = 5.0
"""Seconds that a process has to end by itself."""

CONTEXT = get_context("spawn")


class Printers:
    """Some of them, as many as there are processors."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or min(MOST, len(os.sched_getaffinity(0)))
        self._all = [_Printer() for _ in range(self.count)]
        self._idle: asyncio.Queue[_Printer] = asyncio.Queue()
        for one in self._all:
            self._idle.put_nowait(one)

    async def __aenter__(self) -> "Printers":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._all:
            await asyncio.to_thread(one.end)

    async def write(self, documents: Sequence[Document], folder: Path) -> int:
        """Print each into a file of a folder, named by its number: how many bytes they have."""
        printer = await self._idle.get()
        try:
            for _ in range(TRIES):
                try:
                    return await asyncio.to_thread(printer.write, documents, folder)
                except (EOFError, OSError):
                    await asyncio.to_thread(printer.end)
            raise CxError(f"the process that prints {documents[0].file_name} ended {TRIES} times")
        except asyncio.CancelledError:
            printer.kill()  # the thread that waits for its answer goes on then
            raise
        finally:
            self._idle.put_nowait(printer)


class _Printer:
    """One process, begun when it is needed."""

    def __init__(self) -> None:
        self._pipe: Connection | None = None

    def write(self, documents: Sequence[Document], folder: Path) -> int:
        pipe = self._pipe or self._begin()
        pipe.send((documents, folder))
        answer = pipe.recv()
        if isinstance(answer, str):
            raise CxError(answer)
        return int(answer)

    def _begin(self) -> Connection:
        ours, theirs = CONTEXT.Pipe()
        with stderr_of_its_own():
            self._process = CONTEXT.Process(target=serve, args=(theirs,), daemon=True)
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


def serve(pipe: Connection) -> None:
    """Print what is told through a pipe, until it is closed."""
    os.nice(NICE)
    # Whoever asked ends it; ctrl+c in a terminal reaches all processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            documents, folder = pipe.recv()
            try:
                answer: int | str = sum(_whole(one, folder) for one in documents)
            except CxError as error:
                answer = str(error)
            except Exception as error:  # whatever it is, who asked hears it
                answer = f"it can't be printed: {error}"
            pipe.send(answer)


def _whole(document: Document, folder: Path) -> int:
    """Print one: its file is there in whole or not at all."""
    from cx_tui.services.money.printing import write_pdf

    path = folder / f"{document.file_name}.pdf"
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        size = write_pdf(document, half)
        half.replace(path)
    except OSError as error:
        raise CxError(f"{path} can't be written: {error.strerror}") from error
    finally:
        half.unlink(missing_ok=True)
    return size
