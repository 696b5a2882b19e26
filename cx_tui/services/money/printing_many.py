"""Printing many invoices into a folder, beside whatever makes them."""

import asyncio
from pathlib import Path
from types import TracebackType

from cx_tui.errors import CxError
from cx_tui.services.money.invoices import Invoices
from cx_tui.services.money.printers import printers

TOGETHER = 10
"""So many invoices are read and printed at once: more would keep keys waiting."""


class PrintingMany:
    """Prints invoices that are added, and is over when all of them are in the folder."""

    def __init__(self, invoices: Invoices, folder: Path, *, again: bool = True) -> None:
        self._invoices = invoices
        self._folder = folder
        self._again = again
        self._printers = printers()
        self._next: list[int] = []
        self._works: set[asyncio.Task[None]] = set()
        self.printed = self.size = 0

    async def __aenter__(self) -> "PrintingMany":
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CxError(f"{self._folder} can't be made: {error.strerror}") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._printers:
            try:
                if kind is None:
                    await self._begin()
                    await self._until(0)
            finally:
                for work in self._works:
                    work.cancel()
                await asyncio.gather(*self._works, return_exceptions=True)

    async def add(self, invoice_id: int) -> None:
        """Have this one printed, too."""
        self._next.append(invoice_id)
        if len(self._next) >= TOGETHER:
            await self._begin()

    async def _begin(self) -> None:
        if self._next:
            # No more are read than are printed soon.
            await self._until(2 * self._printers.count - 1)
            self._works.add(asyncio.create_task(self._print(self._next)))
            self._next = []

    async def _until(self, few: int) -> None:
        """Wait until so few are printed at once; what went wrong with one is raised here."""
        while len(self._works) > few:
            done, self._works = await asyncio.wait(self._works, return_when=asyncio.FIRST_COMPLETED)
            for work in done:
                work.result()

    async def _print(self, ids: list[int]) -> None:
        documents = await self._invoices.documents(ids)
        if not self._again:
            there = {one.name for one in self._folder.iterdir()}
            documents = [one for one in documents if f"{one.file_name}.pdf" not in there]
        if documents:
            self.size += await self._printers.do(documents, self._folder)
            self.printed += len(documents)
