"""What the editor draws: the week, the cursor and the selection, and all of it in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from textual.geometry import Size

from .bits import A_DAY, DAYS, Block, Place, day_of
from .keys import TYPING
from .paint import Day, Piece, Scale, day_line, ruler
from .says import at_cursor, hints, wrapped
from .signs import Signs

RULER = 1
AT = RULER + len(DAYS)  # the line that says what the cursor is at, and in which hours are typed
SAYS = 2  # lines for the sentence below it
KEYS = AT + 1 + SAYS  # from this line on: the presets and the keys
PROMPT = "Hours "


class View(NamedTuple):
    """What is seen of an editor."""

    bits: int
    cursor: Place
    selection: Block | None
    now: int | None
    said: str
    """What was done, or can't be done, just now."""
    sentence: str
    """When it is allowed."""
    error: str
    """Why what is typed can't be read."""
    typing: bool
    keys: Mapping[str | None, str]
    """The keys that can be pressed, by the ids of their bindings."""

    def lines(self, size: Size, signs: Signs) -> list[Sequence[Piece]]:
        """All lines at a size."""
        scale = Scale.for_width(size.width)
        today, now = (None, None) if self.now is None else divmod(self.now, A_DAY)
        return [
            ruler(scale, now, signs),
            *(
                day_line(self._day(day, now if day == today else None), scale, signs)
                for day in range(len(DAYS))
            ),
            *self._words(size, signs),
        ]

    def _words(self, size: Size, signs: Signs) -> Iterator[Sequence[Piece]]:
        """The lines below the week; each is always in the same place."""
        width = size.width
        if self.typing:
            yield [Piece(PROMPT, "here")]
        else:
            yield at_cursor(self.bits, self.cursor, self.selection, self.now, self.said, width)
        if self.error:
            yield from wrapped(f"{signs.wrong} {self.error}", "bad", width, SAYS, signs.ellipsis)
        else:
            yield from wrapped(self.sentence, "text", width, SAYS, signs.ellipsis)
        lines = [[Piece(TYPING, "dim")]] if self.typing else hints(self.keys, width)
        yield from islice(lines, max(0, size.height - KEYS))

    def _day(self, number: int, now: int | None) -> Day:
        """What is drawn of a day."""
        block = self.selection
        picked = block.steps if block and number in block.days else range(0)
        cursor = self.cursor.step if number == self.cursor.day else None
        return Day(number, day_of(self.bits, number), picked, cursor, now)
