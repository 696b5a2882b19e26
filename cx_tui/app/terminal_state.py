"""What the program knows of its terminal: how the link fares, and what is on the screen."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.app.hasty_keys import Staying
from cx_tui.screens.customers import CustomersScreen
from cx_tui.terminal.link import link_of
from widgets.function_keys import LINK
from widgets.line import Part

KeepPicture = Callable[[str, tuple[int, int]], None]


class Connected(Staying):
    """A program on a terminal that may be far away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(LINK, "link", "link", show=False, id="app.link",
                tooltip="Show the bytes and the round trip of the last key, or hide them."),
        Binding("ctrl+l", "repaint", "repaint", show=False, id="app.repaint",
                tooltip="Draw the screen again."),
    ]  # fmt: skip

    keep_picture: KeepPicture | None = None
    """Keeps what is on the screen for the next start, if anything does."""

    def lag(self) -> float:
        """Seconds that the terminal took to take the last frame."""
        link = link_of(self)
        return link.taking if link else 0.0

    def link_parts(self) -> list[Part]:
        """How the link fares, when the operator wants to know."""
        link = link_of(self)
        return [Part(str(link), "dim")] if link and link.watched else []

    def keep_screen(self, screen: Screen[Any]) -> None:
        """Keep what a screen shows, to be shown at the next start before anything is loaded."""
        from cx_tui.terminal.picture import picture_of

        if self.keep_picture and (picture := picture_of(self, screen)):
            self.keep_picture(picture, self.size)

    def on_link_measured(self) -> None:
        """Show it."""
        if isinstance(self.screen, CustomersScreen):
            self.screen.show_lines()

    def action_link(self) -> None:
        """Show how the link fares, or stop."""
        if link := link_of(self):
            link.watched = not link.watched
            self.on_link_measured()
        else:
            self.notify("The plain terminal driver can't measure the link.")

    def action_repaint(self) -> None:
        """Draw the whole screen again."""
        from cx_tui.terminal.driver import repaint

        self.refresh(repaint=True, layout=True)
        repaint(self)
