"""Asking where a file shall be written; one that is there already is only replaced when that is wanted."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen

from cx_tui.screens.program import Program
from cx_tui.terminal.in_order import OPENS
from widgets.file_picker import FilePicker
from widgets.key_line import KeyLine
from widgets.line import Line, Part


class AskPath(ModalScreen[Path | None]):
    """A path is typed; enter takes it, esc takes none."""

    CSS_PATH = "ask_path.tcss"
    TITLE = "the path"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="ask_path.back", tooltip="Back; nothing is written."),
    ]

    picker = getters.query_one(FilePicker)

    def __init__(
        self, title: str, path: str, suffixes: Sequence[str], *, asks: bool = True, only: bool = True
    ) -> None:
        super().__init__()
        self._title, self._path, self._suffixes = title, path, tuple(suffixes)
        self._asks, self._only = asks, only

    def compose(self) -> ComposeResult:
        """The question, the box with its folder, the keys."""
        glyphs = cast(Program, self.app).glyphs
        with Vertical():
            yield Line(glyphs=glyphs, id="title")
            yield FilePicker(self._path, self._suffixes, new=True, glyphs=glyphs)
            yield KeyLine(last="leave", glyphs=glyphs)

    def on_mount(self) -> None:
        """Ask."""
        self.query_one("#title", Line).show(Part(self._title, "strong"))

    @on(FilePicker.Picked)
    @work(name=OPENS)
    async def picked(self, event: FilePicker.Picked) -> None:
        """Take it, if it can be written and may be replaced."""
        wrong = await asyncio.to_thread(why_not, event.path, self._suffixes if self._only else ())
        if wrong:
            self.picker.say(wrong)
        elif not self._asks or await may_replace(self, event.path):
            self.dismiss(event.path)

    def action_leave(self) -> None:
        """None."""
        self.dismiss(None)


async def may_replace(screen: Screen[Any], path: Path) -> bool:
    """Whether a file can be written there: when there is one the operator is asked."""
    from cx_tui.screens.confirm import Confirm

    if not await asyncio.to_thread(path.exists):
        return True
    asked = Confirm(f"Replace {path.name}?", [f"{path} is there already."], yes="Replace", no="Keep it")
    yes: bool | None = await screen.app.push_screen_wait(asked)
    return bool(yes)


def why_not(path: Path, suffixes: Sequence[str]) -> str:
    """What is wrong with the path of a new file, if anything."""
    if suffixes and path.suffix.lower() not in suffixes:
        return f"its name must end with {', '.join(suffixes)}"
    try:
        if path.is_dir():
            return "that is a folder; add the name of a file"
        if not path.parent.is_dir():
            return f"there is no folder {path.parent}"
    except (OSError, ValueError) as error:
        return f"that path can't be used: {getattr(error, 'strerror', None) or error}"
    return ""
