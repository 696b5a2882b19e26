"""A page of sound files: what they have in common, whoever recorded them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.errors import CxError
from cx_tui.screens.header import Header
from cx_tui.screens.page import sentence
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ClosedGrid
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, Part

if TYPE_CHECKING:
    from cx_tui.services.session import Session


@dataclass(frozen=True, slots=True)
class SoundRow(Row):
    """A row that knows its message or recording."""

    sound: Any = None


class SoundsScreen(Screen[None]):
    """The files, the newest first, and the keys that hand one on."""

    CSS_PATH = "audio.tcss"
    AUTO_FOCUS = "#sounds"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "save", "save", id="sounds.save", tooltip="Save the sound under the cursor in a file."),
        Binding(
            f"r,{LOOK}",
            "refresh",
            "refresh",
            id="sounds.refresh",
            tooltip="Look into the folder again.",
        ),
        Binding("escape,q", "leave", "back", id="sounds.back", tooltip="Back to where you came from."),
    ]

    columns: ClassVar[tuple[Column, ...]] = ()
    nothing = ""
    """What is said when there are none."""

    grid = getters.query_one("#sounds", ClosedGrid)

    def __init__(self, about: str, of: str) -> None:
        super().__init__()
        self._about, self._of = about, of
        self.title = f"{about} of {of}"
        self._sounds: Sequence[Any] | None = None

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    @property
    def sound(self) -> Any:
        """What is under the cursor."""
        row = self.grid.cursor.row
        return row.sound if isinstance(row, SoundRow) else None

    async def read(self, session: "Session") -> Sequence[Any]:
        """The files that there are."""
        raise NotImplementedError

    def cells(self, sound: Any) -> dict[str, Cell]:
        """The row of one."""
        raise NotImplementedError

    def saver(self, session: "Session") -> Callable[[Any, Path], Awaitable[None]]:
        """What copies one into a new file."""
        raise NotImplementedError

    def moment(self, sound: Any) -> datetime:
        """When it began."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The header, the files, where the one under the cursor is, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield ClosedGrid(self.columns, glyphs=glyphs, id="sounds")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Look into the folder."""
        self.watch(self.grid, "looked_at", self._say, init=False)
        self.grid.notice("Looking into the folder …", "dim")
        self._say()
        self.action_refresh()

    def awaits(self, key: str) -> bool:
        """Keys act on the rows: they wait for them, but for the one that leaves."""
        reading = any(worker.group == "read" and not worker.is_finished for worker in self.workers)
        return reading and key not in ("escape", "q")

    @work(exclusive=True, group="read")
    async def action_refresh(self) -> None:
        """Look into the folder again."""
        try:
            self._sounds = await self.read(await self.cx.services())
        except CxError as error:
            self._sounds = None
            self.grid.notice(sentence(error), "bad")
            self._say()
            return
        rows = [SoundRow(place, self.cells(one), sound=one) for place, one in enumerate(self._sounds)]
        if rows:
            await self.grid.show(RowsAtHand(rows), keep=True)
        else:
            self.grid.notice(self.nothing, "dim")
        self._say()

    def _say(self) -> None:
        number = "" if self._sounds is None else f"{len(self._sounds):,}"
        self.query_one(Header).say(Part(self._about, "strong"), Part(number, "dim"), of=self._of)
        self.query_one("#detail", Line).show(Part(str(self.sound.path) if self.sound else "", "dim"))

    @work(group="act", name=OPENS)
    async def action_save(self) -> None:
        """Save the sound under the cursor in a file."""
        from cx_tui.screens.audio.saving import save_as

        sound = self.sound
        if sound is not None:
            name = f"{self._of}-{self.moment(sound).astimezone():%Y-%m-%d-%H%M%S}{sound.path.suffix.lower()}"
            await save_as(self, name, sound, self.saver(await self.cx.services()))

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)


def length(seconds: float | None) -> Cell:
    """How long it plays, where that is known."""
    if seconds is None:
        return Cell("?", "dim")
    return Cell(f"{round(seconds) // 60}:{round(seconds) % 60:02}")


def size(number: int) -> Cell:
    """How large it is."""
    return Cell(f"{number / 1000:,.0f} kB", "dim")
