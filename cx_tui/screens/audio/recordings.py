"""The recordings of a customer's calls."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.screens.as_command import words_of
from cx_tui.screens.audio.sounds import SoundsScreen, length, size
from cx_tui.screens.present import limited
from cx_tui.screens.times import local
from widgets.grid import Cell, Column

if TYPE_CHECKING:
    from cx_tui.services.session import Session


class RecordingsScreen(SoundsScreen):
    """The files that belong to the latest calls."""

    columns = (
        Column("at", "Call began", width=16, frozen=True, help="When the call began, by your clock."),
        Column("caller", "From", width=15, help="The caller's number."),
        Column("dialled", "To", width=15, help="The number that was dialled."),
        Column("length", "Length", width=7, align="right", help="Minutes and seconds of sound."),
        Column("until", "Kept until", width=12, help="After this day the customer's retention is over."),
        Column("size", "Size", width=12, align="right", help="The size of the file."),
    )
    nothing = "There are no recordings of the latest calls.\n\nA route says how many calls are recorded."

    def __init__(self, customer_id: int, of: str) -> None:
        super().__init__("Recordings", of)
        self._customer_id = customer_id
        self._days = 0

    def command(self) -> str:
        """These recordings, as a command."""
        return words_of("recordings list", self._customer_id)

    async def read(self, session: "Session") -> Sequence[Any]:
        self._days = (await session.records.get(self._customer_id)).recording_days
        return await session.recordings.of_customer(self._customer_id)

    def cells(self, sound: Any) -> dict[str, Cell]:
        call = sound.call
        return {
            "at": Cell(local(call.invited_at)),
            "caller": Cell(call.cli or call.cli_in or "no number"),
            "dialled": Cell(call.dialled),
            "length": length(sound.seconds),
            "until": self._until(call.invited_at),
            "size": size(sound.size),
        }

    def _until(self, began: datetime) -> Cell:
        if not self._days:
            return Cell("no end", "dim")
        until = began + timedelta(days=self._days)
        return limited(f"{until.astimezone():%Y-%m-%d}", until < datetime.now(UTC))

    def moment(self, sound: Any) -> datetime:
        began: datetime = sound.call.invited_at
        return began

    def saver(self, session: "Session") -> Callable[[Any, Path], Awaitable[None]]:
        return session.recordings.save
