"""What helps on any screen: the palette, the page of keys, the guide, the tour, the colours, the command."""

from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from widgets.duties import Duty

if TYPE_CHECKING:
    from cx_tui.app.program import CxApp
    from cx_tui.app.tour import Tour

TOUR_STAYS = 3600.0
"""Seconds for which a step of the tour is shown: until it is done."""


class Helping(Duty):
    """Opens it."""

    host: "CxApp"
    tour: "Tour | None" = None

    def open_palette(self) -> None:
        """Find what can be done here, and do it."""
        from cx_tui.app.palette import found_here
        from widgets.palette import Palette

        if isinstance(self.host.screen, Palette):
            return
        here, recent = found_here(self.host, self.host.screen), self.host.workspace.done_lately()

        def do(place: int | None) -> None:
            if place is None:
                return
            entry, act = here[place]
            self.host.workspace.keep_done_lately(
                [entry.name, *(name for name in recent if name != entry.name)]
            )
            act()

        self.host.push_screen(Palette([entry for entry, _ in here], recent, glyphs=self.host.glyphs), do)

    def choose_theme(self) -> None:
        """Choose the colours, until the program ends."""
        from widgets.menu import Item, Menu

        def dress(chosen: str | None) -> None:
            self.host.theme = chosen or self.host.theme

        themes = [Item(name, name) for name in sorted(self.host.available_themes)]
        self.host.push_screen(Menu("Colours", themes, self.host.theme, glyphs=self.host.glyphs), dress)

    def action_copy_command(self) -> None:
        """Copy what this screen shows as a command."""
        from cx_tui.screens.as_command import command_of
        from cx_tui.terminal.clipboard import copy

        try:
            said = command_of(self.host.screen)
        except CxError as error:
            self.host.notify(f"There is no command for this: {error}.", severity="warning")
            return
        if said is None:
            self.host.notify("No command prints what this screen shows.", severity="warning")
            return
        copy(self.host, said, self.host.settings.clipboard.limit)
        self.host.notify(f"Sent to the clipboard of your terminal: {said}")

    def action_help(self) -> None:
        """Show the keys of this page."""
        from cx_tui.app.help_page import Help
        from widgets.key_help import HelpPage, groups_of

        page = self.host.screen.title or "this page"
        if not isinstance(self.host.screen, HelpPage):
            self.host.push_screen(Help(f"Keys of {page}", groups_of(self.host.screen)))

    def open_guide(self) -> None:
        """Have a page of the documentation chosen, and show it."""
        from cx_tui.app.help_page import choose_page

        self.host.run_worker(choose_page(self.host, self.host.glyphs))

    def begin_tour(self) -> None:
        """Lead through ten things with their keys."""
        from cx_tui.app.tour import Tour

        self.tour = Tour(self._say_tour)

    def _say_tour(self, sentence: str) -> None:
        """Show a step in place of the one before."""
        self.host.clear_notifications()
        if sentence:
            self.host.notify(sentence, timeout=TOUR_STAYS)
