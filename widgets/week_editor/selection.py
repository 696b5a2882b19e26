"""The cursor, and what is selected: a block of the same steps on days one after another."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget

from .bits import A_DAY, Block, Place


class Selection:
    """Where the cursor is, and the block from where selecting began to there."""

    def __init__(self, editor: Widget, moved: Callable[[], None]) -> None:
        self._editor = editor
        self._moved = moved
        self.cursor = Place()
        self.anchor: Place | None = None

    @property
    def block(self) -> Block | None:
        """What is selected."""
        return None if self.anchor is None else Block.between(self.anchor, self.cursor)

    @property
    def here(self) -> Block:
        """What a key works on: what is selected, or the step at the cursor."""
        return self.block or Block.between(self.cursor, self.cursor)

    @property
    def whole_days(self) -> Block:
        """The selected days, or the cursor's, from one midnight to the next."""
        days = self.here.days
        return Block(days[0], days[-1], 0, A_DAY)

    def go(self, cursor: Place, anchor: Place | None = None) -> None:
        """Put the cursor somewhere and select from the anchor to it."""
        began_or_ended = (self.anchor is None) != (anchor is None)
        self.cursor, self.anchor = Place().moved(*cursor), anchor
        self._moved()
        if began_or_ended:
            self._editor.refresh_bindings()

    def extend(self, cursor: Place) -> None:
        """Put the cursor somewhere and select from where it began to it."""
        self.go(cursor, self.anchor or self.cursor)

    def days(self, first: int, last: int) -> None:
        """Select whole days; the cursor is on the last of them."""
        self.go(Place(last, A_DAY - 1), Place(first, 0))
