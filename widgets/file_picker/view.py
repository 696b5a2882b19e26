"""The folder under the box for a path: what the text begins, drawn as a list."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input
from textual.widgets.input import Selection

from widgets.grid.glyphs import UNICODE, Glyphs
from widgets.line import Line, Part
from widgets.picker import LineList
from widgets.text import fit, visible

from .box import PathBox
from .folder import UP, Entry, begun_anew, entries_of, matching, path_of, split

SIZE, WHEN, LEAST = 9, 18, 60


class Listing(LineList, can_focus=False):
    """The folder; the box keeps the keys."""


class FolderView(Vertical):
    """A box for a path, and what is in its folder."""

    DEFAULT_CSS = """
    FolderView {
        height: 1fr;
        & > #path-box { width: 1fr; background: $panel; padding: 0 1; }
        & > #path-says { padding: 0 1; }
        & > Listing { height: 1fr; padding: 0 1; }
        &:ansi > #path-box { background: $background; text-style: underline; }
    }
    """

    box = getters.query_one("#path-box", PathBox)
    listing = getters.query_one(Listing)

    def __init__(
        self,
        text: str = "",
        suffixes: Sequence[str] = (),
        *,
        new: bool = False,
        glyphs: Glyphs = UNICODE,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._text, self._suffixes, self._new, self._glyphs = text, tuple(suffixes), new, glyphs
        self._folder: str | None = None
        self._looked: str | None = None
        self._entries: list[Entry] = []
        self._shown: list[Entry] = []
        self._wrong = ""
        self._moved = self._is_new = False

    def compose(self) -> ComposeResult:
        """The box, what is said of the folder, the folder."""
        yield PathBox(
            self._text, placeholder="path of a file", compact=True, select_on_focus=False, id="path-box"
        )
        yield Line(glyphs=self._glyphs, id="path-says")
        yield Listing()

    def on_mount(self) -> None:
        """Read the folder."""
        self.box.cursor_blink = False
        if self._new:
            # The name is what one will want to write anew.
            begin, dot = len(split(self._text)[0]), self._text.rfind(".")
            self.box.selection = Selection(begin, dot if dot > begin else len(self._text))
        self.look()

    @property
    def text(self) -> str:
        """What is typed."""
        return self.box.value

    @property
    def said(self) -> str:
        """What is wrong with what was taken, if anything."""
        return self._wrong

    def put(self, text: str) -> None:
        """Put this into the box."""
        self.box.value = text
        self.box.cursor_position = len(text)

    def say(self, sentence: str) -> None:
        """Say what is wrong with what was taken."""
        self._wrong = sentence
        self._say_it()

    # Looking

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if (anew := begun_anew(event.value)) != event.value:
            self.put(anew)
            return
        self._wrong, self._moved = "", False
        self.look()
        self.text_changed(event.value)

    @work(exclusive=True, group="look")
    async def look(self) -> None:
        """List what the text begins."""
        await self._read()

    def look_again(self) -> None:
        """Read the folder anew: somebody may have written there."""
        self._folder = self._looked = None
        self.look()

    async def _read(self) -> None:
        text = self.text
        if text == self._looked:
            return
        folder, name = split(text)
        if folder != self._folder:
            try:
                self._entries = await asyncio.to_thread(entries_of, folder, self._suffixes)
            except (OSError, ValueError) as error:
                self._entries = []
                self._wrong = f"{folder} can't be opened: {getattr(error, 'strerror', None) or error}"
            self._folder = folder
        self._looked = text
        self._shown = matching(self._entries, name)
        self._is_new = not self._shown and bool(name)
        if self._new and not self._shown:
            self._shown = [Entry(name, False, True, note="new"), *matching(self._entries, "")]
        if not name:
            self._shown.append(Entry(UP, True))
        self._show()

    def on_resize(self) -> None:
        """Draw as wide as there is room."""
        self._show()

    def _show(self) -> None:
        wide = self.size.width >= LEAST
        room = max(8, self.size.width - 4 - SIZE - (WHEN if wide else 0))
        self.listing.show_lines([self._line(entry, room, wide) for entry in self._shown], 0)
        self.listing.scroll_home(animate=False)
        self._say_it()

    def _line(self, entry: Entry, room: int, wide: bool) -> list[tuple[Part, int]]:
        tone = "accent" if entry.folder else "" if entry.wanted or not self._suffixes else "dim"
        name = fit(visible(entry.text), room, ellipsis=self._glyphs.ellipsis)
        when = [(Part(entry.when, "dim"), -WHEN)] if wide else []
        return [(Part(""), 1), (Part(name, tone), room), (Part(entry.says, "dim"), -SIZE), *when]

    def _say_it(self) -> None:
        line = self.query_one("#path-says", Line)
        count = sum(entry.name != UP for entry in self._shown)
        if self._wrong:
            line.show(Part(self._wrong, "bad"))
        elif self._is_new:
            line.show(Part("a new file" if self._new else "nothing here has that name", "dim"))
        else:
            here = str(path_of(self._folder or "."))
            line.show(Part(here, "dim"), right=[Part(f"{count:,} here", "dim")])

    def text_changed(self, text: str) -> None:
        """There is another text in the box."""
