"""A screen that is a window over the list where there is room for both, and fills a small terminal.

How it looks is in the sheet of the program, which comes before what a screen says of itself.
"""

from typing import TypeVar, cast

from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import Screen

from cx_tui.screens.program import Program

T = TypeVar("T")

ROOMY = Size(100, 30)
"""From this size on the list stays to be seen around a window."""
AROUND, BORDER = Size(8, 4), Size(2, 2)
"""What is left of the list, and what the border of the window takes."""


class Window(Screen[T]):
    """A screen whose parts are in `body()`: as large as its content where the terminal is roomy.

    It is not modal to Textual: help, palette and the other keys of the program work in it as on a full page.
    What is around it stays as it is, as to dim it and to light it again would cost a screen of bytes each.
    """

    def body(self) -> Vertical:
        """The box of all parts; it has its size before the first picture."""
        return Vertical(id="window")

    @property
    def is_over(self) -> bool:
        """Whether the list is to be seen around it."""
        size = self.app.size
        return size.width >= ROOMY.width and size.height >= ROOMY.height

    @property
    def room(self) -> Size:
        """The cells that there are for the content."""
        size = self.app.size
        if not self.is_over:
            return size
        return Size(size.width - AROUND.width - BORDER.width, size.height - AROUND.height - BORDER.height)

    def content(self, room: Size) -> Size:
        """How large the content wants to be in that much room."""
        return room

    def fit(self) -> None:
        """Be as large as the content, as far as there is room."""
        room, over = self.room, self.is_over
        wanted = self.content(room) if over else room
        box = self.query_one("#window")
        self.set_class(over, "-over")
        self.set_class(cast(Program, self.app).ascii, "-ascii")
        for name in ("width", "height"):
            cells = min(getattr(wanted, name), getattr(room, name)) + getattr(BORDER, name) * over
            box.set_styles(**{name: cells})

    def on_mount(self) -> None:
        """Have its size at once."""
        self.fit()

    def on_resize(self) -> None:
        """Have the size that fits now."""
        self.fit()
