"""How many rows a list has, and how many are marked, as far as they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cx_tui.screens.list.host import ListHost


class Numbers:
    """The numbers of one list."""

    estimated = False
    """Whether they are being counted: there are more than the grid knows of."""

    def __init__(self, of: ListHost) -> None:
        self._of = of

    @property
    def all(self) -> int | None:
        """How many there are; None while they are being counted."""
        return None if self.estimated else self._of.grid.rows.total

    @property
    def marked(self) -> int | None:
        """How many of them are marked; None while that is being counted."""
        grid = self._of.grid
        marks = grid.marks.rows
        return None if self.estimated and marks.all_but else grid.marks.count

    def in_words(self) -> str:
        """How many there are, to be read."""
        return f"{self._of.grid.rows.total - 1:,}+" if self.all is None else f"{self.all:,}"

    def marked_in_words(self) -> str:
        """How many are marked, to be read; nothing when none are."""
        number, but = self.marked, len(self._of.grid.marks.rows.keys)
        if number is None:
            return f"all but {but:,} marked" if but else "all marked"
        return f"{number:,} marked" if number else ""
