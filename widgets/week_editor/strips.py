"""Lines of pieces on a widget, of which only those are drawn that differ from what is on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from .paint import Piece


class PieceLines:
    """The lines that a widget shows."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._lines: Sequence[Sequence[Piece]] = ()

    def show(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Show these."""
        before, self._lines = self._lines, lines
        common = min(len(before), len(lines))
        differing = [y for y in range(common) if before[y] != lines[y]]
        differing += range(common, max(len(before), len(lines)))
        if differing:
            width = self._widget.size.width
            self._widget.refresh(*(Region(0, y, width, 1) for y in differing))

    def line(self, y: int) -> Strip:
        """One of them, as wide as the widget."""
        pieces = self._lines[y] if y < len(self._lines) else ()
        segments = [Segment(piece.text, self._style_of(piece)) for piece in pieces]
        return Strip(segments).adjust_cell_length(self._widget.size.width, self._style("text"))

    def _style_of(self, piece: Piece) -> Style:
        """How a piece looks, and what a click on it does."""
        style = self._style(piece.look)
        return style + Style.from_meta({"@click": piece.action}) if piece.action else style

    def _style(self, look: str) -> Style:
        """The style of a look."""
        return self._widget.get_component_rich_style(f"week-editor--{look}")
