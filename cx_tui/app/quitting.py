"""Leaving the program: what was typed is not thrown away, and who has to stay is asked to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cx_tui.app.unconfirmed import may_leave
from cx_tui.errors import CxError
from cx_tui.screens.program import Keeps, Stops, Unsaved
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.app.program import CxApp


class Quitting(Duty):
    """Ends the program when it is asked to, and loses nothing by it; and stops what runs."""

    host: "CxApp"

    def begin(self) -> None:
        """Leave the program; ask first, once, when something is not saved."""
        if not any(worker.group == "quit" and worker.is_running for worker in self.host.workers):
            self._leave()

    @work(group="quit", name=OPENS)
    async def _leave(self) -> None:
        unsaved = [screen for screen in self.host.opened if isinstance(screen, Unsaved) and screen.unsaved()]
        if (not unsaved or await self._agrees(unsaved)) and await may_leave(self.host, self.host.session):
            self.host.exit()

    def _loss_of(self, unsaved: Sequence[Unsaved]) -> str:
        """Why something that was typed would be lost; empty when all of it is kept."""
        for screen in unsaved:
            if isinstance(screen, Keeps):
                try:
                    screen.keep()
                except CxError as error:
                    return f", as {error}"
            else:
                return " "
        return ""

    async def _agrees(self, unsaved: Sequence[Unsaved]) -> bool:
        from widgets.menu import Item, Menu

        number = sum(screen.unsaved() for screen in unsaved)
        fields = "1 field was" if number == 1 else f"{number} fields were"
        lost = self._loss_of(unsaved)
        leave = (
            f"Leave; what was typed is lost{lost.rstrip()}"
            if lost
            else "Leave, and keep what was typed as a draft"
        )
        items = [Item("stay", "Go on"), Item("leave", leave)]
        chosen = await self.host.push_screen_wait(Menu(f"{fields} changed and not saved", items, "stay"))
        return chosen == "leave"

    def action_stop(self) -> None:
        """Stop what the operator waits for; when there is nothing, say how to leave."""
        stopped = [screen.stop() for screen in self.host.opened if isinstance(screen, Stops)]
        self.host.notify("Stopped." if any(stopped) else "Nothing runs that could be stopped; ctrl+q leaves.")
