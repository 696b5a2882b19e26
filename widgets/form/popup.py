"""A list to choose from that opens beside a field; typing narrows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from operator import itemgetter
from typing import ClassVar

from rich.cells import cell_len
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Click, Key, Paste
from textual.geometry import Offset, Region, Size
from textual.markup import escape
from textual.screen import ModalScreen

from widgets.line import Part
from widgets.mouse import is_over
from widgets.picker import LineList
from widgets.text import fit, visible

from .keys import key
from .signs import ASCII, Signs

Option = tuple[str, str]
"""A value and how it reads."""
Find = Callable[[str], Awaitable[Sequence[Option]]]

LINES, NARROWEST, WIDEST = 12, 24, 60
FAR = 3
BORDER, SPACE, MARK = 1, 1, 2


class Offered(LineList):
    """The options in their frame, as large as the popup says, however few are left."""

    wanted = Size()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the popup wants it."""
        return self.wanted.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the popup wants it."""
        return self.wanted.height


class Popup(ModalScreen[str | None]):
    """Choose one option: enter takes it, typing narrows the list, esc takes none.

    `beside` is the region of the field; the list opens beneath it, or above where there is more room.
    """

    DEFAULT_CSS = """
    Popup {
        background: transparent;

        & > Offered {
            width: auto;
            height: auto;
            background: $panel;
            scrollbar-background: $panel;
            border: round $foreground 40%;
            border-title-color: $foreground;
            border-subtitle-color: $text-muted;
            constrain: inside;
        }
        &:ansi > Offered { border: round $foreground; }
        &.-ascii > Offered { border: ascii $foreground; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape", "popup_back", "leave", "Back", "Close the list and change nothing."),
    ]

    choices = getters.query_one(Offered)

    def __init__(
        self,
        find: Find,
        chosen: str,
        *,
        typed: str = "",
        searches: bool = True,
        signs: Signs,
    ) -> None:
        super().__init__(classes="-ascii" if signs is ASCII else None)
        self._find, self._chosen, self._signs = find, chosen, signs
        self.beside = Region()
        self._typed, self._searches = typed, searches
        self._options: Sequence[Option] = ()
        self._width = 0

    def compose(self) -> ComposeResult:
        """What there is, with what was typed in the frame."""
        yield Offered()

    async def on_mount(self) -> None:
        """Open with the present choice under the cursor."""
        self._options = await self._find(self._typed)
        widest = max((cell_len(visible(label)) for _, label in self._options), default=0)
        self._width = min(WIDEST, max(NARROWEST, self.beside.width, widest + MARK + 2 * (SPACE + BORDER) + 1))
        self._place()
        values = [value for value, _ in self._options]
        self._show(values.index(self._chosen) if self._chosen in values else 0)
        self._go_to_typed()
        self.set_focus(self.choices)
        self.call_after_refresh(lambda: self.choices.go(self.choices.place))

    def _place(self) -> None:
        """Put the list beneath the field, or above it."""
        screen, field = self.app.size, self.beside
        wanted = min(LINES, max(1, len(self._options))) + 2 * BORDER
        below, above = screen.height - field.bottom, field.y
        up = below < wanted and above > below
        height = min(wanted, above if up else below)
        frame = self.choices
        frame.wanted = Size(min(self._width, screen.width) - 2 * BORDER, max(3, height) - 2 * BORDER)
        frame.refresh(layout=True)
        frame.offset = Offset(field.x - BORDER, field.y - height if up else field.bottom)

    def _show(self, place: int = 0) -> None:
        """Draw the options and what was typed."""
        width = self._width - 2 * BORDER - 2 * SPACE - MARK - 1
        self.choices.show_lines([self._line(*option, width) for option in self._options], place)
        if self._searches:
            self.choices.border_title = escape(
                f"{visible(self._typed)}_" if self._typed else "type to search"
            )
            self.choices.border_subtitle = f"{len(self._options):,}" if self._options else "none"

    def _line(self, value: str, label: str, width: int) -> list[tuple[Part, int]]:
        """One option, with a sign if it is the present choice."""
        text = fit(visible(label), width, ellipsis=self._signs.ellipsis)
        sign = self._signs.tick if value == self._chosen else ""
        return [(Part(""), SPACE), (Part(sign, "accent"), MARK), (Part(text), width), (Part(""), SPACE)]

    # What an operator does

    def narrow(self, text: str) -> None:
        """Narrow the list to this text, or go to what has it in a short one; also before it is open."""
        self._typed = text
        if self.is_mounted and self._searches:
            self.run_worker(self._search(), exclusive=True)
        elif self.is_mounted:
            self._go_to_typed()

    def _go_to_typed(self) -> None:
        """Go to the option of a list that is not narrowed; letters that none has begin a new word."""
        if self._searches or not self._typed:
            return
        found = matching(self._options, self._typed) or matching(self._options, self._typed[-1])
        if found:
            self.choices.go(list(self._options).index(found[0]))
        if not matching(self._options, self._typed):
            self._typed = self._typed[-1]

    async def _search(self) -> None:
        """List what is found."""
        self._options = await self._find(self._typed)
        self._show()

    def on_key(self, event: Key) -> None:
        """Letters narrow the list, whatever else they may do."""
        if event.is_printable and event.character:
            self.narrow(self._typed + event.character)
        elif event.key == "backspace":
            self.narrow(self._typed[:-1])
        elif event.key == "ctrl+u":
            self.narrow("")
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: Paste) -> None:
        """A pasted text narrows the list as well."""
        self.narrow(self._typed + " ".join(event.text.split()))

    @on(LineList.Chosen)
    def _take(self, event: LineList.Chosen) -> None:
        """Answer with the option under the cursor."""
        self.dismiss(self._options[event.place][0])

    def on_click(self, event: Click) -> None:
        """A click beside the list closes it."""
        if is_over(self, event):
            self.action_leave()

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


def matching(options: Sequence[Option], typed: str) -> list[Option]:
    """The options that have a text in their label or value; those that begin with it come first."""
    wanted = typed.strip().casefold()
    found = [(_place(option, wanted), option) for option in options]
    return [option for place, option in sorted(found, key=itemgetter(0)) if place < FAR]


def _place(option: Option, wanted: str) -> int:
    """0: it begins so; 1: one of its words does; 2: it has it somewhere; FAR: it doesn't."""
    texts = [text.casefold() for text in option]
    if any(text.startswith(wanted) for text in texts):
        return 0
    if any(f" {wanted}" in text for text in texts):
        return 1
    return 2 if any(wanted in text for text in texts) else FAR
