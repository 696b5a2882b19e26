"""The part of the panel that shows columns: the list, where one is in it, and how a line is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from widgets.grid import ASCII, UNICODE, Column
from widgets.grid.layout import frozen_first

from .keys import keys_said
from .listing import Choice, Line, Listing
from .paint import LinePainter

HEAD = 2  # the title and the filter
GUTTER = 3  # the cursor's sign, the mark and a space
TALL = 20  # a panel of this height has two lines for the help and two for the keys
TYPING = "Type to narrow the list, enter to go to it."


class ChooserView(Widget, can_focus=True):
    """Draws the columns and the highlight line by line; knows no keys.  Its only child is the filter."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "column-chooser--title",
        "column-chooser--dim",
        "column-chooser--cursor",
        "column-chooser--help",
        "column-chooser--keys",
    }

    def __init__(
        self,
        available: Sequence[Choice],
        shown: Sequence[Column],
        *,
        ascii: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._available = tuple(available)
        self._shown = frozen_first(shown)
        self._glyphs = ASCII if ascii else UNICODE
        self._rule = "-" if ascii else "─"
        self._painter = LinePainter(self, self._glyphs.ellipsis)
        self._filter = Input(placeholder="/ to find a column", compact=True, select_on_focus=False)
        self._listing = Listing(self._shown, self._available)
        self._cursor = next(iter(self._listing.keys), "")
        self._top = 0

    def compose(self) -> ComposeResult:
        """The filter."""
        yield self._filter

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns shown now, the frozen ones first."""
        return self._shown

    @property
    def current(self) -> Column | None:
        """The highlighted column; none when the filter leaves nothing."""
        place = self._listing.place(self._cursor)
        return None if place is None else self._listing.lines[place].column

    def set_shown(self, columns: Sequence[Column]) -> None:
        """Take the columns the owner's grid shows now; tells nothing.  A hidden one keeps its width."""
        held = {column.key: replace(column, frozen=False) for column in self._shown}
        self._available = tuple(
            replace(choice, column=held.get(choice.column.key, choice.column)) for choice in self._available
        )
        self._shown = frozen_first(columns)
        self._list_again()

    def _list_again(self) -> None:
        """List what there is now; the highlight stays on its column if that is still listed."""
        self._listing = Listing(self._shown, self._available, self._filter.value)
        if self.current is None:
            self._cursor = next(iter(self._listing.keys), "")
        self._follow()
        self.refresh()

    # Where one is

    @property
    def _foot(self) -> int:
        """How many lines the help has, and the keys as many."""
        return 2 if self.size.height >= TALL else 1

    @property
    def _room(self) -> int:
        """How many lines of the list are in view."""
        return max(1, self.size.height - HEAD - 2 * self._foot)

    @property
    def _line(self) -> int:
        """The highlighted line, counted from the first one in view."""
        return (self._listing.place(self._cursor) or 0) - self._top

    def _scroll(self, lines: int) -> None:
        """Scroll down some lines, or up, as far as there are lines to fill the view."""
        top = max(0, min(self._top + lines, len(self._listing.lines) - self._room))
        if top != self._top:
            self._top = top
            self.refresh()

    def _follow(self) -> None:
        """Scroll as little as brings the highlighted line into view, and a heading above it."""
        line, place = self._line, self._line + self._top
        headed = place > 0 and self._listing.lines[place - 1].column is None
        self._scroll(min(0, line - headed) or max(0, line - self._room + 1))

    def _go(self, key: str) -> None:
        """Highlight this column; draw only the lines that differ."""
        before, self._cursor = self._line, key
        self.refresh(*(Region(0, HEAD + line, self.size.width, 1) for line in (before, self._line)))
        self.refresh(Region(0, HEAD + self._room, self.size.width, self._foot))
        self._follow()

    def on_resize(self) -> None:
        """Keep the highlighted column in view."""
        self._follow()

    # Drawing

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor belongs: on the highlighted line."""
        x, y = self.content_region.offset
        return Offset(x, y + HEAD + self._line)

    def render_line(self, y: int) -> Strip:
        """One line: the title, the list, the help, the keys."""
        line, below = y - HEAD, y - HEAD - self._room
        if line < 0:
            return self._title()
        if below < 0:
            return self._listed(line)
        if below < self._foot:
            about = self.current.help if self.current else ""
            return self._painter.wrapped(about, self._foot, "help")[below]
        said = TYPING if self._filter.has_focus else keys_said(self)
        return self._painter.wrapped(said, self._foot, "keys")[below - self._foot]

    def _title(self) -> Strip:
        """What this is, and how many columns are shown."""
        count = f"{len(self._shown)} of {len(self._available)} shown "
        return self._painter.line(
            " Columns" + self._painter.fit(count, self.size.width - 8, "right"), "title"
        )

    def _listed(self, y: int) -> Strip:
        """One line of the list, with a sign at its end when there is more above or below."""
        place, lines = self._top + y, self._listing.lines
        if place >= len(lines):
            return self._painter.line("" if lines or y else " No column has this text.", "dim")
        more = self._glyphs.up if y == 0 and self._top else " "
        if y == self._room - 1 and place + 1 < len(lines):
            more = self._glyphs.down
        text, look = self._text(lines[place], self.size.width - 1)
        return self._painter.line(text + more, look)

    def _text(self, line: Line, width: int) -> tuple[str, str]:
        """What is written on a line of the list, and its look."""
        if line.column is None:
            return self._painter.fit(f" {line.text or self._rule * (width - 1)}", width), "dim"
        glyphs, column = self._glyphs, line.column
        cursor, look = (glyphs.cursor, "cursor") if column.key == self._cursor else (" ", "")
        mark = glyphs.mark if line.shown else glyphs.placeholder
        tail = f"{column.width:>5} {glyphs.freeze if column.frozen else ' '}" if line.shown else ""
        return f"{cursor}{mark} {self._painter.fit(column.title, width - GUTTER - len(tail))}{tail}", look
