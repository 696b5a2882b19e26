"""A widget that is lines of pieces, and draws only the lines that differ from what is on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widget import Widget

from .paint import Piece


class PieceLines(Widget):
    """Lines of pieces in the looks of a week editor."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "week-editor--text",
        "week-editor--dim",
        "week-editor--bad",
        "week-editor--accent",
        "week-editor--here",
        "week-editor--allowed",
        "week-editor--picked",
        "week-editor--picked-allowed",
        "week-editor--now",
        "week-editor--now-allowed",
        "week-editor--cursor",
    }

    # A piece with an action looks like any other.
    auto_links: Reactive[bool] = reactive(False)

    _lines: Sequence[Sequence[Piece]] = ()

    def _show_lines(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Show these."""
        before, self._lines = self._lines, lines
        common = min(len(before), len(lines))
        differing = [y for y in range(common) if before[y] != lines[y]]
        differing += range(common, max(len(before), len(lines)))
        if differing:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in differing))

    def render_line(self, y: int) -> Strip:
        """One line."""
        pieces = self._lines[y] if y < len(self._lines) else ()
        segments = [Segment(piece.text, self._style_of(piece)) for piece in pieces]
        return Strip(segments).adjust_cell_length(self.size.width, self._style("text"))

    def _style_of(self, piece: Piece) -> Style:
        """How a piece looks, and what a click on it does."""
        style = self._style(piece.look)
        return style + Style.from_meta({"@click": piece.action}) if piece.action else style

    def _style(self, look: str) -> Style:
        """The style of a look."""
        return self.get_component_rich_style(f"week-editor--{look}")
