"""The columns that a grid shows, which of them the cursor is in, and where they stand on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView

from .column import Column, SortKey
from .layout import Layout, frozen_first, stretched
from .rows import Rows


class Columns:
    """The columns shown, the frozen ones first."""

    def __init__(self, grid: ScrollView, rows: Rows, shown: Sequence[Column]) -> None:
        self._grid = grid
        self._rows = rows
        self.shown = frozen_first(shown)
        self.place = 0
        """The place of the column that the cursor is in."""
        self._sort: tuple[SortKey, ...] = ()
        self._layout = Layout((), 0)
        self._laid_out: tuple[object, ...] = ()

    @property
    def current(self) -> Column | None:
        """The column that the cursor is in."""
        return self.shown[self.place] if self.place < len(self.shown) else None

    @property
    def sort(self) -> tuple[SortKey, ...]:
        """The order that the titles show; the owner sets it."""
        return self._sort

    @sort.setter
    def sort(self, sort: Sequence[SortKey]) -> None:
        self._sort = tuple(sort)
        self.repaint_titles()

    def show(self, columns: Sequence[Column]) -> None:
        """Show these columns; the cursor stays in its column if that is still there."""
        current = self.current
        self.shown = frozen_first(columns)
        same = self.place_of(current.key) if current else None
        self.place = max(0, min(self.place, len(columns) - 1)) if same is None else same
        self.fit()
        self._grid.refresh()

    def place_of(self, key: str) -> int | None:
        """The place of the column with this key, if it is shown."""
        return next((place for place, column in enumerate(self.shown) if column.key == key), None)

    def enter(self, place: int) -> bool:
        """Have the cursor in the column at this place: whether that is another one."""
        if place == self.place:
            return False
        self.place = place
        self.repaint_titles()
        return True

    def layout(self) -> Layout:
        """Where the columns stand at this size and scroll offset."""
        key = (self.shown, self._rows.width, self._grid.scroll_offset.x)
        if key != self._laid_out:
            self._laid_out = key
            self._layout = Layout(stretched(self.shown, key[1]), *key[1:])
        return self._layout

    def starts(self) -> dict[str, int]:
        """The columns in view by key: where on the screen each begins."""
        return {slot.column.key: slot.x for slot in self.layout().slots}

    def fit(self) -> None:
        """Tell the scroll bars how much there is."""
        width = Layout(self.shown, self._rows.width).scrollable
        self._grid.virtual_size = Size(width, self._rows.total + 1)

    def repaint_titles(self) -> None:
        """Draw the titles again."""
        self._grid.refresh(Region(0, 0, self._rows.width, 1))
