"""One line of text to type, drawn so that nothing in it is obeyed by the terminal."""

from __future__ import annotations

from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment
from textual.actions import SkipAction
from textual.events import Focus, MouseDown, MouseMove, MouseUp, Paste
from textual.strip import Strip
from textual.widgets import Input
from textual.widgets.input import Selection

from widgets.text import visible

from .editor import Setting
from .looks import Look, part_of


class Entry(Input, inherit_css=False):
    """Textual's input with its own drawing: control characters are written out, cut ends have a sign."""

    DEFAULT_CSS = """
    Entry { background: transparent; scrollbar-size: 0 0; }
    """

    ghost = ""
    """What is offered after the text."""

    stays = False
    """Whether the cursor stays where it is when the field gets the focus: one goes on typing."""

    def __init__(self, setting: Setting, *, max_length: int = 0, password: bool = False) -> None:
        self.setting = setting  # already needed while the input takes its first value
        super().__init__(
            setting.text, select_on_focus=False, validate_on=(), max_length=max_length, password=password
        )
        self.cursor_blink = False
        self._left = 0
        self._dragging = False

    def write(self, text: str) -> None:
        """Show another text."""
        self.value = text

    def watch_value(self, value: str) -> None:
        """Tell a new text at once, so that whoever looks next sees it."""
        self.setting.tell(value)

    def on_focus(self, event: Focus) -> None:
        """Who comes here by a key and types means another text; who comes back goes on with this one."""
        if not (self.stays or event.from_app_focus):
            self.select_all()

    def on_blur(self) -> None:
        """Whoever comes here next comes anew."""
        self.stays = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Nobody else needs to know."""
        event.stop()

    async def action_submit(self) -> None:
        """Leave enter to the form."""
        raise SkipAction

    # What can't be done

    def replace(self, text: str, start: int, end: int) -> None:
        """Put one line in place of a part; in a field that is fixed, nothing."""
        if self.setting.fixed:
            self.restricted()
        else:
            super().replace(one_line(text), start, end)

    def on_paste(self, event: Paste) -> None:
        """Take all lines of what is pasted, as one."""
        event.stop()
        event.prevent_default()
        self.replace(event.text, *sorted(self.selection))

    def action_copy(self) -> None:
        """Copy what is selected; a secret stays where it is."""
        if self.password:
            self.restricted()
        else:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut what is selected; a secret stays where it is."""
        if self.password or self.setting.fixed:
            self.restricted()
        elif not self.selection.is_empty:
            super().action_cut()

    # Drawing

    def shown(self, text: str) -> str:
        """A part of the text as it is drawn."""
        return self.setting.signs.mask * len(text) if self.password else visible(text)

    def render_line(self, y: int) -> Strip:
        """The part of the text that has room, around the cursor."""
        width, rest = self.size.width, self.setting.rest(self.has_focus)
        segments = self._segments(rest)
        self._left = self._first_cell(sum(cell_len(segment.text) for segment in segments))
        sign = Segment(self.setting.signs.ellipsis, self.setting.look(rest))
        return part_of(segments, self._left, width, sign)

    def _segments(self, rest: Look) -> list[Segment]:
        """The whole text: plain, selected, and the cursor."""
        value, length, look = self.value, len(self.value), self.setting.look
        if not self.has_focus:
            return [Segment(self.shown(value), look(rest))]
        (start, end), cursor = sorted(self.selection), self.cursor_position
        segments = []
        for begin, stop in pairwise(sorted({0, start, end, cursor, min(cursor + 1, length), length})):
            name: Look = "cursor" if begin == cursor else "selection" if start <= begin < end else rest
            segments.append(Segment(self.shown(value[begin:stop]), look(name)))
        if cursor == length:
            ghost = visible(self.ghost)
            segments.append(Segment(ghost[:1] or " ", look("cursor")))
            segments.append(Segment(ghost[1:], look("sign-focus")))
        return segments

    def _first_cell(self, total: int) -> int:
        """The first cell in view: as it was if the cursor is seen there, with a cell to spare."""
        width = self.size.width
        if not self.has_focus or total <= width:
            return 0
        cursor = cell_len(self.shown(self.value[: self.cursor_position]))
        first = min(max(self._left, cursor - width + 2), max(0, cursor - 1))
        return max(0, min(first, total - width))

    # The mouse

    def on_mouse_down(self, event: MouseDown) -> None:
        """Put the cursor there, and select from there."""
        event.prevent_default()
        self._dragging = True
        self.capture_mouse()
        self.selection = Selection.cursor(self._place(event.get_content_offset_capture(self).x))

    def on_mouse_move(self, event: MouseMove) -> None:
        """Select up to there."""
        event.prevent_default()
        if self._dragging:
            place = self._place(event.get_content_offset_capture(self).x)
            self.selection = Selection(self.selection.start, place)

    def on_mouse_up(self, event: MouseUp) -> None:
        """That was all to select."""
        event.prevent_default()
        self._dragging = False
        self.release_mouse()

    def _place(self, x: int) -> int:
        """The character that is drawn at a cell."""
        end = -self._left
        for place, char in enumerate(self.value):
            end += cell_len(self.shown(char))
            if end > x:
                return place
        return len(self.value)


def one_line(text: str) -> str:
    """Several lines as one."""
    return " ".join(text.splitlines()) if text.splitlines() != [text] else text
