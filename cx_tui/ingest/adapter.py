"""What every source of calls is, whatever stands behind it."""

from collections.abc import AsyncIterator, Callable
from typing import Protocol

from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Event

Recognise = Callable[[str], int | None]
"""The customer behind an account, an address or a name."""


def nobody(_: str) -> int | None:
    """Recognises no one."""
    return None


class Adapter(Protocol):
    """A source of calls.  It begins where the position says that it was given when it was made."""

    @property
    def name(self) -> str:
        """The source in the records that it brings."""
        ...

    def events(self) -> AsyncIterator[Event]:
        """What happens there, until it is cancelled.  Unavailable says that it is away: begin anew later."""
        ...

    def once(self) -> AsyncIterator[Event]:
        """What is new there at this moment, and no more."""
        ...

    async def end(self, live_key: str) -> Ending:
        """End a live call.  Refused says that this source can't."""
        ...
