"""The calls of the database that is open, and the names of those who made them."""

import asyncio
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from cx_tui.domain.query import Query
from cx_tui.screens.program import Program

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls

MOST_NAMES = 20_000


async def calls_of(program: Program) -> "Calls":
    """The calls; what reads their files is loaded beside the screen, as it takes long."""
    session = await program.services()
    await asyncio.to_thread(import_module, "cx_tui.services.calls.calls")
    return session.calls


class Names:
    """Names of customers by their numbers, read when they are first wanted."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[int, str] = {}

    async def of(self, ids: Iterable[int | None]) -> dict[int, str]:
        """The names of these, as far as they are customers."""
        missing = {one for one in ids if one is not None} - self._known.keys()
        if missing:
            if len(self._known) > MOST_NAMES:
                self._known.clear()
            listing = await (await self._program.services()).customers.list(Query())
            found = await listing.again(list(missing), ("name",))
            self._known |= {one: str(values["name"]) for one, values in found.items()}
        return self._known
