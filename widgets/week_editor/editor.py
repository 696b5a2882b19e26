"""The editor of a week: what its keys do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from .bits import DAYS, STEPS, Place, copied, day_of, edge_moved, painted, toggled, value_of
from .brush import Brush
from .hours import Hours
from .keys import KEYS, bound_keys
from .look import CSS, LOOKS
from .presets import PRESETS
from .selection import Selection
from .signs import ASCII, UNICODE
from .strips import PieceLines
from .type_in import DIGITS, Parse, TypedHours, Write
from .view import KEYS as FIRST_LINE_OF_KEYS
from .view import RULER, View

Describe = Callable[[int | None], str]


class WeekEditor(Widget, can_focus=True):
    """The hours of a week in which something is allowed: seven days of 96 steps, and all of it in words.

    `parse` and `write` are for hours typed as text, `parse` raises a ValueError that says what is wrong;
    `describe` says in a sentence when it is allowed.  A week that is allowed altogether is told as None.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]
    COMPONENT_CLASSES: ClassVar[set[str]] = LOOKS
    DEFAULT_CSS = CSS

    # A piece with an action looks like any other.
    auto_links: Reactive[bool] = reactive(False)

    @dataclass
    class Changed(Message, namespace="week_editor"):
        """The operator changed the hours; these are set now."""

        editor: WeekEditor
        value: int | None

        @property
        def control(self) -> WeekEditor:
            """The editor that tells it."""
            return self.editor

    def __init__(
        self,
        value: int | None = None,
        *,
        parse: Parse,
        write: Write,
        describe: Describe,
        example: str = "",
        ascii: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._describe = describe
        self._signs = ASCII if ascii else UNICODE
        self.now: int | None = None
        self._said = ""
        self._remembered: int | None = None
        self._keys: dict[str | None, str] = {}
        self._lines = PieceLines(self)
        self.hours = Hours(value, self.say, lambda value: self.post_message(self.Changed(self, value)))
        self.selection = Selection(self, self.say)
        self.typed = TypedHours(self, self.hours, self.selection, parse, write, example, self.draw)
        self._brush = Brush(self, self.hours, self.selection, is_off=lambda: self.typed.is_on)

    def compose(self) -> ComposeResult:
        """The line to type in, which is hidden until it is asked for."""
        yield self.typed.input

    # What is seen

    def show_now(self, now: int | None) -> None:
        """Mark the step of the week that is now, from 0 to 671; its owner keeps it up to date."""
        now = now if now is None or 0 <= now < STEPS else None
        if now != self.now:
            self.now = now
            self.draw()

    def say(self, text: str = "") -> None:
        """Say this until the next change or move."""
        self._said = text
        self.draw()

    def draw(self) -> None:
        """Draw what differs from what is on the screen."""
        hours, selection, typed = self.hours, self.selection, self.typed
        view = View(
            hours.bits, selection.cursor, selection.block, self.now, self._said,
            self._describe(value_of(hours.bits)), typed.error, typed.is_on, self._keys,
        )  # fmt: skip
        self._lines.show(view.lines(self.size, self._signs))

    def render_line(self, y: int) -> Strip:
        """One line."""
        return self._lines.line(y)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line for the presets and the keys."""
        return FIRST_LINE_OF_KEYS + 1

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor belongs: at the day, beneath the ruler."""
        x, y = self.content_region.offset
        return Offset(x, y + RULER + self.selection.cursor.day)

    # What Textual tells

    def on_mount(self) -> None:
        """Follow the focus, and the operator's own keys."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self._look_at_keys())
        self._look_at_keys()

    def on_unmount(self) -> None:
        """Follow no longer."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_resize(self, _event: events.Resize) -> None:
        """Draw at the width there is."""
        self.draw()

    def on_key(self, event: events.Key) -> None:
        """A digit begins hours that are typed, in place of those there are."""
        if not self.typed.is_on and event.character and event.character in DIGITS:
            event.stop()
            event.prevent_default()
            self.typed.begin(event.character)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Draw the hours that are typed."""
        event.stop()
        self.typed.follow()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is typed."""
        event.stop()
        self.typed.take()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to paint, or to select."""
        self._brush.press(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Paint or select up to here."""
        self._brush.draw(event)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Take what was painted."""
        self._brush.release()

    def on_click(self, event: events.Click) -> None:
        """Select a day."""
        self._brush.click(event)

    def _look_at_keys(self) -> None:
        """Say the keys as they are now."""
        self._keys = bound_keys(self)
        self.draw()

    # What keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc is the owner's while there is nothing to leave; what is typed is no key."""
        if action == "back":
            return self.typed.is_on or self.selection.anchor is not None
        return not self.typed.is_on

    def action_back(self) -> None:
        """Stop typing without taking it, or drop the selection."""
        if self.typed.is_on:
            self.typed.leave()
        else:
            self.selection.go(self.selection.cursor)

    def action_type(self) -> None:
        """Type the hours, beginning with those there are."""
        self.typed.begin()

    def action_move(self, days: int, steps: int) -> None:
        """Move the cursor; nothing is selected then."""
        self.selection.go(self.selection.cursor.moved(days, steps))

    def action_select(self, days: int, steps: int) -> None:
        """Move the cursor and select up to it."""
        self.selection.extend(self.selection.cursor.moved(days, steps))

    def action_allow(self) -> None:
        """Allow the selection or the step at the cursor, or stop it."""
        self.hours.change(toggled(self.hours.bits, self.selection.here.mask))

    def action_allow_day(self) -> None:
        """Allow the cursor's day or the selected days, or stop it."""
        self.hours.change(toggled(self.hours.bits, self.selection.whole_days.mask))

    def action_clear(self) -> None:
        """Allow nothing in the selection or on the cursor's day."""
        cleared = self.selection.block or self.selection.whole_days
        self.hours.change(painted(self.hours.bits, cleared.mask, allow=False))

    def action_edge(self, by: int) -> None:
        """Move the edge nearest to the cursor, and the cursor with it."""
        day, step = self.selection.cursor
        moved = edge_moved(day_of(self.hours.bits, day), step, by)
        if moved is None:
            self.say("no edge to move")
            return
        row, edge = moved
        self.selection.go(Place(day, edge))
        self.hours.change(copied(self.hours.bits, row, [day]))

    def action_copy(self) -> None:
        """Remember the hours of the cursor's day."""
        day = self.selection.cursor.day
        self._remembered = day_of(self.hours.bits, day)
        self.say(f"{DAYS[day]} is remembered")

    def action_paste(self, first: int | None = None, last: int | None = None) -> None:
        """Put the remembered hours on these days, or on the cursor's or the selected ones."""
        if self._remembered is None:
            self.say("no day is remembered")
            return
        days = self.selection.here.days if first is None or last is None else range(first, last + 1)
        self.hours.change(copied(self.hours.bits, self._remembered, days))

    def action_preset(self, place: int) -> None:
        """Set one of the weeks that are asked for often."""
        self.hours.change(PRESETS[place].bits)

    def action_undo(self) -> None:
        """Take the last change back."""
        if not self.hours.undo():
            self.say("nothing to undo")
