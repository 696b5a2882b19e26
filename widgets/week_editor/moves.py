"""Moving the cursor and selecting: a block of the same steps on days one after another."""

from __future__ import annotations

from .bits import A_DAY, Place
from .view import WeekView


class WeekMoves(WeekView):
    """A view whose cursor moves and selects."""

    def action_move(self, days: int, steps: int) -> None:
        """Move the cursor; nothing is selected then."""
        self._go(self.cursor.moved(days, steps), None)

    def action_select(self, days: int, steps: int) -> None:
        """Move the cursor and select up to it."""
        self._go(self.cursor.moved(days, steps), self._anchor or self.cursor)

    def _select_days(self, first: int, last: int) -> None:
        """Select whole days; the cursor is on the last of them."""
        self._go(Place(last, A_DAY - 1), Place(first, 0))

    def _go(self, cursor: Place, anchor: Place | None) -> None:
        """Put the cursor somewhere and select from the anchor to it."""
        self._said = ""
        held, self._anchor = self._anchor, anchor
        if cursor == self.cursor:
            self._show()
        self.cursor = cursor
        if (held is None) != (anchor is None):
            self.refresh_bindings()
