"""Where everything on a page of a form stands: labels, editors, and notes beside or beneath them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from textual.geometry import Region

from widgets.text import visible

from .draft import Note
from .field import FormField

# The cells of the signs before a label, and the space between a label, its box and its note.
GUTTER, GAP = 2, 2
# How wide a box is that says nothing of its width, on a narrow and on a wide page.
NARROW, BOX, WIDE, WIDE_BOX = 24, 30, 85, 40


@dataclass(frozen=True)
class NoteLine:
    """One line of a note."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Slot:
    """The rows of one field."""

    field: FormField
    y: int
    height: int
    editor: Region
    note: tuple[NoteLine, ...]


class Plan:
    """A page at one width."""

    def __init__(self, width: int, labels: int, told: Sequence[tuple[FormField, Note]]) -> None:
        self.width = width
        self.labels = max(0, min(labels, width // 4))
        self.slots: list[Slot] = []
        y = 0
        for field, note in told:
            self.slots.append(self._slot(field, visible(note.text), y))
            y += self.slots[-1].height
        self.height = y
        self._tops = [slot.y for slot in self.slots]

    @property
    def x(self) -> int:
        """Where the boxes begin."""
        return GUTTER + self.labels + GAP

    def slot(self, name: str) -> Slot:
        """The rows of the field with this name."""
        return next(slot for slot in self.slots if slot.field.name == name)

    def at(self, y: int) -> Slot | None:
        """The field that has this row."""
        return self.slots[bisect_right(self._tops, y) - 1] if 0 <= y < self.height else None

    def _slot(self, field: FormField, note: str, y: int) -> Slot:
        """One field and its note."""
        editor, span = field.editor, field.editor.span
        beneath = span == "full"
        x = GUTTER if beneath else self.x
        width = max(1, self.width - x - 1)
        if span == "box":
            width = min(editor.cells or self._box, width)
        region = Region(x, y + beneath, width, max(1, editor.lines_at(width)))
        lines = self._note(note, region, span == "box")
        bottom = max(region.bottom, *(line.y + 1 for line in lines)) if lines else region.bottom
        return Slot(field, y, bottom - y, region, lines)

    def _note(self, note: str, box: Region, may_be_beside: bool) -> tuple[NoteLine, ...]:
        """The lines of a note: under the other notes if it fits, or right after its box, or beneath it."""
        if not note:
            return ()
        if may_be_beside:
            for x in (self.x + max(self._box, box.width) + GAP, box.right + GAP):
                if x + cell_len(note) < self.width:
                    return (NoteLine(x, box.y, note),)
        lines = wrapped(note, max(1, self.width - box.x - 1))
        return tuple(NoteLine(box.x, box.bottom + number, line) for number, line in enumerate(lines))

    @property
    def _box(self) -> int:
        """How wide a box is that says nothing of its width."""
        return WIDE_BOX if self.width >= WIDE else min(BOX, max(NARROW, self.width - self.x - NARROW))


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells, broken at its spaces where there are any."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if cell_len(longer) <= width:
            lines[-1] = longer
            continue
        pieces = chop_cells(word, width)
        lines[len(lines) if lines[-1] else 0 :] = pieces
    return lines
