"""Lines of the panel: each whole line in one look, its text made safe to show."""

from __future__ import annotations

import textwrap

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from widgets.text import Align, fit, visible


class LinePainter:
    """Draws lines as wide as a panel."""

    def __init__(self, panel: Widget, ellipsis: str) -> None:
        self._panel = panel
        self._ellipsis = ellipsis

    def line(self, text: str, look: str) -> Strip:
        """A whole line in one look; "" is that of the panel."""
        panel, width = self._panel, self._panel.size.width
        style = panel.get_component_rich_style(f"column-chooser--{look}") if look else panel.rich_style
        return Strip([Segment(self.fit(text, width), style)], width)

    def wrapped(self, text: str, lines: int, look: str) -> list[Strip]:
        """A text in so many lines, broken at its ordinary spaces."""
        width = max(1, self._panel.size.width - 2)
        parts = textwrap.wrap(visible(text), width, max_lines=lines, placeholder=self._ellipsis)
        parts += [""] * (lines - len(parts))
        return [self.line(f" {part}".replace("\N{NO-BREAK SPACE}", " "), look) for part in parts]

    def fit(self, text: str, width: int, align: Align = "left") -> str:
        """A text made safe to show, in this many cells."""
        return fit(visible(text), max(0, width), align, self._ellipsis)
