"""What the program knows of its terminal: how the link fares, and what is on the screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from cx_tui.screens.customers import CustomersScreen
from cx_tui.terminal.link import link_of
from widgets.duties import Duty
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.app.program import CxApp

KeepPicture = Callable[[str, tuple[int, int]], None]


class TerminalLink(Duty):
    """The link to a terminal that may be far away."""

    host: "CxApp"

    keep_picture: KeepPicture | None = None
    """Keeps what is on the screen for the next start, if anything does."""

    def lag(self) -> float:
        """Seconds that the terminal took to take the last frame."""
        link = link_of(self.host)
        return link.taking if link else 0.0

    def parts(self) -> list[Part]:
        """How the link fares, when the operator wants to know."""
        link = link_of(self.host)
        return [Part(str(link), "dim")] if link and link.watched else []

    def keep_screen(self, screen: Screen[Any]) -> None:
        """Keep what a screen shows, to be shown at the next start before anything is loaded."""
        from cx_tui.terminal.picture import picture_of

        if self.keep_picture and (picture := picture_of(self.host, screen)):
            self.keep_picture(picture, self.host.size)

    def measured(self) -> None:
        """Show it."""
        if isinstance(self.host.screen, CustomersScreen):
            self.host.screen.show_lines()

    def action_link(self) -> None:
        """Show how the link fares, or stop."""
        if link := link_of(self.host):
            link.watched = not link.watched
            self.measured()
        else:
            self.host.notify("The plain terminal driver can't measure the link.")

    def action_repaint(self) -> None:
        """Draw the whole screen again."""
        from cx_tui.terminal.driver import repaint

        self.host.refresh(repaint=True, layout=True)
        repaint(self.host)
