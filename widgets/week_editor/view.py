"""The part of the editor that draws: the week, the cursor and the selection, and all of it in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from textual import events
from textual.geometry import Offset, Size
from textual.reactive import reactive

from .bits import A_DAY, DAYS, STEPS, Block, Place, bits_of, day_of, value_of
from .keys import TYPING
from .paint import Day, Piece, Scale, day_line, ruler
from .says import at_cursor, hints, wrapped
from .signs import ASCII, UNICODE
from .strips import PieceLines

RULER = 1
AT = RULER + len(DAYS)  # the line that says what the cursor is at, and in which hours are typed
SAYS = 2  # lines for the sentence below it
KEYS = AT + 1 + SAYS  # from this line on: the presets and the keys
PROMPT = "Hours "

Describe = Callable[[int | None], str]


class WeekView(PieceLines, can_focus=True):
    """Draws a week, its cursor and its selection; knows no keys."""

    value: reactive[int | None] = reactive(None, repaint=False, init=False)
    """The allowed steps as 672 bits, Monday 00:00 the most significant; None is nothing set, so always."""
    cursor: reactive[Place] = reactive(Place, repaint=False, init=False)
    now: reactive[int | None] = reactive(None, repaint=False, init=False)
    """The step of the week that is now, from 0 to 671; its owner keeps it up to date."""

    def __init__(
        self,
        value: int | None = None,
        *,
        describe: Describe,
        ascii: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._describe = describe
        self._signs = ASCII if ascii else UNICODE
        self._anchor: Place | None = None
        self._tried: int | None = None
        self._typing = False
        self._said = ""
        self._error = ""
        self._keys: dict[str | None, str] = {}
        self.set_reactive(WeekView.value, value)

    # What is shown

    @property
    def bits(self) -> int:
        """The bits drawn: those being painted or typed, else the value's."""
        return bits_of(self.value) if self._tried is None else self._tried

    @property
    def selection(self) -> Block | None:
        """What is selected."""
        return None if self._anchor is None else Block.between(self._anchor, self.cursor)

    @property
    def _scale(self) -> Scale:
        """How a day is drawn at the width there is."""
        return Scale.for_width(self.size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line for the presets and the keys."""
        return KEYS + 1

    def validate_cursor(self, cursor: tuple[int, int]) -> Place:
        """The nearest place of the week."""
        return Place().moved(*cursor)

    def validate_now(self, now: int | None) -> int | None:
        """A step of the week."""
        return now if now is None or 0 <= now < STEPS else None

    def watch_cursor(self) -> None:
        """Draw it where it is now."""
        self._show()

    def watch_now(self) -> None:
        """Draw it where it is now."""
        self._show()

    def on_mount(self) -> None:
        """Follow the focus, and the operator's own keys."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self._look_at_keys())
        self._look_at_keys()

    def on_unmount(self) -> None:
        """Follow no longer."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_resize(self, _event: events.Resize) -> None:
        """Draw at the width there is."""
        self._show()

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor belongs: at the day, beneath the ruler."""
        x, y = self.content_region.offset
        return Offset(x, y + 1 + self.cursor.day)

    def _look_at_keys(self) -> None:
        """Which keys can be pressed now; none while they go elsewhere."""
        bound = reversed(self.screen.active_bindings.values()) if self.has_focus else ()
        self._keys = {
            active.binding.id: self.app.get_key_display(active.binding)
            for active in bound
            if active.node is self
        }
        self._show()

    def _show(self) -> None:
        """Draw what differs from what is on the screen."""
        self._show_lines(self._drawn_lines())

    # The lines

    def _drawn_lines(self) -> list[Sequence[Piece]]:
        """All lines at the width there is."""
        scale = self._scale
        today, now = (None, None) if self.now is None else divmod(self.now, A_DAY)
        return [
            ruler(scale, now, self._signs),
            *(
                day_line(self._day(day, now if day == today else None), scale, self._signs)
                for day in range(len(DAYS))
            ),
            *self._words(),
        ]

    def _words(self) -> Iterator[Sequence[Piece]]:
        """The lines below the week; each is always in the same place."""
        width, signs = self.size.width, self._signs
        if self._typing:
            yield [Piece(PROMPT, "here")]
        else:
            yield at_cursor(self.bits, self.cursor, self.selection, self.now, self._said, width)
        if self._error:
            yield from wrapped(f"{signs.wrong} {self._error}", "bad", width, SAYS, signs.ellipsis)
        else:
            yield from wrapped(self._describe(value_of(self.bits)), "text", width, SAYS, signs.ellipsis)
        lines = [[Piece(TYPING, "dim")]] if self._typing else hints(self._keys, width)
        yield from islice(lines, max(0, self.size.height - KEYS))

    def _day(self, number: int, now: int | None) -> Day:
        """What is drawn of a day."""
        block = self.selection
        picked = block.steps if block and number in block.days else range(0)
        cursor = self.cursor.step if number == self.cursor.day else None
        return Day(number, day_of(self.bits, number), picked, cursor, now)
