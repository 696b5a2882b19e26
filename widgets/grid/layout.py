"""Where each column stands on the screen: gutter, frozen columns, then those scrolled to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from .column import Column

GUTTER = 2
PADDING = 2


def frozen_first(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The same columns with the frozen ones at the left."""
    return tuple(sorted(columns, key=lambda column: not column.frozen))


def with_frozen(columns: Sequence[Column], count: int) -> tuple[Column, ...]:
    """The same columns with just the first `count` frozen."""
    return tuple(
        column if column.frozen == (place < count) else replace(column, frozen=place < count)
        for place, column in enumerate(columns)
    )


def stretched(columns: Sequence[Column], width: int) -> tuple[Column, ...]:
    """The same columns, those that grow as much wider as the others leave room."""
    room = width - GUTTER - sum(column.width + PADDING for column in columns)
    found = []
    for column in columns:
        more = max(0, min(room, column.grows - column.width))
        room -= more
        found.append(replace(column, width=column.width + more) if more else column)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Slot:
    """A column in view: its place among the columns, where on the screen it begins, its text's width."""

    column: Column
    place: int
    x: int
    width: int

    @property
    def stop(self) -> int:
        """The screen cell after its last one."""
        return self.x + self.width + PADDING


@dataclass(frozen=True)
class Layout:
    """The columns in view, for one width and one horizontal scroll offset.

    No column is cut at its left, where a number would lose its first digits unseen.  The last one in view is
    narrower if it must be, so that its texts are cut with a sign; a number is shown whole or not at all.
    """

    columns: tuple[Column, ...]
    width: int
    scroll: int = 0
    frozen: tuple[Slot, ...] = field(init=False, default=())
    scrolled: tuple[Slot, ...] = field(init=False, default=())
    edge: int = field(init=False, default=GUTTER)

    def __post_init__(self) -> None:
        frozen, edge = self._frozen_slots()
        object.__setattr__(self, "frozen", frozen)
        object.__setattr__(self, "edge", edge)
        object.__setattr__(self, "scroll", max((s for s in self._starts() if s <= self.scroll), default=0))
        object.__setattr__(self, "scrolled", self._scrolled_slots(edge))

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All columns in view, from left to right."""
        return self.frozen + self.scrolled

    @property
    def whole(self) -> int:
        """How wide all columns are together."""
        return GUTTER + sum(column.width + PADDING for column in self.columns)

    @property
    def scrollable(self) -> int:
        """How wide the content is said to be, so that even at its end it begins with a whole column."""
        last = next((start for start in self._starts() if self.whole - start <= self.width), self.whole)
        return last + self.width if last else self.whole

    @property
    def more_left(self) -> bool:
        """Whether columns are hidden at the left."""
        return self.scroll > 0

    @property
    def more_right(self) -> bool:
        """Whether columns are hidden at the right."""
        return self.whole - self.scroll > self.width

    def at(self, x: int) -> Slot | None:
        """The column at a screen cell."""
        return next((slot for slot in self.slots if slot.x <= x < slot.stop), None)

    def ending_at(self, x: int) -> Slot | None:
        """The column whose right edge is at a screen cell."""
        return next((slot for slot in self.slots if x == slot.stop - 1), None)

    def scroll_to(self, place: int) -> int:
        """The scroll offset nearest to this one that shows a column whole and cuts none at the left."""
        starts = self._starts()
        place -= len(self.frozen)
        if not 0 <= place < len(starts):
            return self.scroll
        stop = starts[place] + self.edge + self.columns[place + len(self.frozen)].width + PADDING
        wanted = min(max(self.scroll, stop - self.width), starts[place])
        return next(start for start in starts if start >= wanted)

    def _starts(self) -> list[int]:
        """The scroll offsets at which a column begins right after the frozen ones."""
        widths = [column.width + PADDING for column in self.columns[len(self.frozen) :]]
        return list(accumulate(widths[:-1], initial=0)) if widths else []

    def _frozen_slots(self) -> tuple[tuple[Slot, ...], int]:
        """The frozen columns, as many as leave a third of the width to the others, and where they end."""
        slots: list[Slot] = []
        x = GUTTER
        for place, column in enumerate(self.columns):
            slot = Slot(column, place, x, column.width)
            if not column.frozen or slot.stop > self.width * 2 // 3:
                break
            slots.append(slot)
            x = slot.stop
        return tuple(slots), x

    def _scrolled_slots(self, edge: int) -> tuple[Slot, ...]:
        """The other columns of which at least one cell is in view."""
        slots: list[Slot] = []
        starts = self._starts()
        x = edge
        for place in range(
            len(self.frozen) + (starts.index(self.scroll) if starts else 0), len(self.columns)
        ):
            column = self.columns[place]
            width = min(column.width, self.width - x - PADDING)
            least = column.width if slots and column.align == "right" else 1
            if width < least:
                break
            slots.append(Slot(column, place, x, width))
            x = slots[-1].stop
        return tuple(slots)
