"""Yes or no, as a box that is ticked or not."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.strip import Strip

from widgets.text import fit, visible

from .drawn import Drawn
from .keys import key
from .looks import Look

YES, NO = "yes", "no"


class Tick(Drawn):
    """`[x] yes` or `[ ] no`; any other text is shown with a question mark."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "space,enter,left,right",
            "toggle",
            "say_opposite",
            "Yes or no",
            "Change yes to no, and no to yes.",
        ),
    ]

    def action_say_opposite(self) -> None:
        """Say the opposite."""
        self.change(NO if self.text == YES else YES)

    def on_click(self) -> None:
        """A click does the same."""
        self.action_say_opposite()

    def render_line(self, y: int) -> Strip:
        """The box and the word."""
        sign = {YES: self.setting.signs.tick, NO: " "}.get(self.text, "?")
        word = fit(visible(self.text), max(0, self.size.width - 4), ellipsis=self.setting.signs.ellipsis)
        box: Look = "chosen" if self.has_focus else self.rest
        return self.drawn((f"[{sign}]", box), (f" {word.rstrip()}", self.rest))
