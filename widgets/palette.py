"""Everything that can be done here, found by its name, by what it does, or by another word for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import getters, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from widgets.grid.glyphs import ASCII, UNICODE, Glyphs
from widgets.line import Line, Part
from widgets.picker import LineList
from widgets.text import fit, visible

# The widest a name gets; the sentences begin after it.
NAMES_WIDTH = 26
GAP = 2
# The width of the frame, and what it takes of that: itself, a space at each side, a scroll bar.
WIDTH, AROUND = 78, 5


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be done: its name, its keys, a sentence, and other words that find it."""

    name: str
    keys: str = ""
    sentence: str = ""
    also: str = ""


def found(entries: Sequence[Entry], typed: str, recent: Sequence[str] = ()) -> list[int]:
    """The places of the entries that have all that was typed; the best first, and among equals the recent.

    A name that begins so is better than a word within it, than another word for it, than a sentence.
    """
    words = typed.casefold().split()
    ranked = []
    for place, entry in enumerate(entries):
        ranks = [_rank(entry, word) for word in words]
        if None not in ranks:
            newest = recent.index(entry.name) if entry.name in recent else len(recent)
            ranked.append((sum(rank or 0 for rank in ranks), newest, place))
    return [place for _, _, place in sorted(ranked)]


def _rank(entry: Entry, word: str) -> int | None:
    """How well an entry meets a word: 0 is best, None not at all."""
    name = entry.name.casefold()
    if name.startswith(word):
        return 0
    if f" {word}" in f" {name}":
        return 1
    if any(other.startswith(word) for other in entry.also.casefold().split()):
        return 2
    return 3 if word in f"{name} {entry.sentence.casefold()}" else None


class Palette(ModalScreen[int | None]):
    """Answers with the place of the entry that was chosen, or None.

    With nothing typed, what was chosen lately comes first.
    """

    DEFAULT_CSS = """
    Palette {
        background: transparent;
        align: center top;

        & > Vertical {
            width: 78;
            max-width: 100%;
            height: auto;
            max-height: 75%;
            background: $panel;
            border: round $foreground 40%;
            border-title-color: $foreground;
            border-title-style: bold;
        }
        & Input { background: $surface; margin: 0 1 1 1; }
        & Line { padding: 0 1; }
        & LineList { height: auto; max-height: 100%; scrollbar-background: $panel; }
        &:ansi > Vertical { border: round $foreground; }
        &.-ascii > Vertical { border: ascii $foreground; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, id="palette.back",
                tooltip="Leave without doing anything."),
        Binding("down", "move(1)", "Down", show=False, id="palette.down", tooltip="Go to the line below."),
        Binding("up", "move(-1)", "Up", show=False, id="palette.up", tooltip="Go to the line above."),
        Binding("pagedown", "page(1)", "Page down", show=False, id="palette.page_down",
                tooltip="One page down."),
        Binding("pageup", "page(-1)", "Page up", show=False, id="palette.page_up", tooltip="One page up."),
    ]  # fmt: skip

    box = getters.query_one(Input)
    lines = getters.query_one(LineList)
    says = getters.query_one(Line)

    def __init__(
        self, entries: Sequence[Entry], recent: Sequence[str] = (), *, glyphs: Glyphs = UNICODE
    ) -> None:
        super().__init__(classes="-ascii" if glyphs is ASCII else None)
        self._entries = list(entries)
        self._recent = list(recent)
        self._ellipsis = glyphs.ellipsis
        self._found: list[int] = []

    def compose(self) -> ComposeResult:
        """The box, what it finds, and what that does."""
        with Vertical() as frame:
            frame.border_title = "What to do"
            yield Input(placeholder="a word of its name, or of what it does", compact=True)
            yield LineList()
            yield Line()

    def on_mount(self) -> None:
        """Show everything."""
        self.lines.can_focus = False
        self._show()
        self.set_focus(self.box)

    def on_resize(self) -> None:
        """Cut the sentences to the room there is."""
        self._show()

    @on(Input.Changed)
    def _typed(self) -> None:
        """Show what it means so far."""
        self._show()

    @on(Input.Submitted)
    def _take(self) -> None:
        """Do the one under the cursor."""
        if self._found:
            self.dismiss(self._found[self.lines.place])

    @on(LineList.Chosen)
    def _take_clicked(self, event: LineList.Chosen) -> None:
        """Do the one that was clicked."""
        self.dismiss(self._found[event.place])

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.lines.action_move(by)

    def action_page(self, by: int) -> None:
        """Move by a page."""
        self.lines.action_page(by)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)

    def _show(self) -> None:
        """Show what was found, in columns of name, sentence and keys."""
        self._found = found(self._entries, self.box.value, self._recent)
        keys = max((cell_len(entry.keys) for entry in self._entries), default=0)
        room = min(WIDTH, self.app.size.width) - AROUND - keys - GAP
        names = min(NAMES_WIDTH, room)
        lines = [self._line(self._entries[place], names, room - names - GAP, keys) for place in self._found]
        self.lines.show_lines(lines, 0)
        self.lines.scroll_home(animate=False)
        self.says.display = not self._found
        self.says.show(Part("No command has that name or does that.", "dim"))

    def _line(self, entry: Entry, names: int, sentences: int, keys: int) -> list[tuple[Part, int]]:
        name = fit(visible(entry.name), names, ellipsis=self._ellipsis)
        sentence = fit(visible(entry.sentence), max(0, sentences), ellipsis=self._ellipsis)
        space = (Part(""), 1)
        parts = [space, (Part(name), names + GAP), (Part(sentence, "dim"), sentences), (Part(""), GAP)]
        return [*parts, (Part(entry.keys, "accent"), -keys), space] if keys else parts


class Demo(App[None]):
    """: opens the palette."""

    BINDINGS: ClassVar[list[BindingType]] = [("colon", "palette", "Palette")]

    def compose(self) -> ComposeResult:
        """What was chosen."""
        yield Line(id="said")

    def action_palette(self) -> None:
        """Choose a fruit."""
        fruit = [
            Entry("Apple", "a", "Red or green.", "pomme"),
            Entry("Pear", "p", "Green, and soft.", "poire"),
            Entry("Fig", "f", "Purple [outside]."),
        ]
        self.push_screen(Palette(fruit, ["Fig"], glyphs=ASCII), self._said)

    def _said(self, place: int | None) -> None:
        """Show the answer."""
        self.query_one("#said", Line).show(repr(place))


if __name__ == "__main__":
    Demo().run()
