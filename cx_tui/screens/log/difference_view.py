"""The difference of one record, as JSON whose lines are marked and coloured."""

from rich.cells import cell_len, chop_cells

from cx_tui.domain.differences import DONE, marked_lines
from cx_tui.domain.history import Change
from widgets.grid import Glyphs
from widgets.line import Part
from widgets.picker import LineList
from widgets.text import visible

TONES = {"-": "bad", "+": "good", "#": "dim", "": ""}
SIGN = 2
LONGEST = 20_000
"""So many characters of a line are shown; copying takes all."""


class DifferenceView(LineList):
    """What was is marked with - and what is with +, under the label of each field."""

    BINDING_GROUP_TITLE = "The difference"

    def __init__(self, *, glyphs: Glyphs, id: str) -> None:
        super().__init__(cursor=False, id=id)
        self._glyphs = glyphs
        self._change: Change | None = None

    def show_change(self, change: Change) -> None:
        """Show another difference, from its beginning."""
        if change != self._change:
            self._change = change
            self.scroll_home(animate=False)
            self._draw()

    def on_resize(self) -> None:
        """Break long values where the view ends."""
        self._draw()

    def _draw(self) -> None:
        if self._change is None:
            return
        change = self._change
        lines: list[list[tuple[Part, int]]] = []
        if change.act in DONE:
            record = f"{change.record} #{change.record_id} was {DONE[change.act]}"
            lines += [[(Part(record, "warn"), 0)], [(Part(""), 0)]]
        width = max(20, self.size.width - SIGN - 2)
        for sign, text in marked_lines(change):
            shown = f"    {text}" if sign == "#" else text
            for place, piece in enumerate(_broken(visible(shown[:LONGEST]), width)):
                mark = "" if sign == "#" or place else sign
                lines.append([(Part(mark, TONES[sign]), SIGN), (Part(piece, TONES[sign]), 0)])
        self.show_lines(lines)


def _broken(text: str, width: int) -> list[str]:
    """A long line in pieces, those after the first set in."""
    if cell_len(text) <= width:
        return [text]
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    first, *rest = chop_cells(text, width)
    return [first, *(indent + piece for piece in chop_cells("".join(rest), max(8, width - len(indent))))]
