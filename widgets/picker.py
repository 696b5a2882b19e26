"""What menus, help pages and record sheets have in common: a list of lines to move through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from widgets.grid.glyphs import UNICODE, Glyphs
from widgets.line import Part
from widgets.text import fit, visible


class LineList(ScrollView, can_focus=True):
    """Lines of parts with a cursor, drawn by one widget; each part may be given a width in cells."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--cursor",
        "line-list--dim",
        "line-list--accent",
        "line-list--strong",
        "line-list--good",
        "line-list--warn",
        "line-list--bad",
    }

    DEFAULT_CSS = """
    LineList {
        scrollbar-size: 0 1;
        background: transparent;
        & > .line-list--dim { color: $text-muted; }
        & > .line-list--accent { color: $text-accent; }
        & > .line-list--strong { text-style: bold; }
        & > .line-list--good { color: $text-success; }
        & > .line-list--warn { color: $text-warning; }
        & > .line-list--bad { color: $text-error; }
        & > .line-list--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        &:ansi > .line-list--dim { text-style: dim; }
        &:ansi > .line-list--cursor { background: $background; color: $foreground; text-style: reverse; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up", tooltip="Go to the line above."),
        Binding("down,j", "move(1)", "Down", show=False, id="list.down", tooltip="Go to the line below."),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="list.page_up",
                tooltip="One page up."),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="list.page_down",
                tooltip="One page down."),
        Binding("home,g", "go(0)", "First", show=False, id="list.first", tooltip="Go to the first line."),
        Binding("end,G", "go(-1)", "Last", show=False, id="list.last", tooltip="Go to the last line."),
        Binding("enter", "choose", "Choose", show=False, id="list.choose", tooltip="Take this line."),
    ]  # fmt: skip

    class Chosen(Message):
        """The operator takes a line."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, *, cursor: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Sequence[tuple[Part, int]]] = []
        self._with_cursor = cursor
        self.place = 0

    def show_lines(self, lines: Sequence[Sequence[tuple[Part, int]]], place: int | None = None) -> None:
        """Show these lines; a width of 0 takes what a part needs, a negative one aligns it to the right."""
        self._lines = list(lines)
        self.virtual_size = Size(0, len(lines))
        self.place = max(0, min(self.place if place is None else place, len(lines) - 1))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        number, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        if number >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        at_cursor = self._with_cursor and number == self.place
        base = self.get_component_rich_style("line-list--cursor") if at_cursor else self.rich_style
        segments: list[Segment] = []
        for part, size in self._lines[number]:
            text = visible(part.text)
            if size:
                text = fit(text, abs(size), "right" if size < 0 else "left")
            if at_cursor and not segments and text.startswith(" "):
                text = f"{self._sign}{text[1:]}"
            toned = part.tone and not at_cursor
            style = self.get_component_rich_style(f"line-list--{part.tone}") if toned else base
            segments.append(Segment(text, style))
        return Strip(segments).adjust_cell_length(width, base)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor belongs: on the line, or at the top where there is no cursor."""
        x, y = self.content_region.offset
        return Offset(x, y + (self.place - self.scroll_offset.y if self._with_cursor else 0))

    @property
    def _sign(self) -> str:
        """What stands at the cursor, where a line has its first cell free: colour alone is not enough."""
        glyphs: Glyphs = getattr(self.app, "glyphs", UNICODE)
        return glyphs.cursor

    def action_move(self, by: int) -> None:
        """Move the cursor, or scroll where there is none."""
        if not self._with_cursor:
            self.scroll_relative(y=by, animate=False)
            return
        self.go(self.place + by)

    def action_page(self, by: int) -> None:
        """Move by a page."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_go(self, place: int) -> None:
        """Go to the first or the last line."""
        self.action_move(len(self._lines) * (1 if place else -1))

    def go(self, place: int) -> None:
        """Put the cursor on a line."""
        before, self.place = self.place, max(0, min(place, len(self._lines) - 1))
        self.scroll_to_region(Region(0, self.place, 1, 1), animate=False)
        for line in (before, self.place):
            self.refresh(Region(0, line - self.scroll_offset.y, self.size.width, 1))

    def action_choose(self) -> None:
        """Take the line under the cursor."""
        if self._with_cursor and self._lines:
            self.post_message(self.Chosen(self.place))

    def on_click(self, event: Click) -> None:
        """Take the line that was clicked."""
        inside = event.get_content_offset(self)
        if inside is None or not self._with_cursor:
            return
        y = inside.y + self.scroll_offset.y
        if y < len(self._lines):
            self.go(y)
            self.action_choose()
