"""A page with what is known of calls, mostly of those of all customers."""

from collections.abc import Callable
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from cx_tui.screens.header import Header
from cx_tui.screens.list.base_list import BaseList
from cx_tui.screens.program import Program
from widgets.key_line import KeyLine
from widgets.line import Part


class CallsPage(Screen[None]):
    """The page; `part` is what stands on a customer's card under the tab of this name."""

    CSS_PATH = "calls.tcss"
    AUTO_FOCUS = "Grid, Plot"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="page.back", tooltip="Back to where you came from."),
    ]

    def __init__(
        self, title: str, part: Callable[[], Widget], *, of: str = "all customers", what: str = ""
    ) -> None:
        super().__init__()
        self.title = title
        self._of, self._what = of, what
        self._part = part

    def compose(self) -> ComposeResult:
        """The header, the part, the keys."""
        program = cast(Program, self.app)
        yield Header(glyphs=program.glyphs)
        yield self._part()
        yield KeyLine(glyphs=program.glyphs, id="keys")

    def on_mount(self) -> None:
        """Say where one is."""
        self.query_one(Header).say(Part(self.title or "", "strong"), Part(self._what, "dim"), of=self._of)

    @on(BaseList.Left)
    def left(self) -> None:
        """There was nothing to step back from in the list."""
        self.action_leave()

    def action_leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)
