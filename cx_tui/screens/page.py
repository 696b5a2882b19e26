"""What the pages above the customers have in common: a list, the lines around it, what is said of errors."""

from datetime import datetime
from typing import ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.errors import CxError
from cx_tui.screens.copied import send
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from widgets.grid import Grid
from widgets.line import Part


def sentence(error: CxError) -> str:
    """An error as a sentence of its own."""
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


class Page(Screen[None]):
    """A full page with a list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "y", "copy", "copy", id="page.copy", tooltip="Copy what is under the cursor, or the marked cells."
        ),
    ]

    read_at: datetime | None = None
    wrong = ""

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    @property
    def grid(self) -> Grid:
        """The list."""
        return self.query_one(Grid)

    @property
    def arrow(self) -> str:
        """The sign between an old and a new value."""
        return "->" if self.cx.ascii else "→"

    def awaits(self, key: str) -> bool:
        """Keys act on rows: they wait for the first ones, but for the one that leaves."""
        return self.read_at is None and not self.wrong and key != "escape"

    def show_head(self, title: Part, *said: Part, of: str = "") -> None:
        """Say where one is; and at the right which database it is, and when it was read."""
        if self.wrong:
            standing = Part("away", "bad")
        else:
            standing = Part(f"read {self.read_at.astimezone():%H:%M}" if self.read_at else "reading", "dim")
        self.query_one(Header).say(title, *said, of=of, right=[standing])

    def explain(self, error: CxError) -> None:
        """Say what is wrong; with no rows on the screen in their place."""
        text = sentence(error)
        if self.wrong != text:
            self.notify(text, severity="error", timeout=10)
        self.wrong = text
        if not self.grid.rows.total:
            self.grid.notice(f"{text}\n\npress r to try again", "bad")

    def send_to_clipboard(self, text: str, what: str) -> None:
        """Copy it, and say what was sent."""
        send(self.app, text, what)

    async def action_copy(self) -> None:
        """Copy the marked cells, or the cell under the cursor."""
        await self.run_action("app.copy_cells")

    @on(Grid.Failed)
    def failed(self, event: Grid.Failed) -> None:
        """Say what is wrong with the database; what is not its fault is a bug and stays loud."""
        if not isinstance(event.error, CxError):
            raise event.error
        self.explain(event.error)

    @on(Grid.Hidden)
    def column_hidden(self, event: Grid.Hidden) -> None:
        """Say it, and how it comes back."""
        self.notify(f"{event.column.title} is hidden until this page is opened again.")

    @on(Grid.Refused)
    def refused(self, event: Grid.Refused) -> None:
        """Say why the grid did not do it."""
        self.notify(event.text, severity="warning")
