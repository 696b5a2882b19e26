"""What a hasty key must not do: throw away what was typed, break off work, flood a field."""

from collections.abc import Sequence
from typing import Any

from textual import events, work
from textual.screen import Screen

from cx_tui.errors import CxError
from cx_tui.screens.program import Keeps, Stops, Unsaved
from cx_tui.terminal.direct import Direct
from cx_tui.terminal.in_order import InOrder
from cx_tui.terminal.leaving import Leaving

LONGEST_PASTE = 100_000
"""Characters of a paste that are taken: any field is smaller, and drawing more takes time."""

FLOOD = 100
"""So many keys that wait were not pressed by a person."""


class Staying(Direct[int], InOrder[int], Leaving[int]):
    """A program that ends when it is asked to, and loses nothing by it."""

    @property
    def opened(self) -> list[Screen[Any]]:
        """The screens that have their widgets: one that is still being made has nothing to keep."""
        return [screen for screen in self.screen_stack if screen.is_mounted]

    async def action_quit(self) -> None:
        """Leave the program; ask first, once, when something is not saved."""
        if not any(worker.group == "quit" and worker.is_running for worker in self.workers):
            self._leave()

    @work(group="quit")
    async def _leave(self) -> None:
        unsaved = [screen for screen in self.opened if isinstance(screen, Unsaved) and screen.unsaved()]
        if (not unsaved or await self._agrees(unsaved)) and await self.may_end():
            self.exit()

    async def may_end(self) -> bool:
        """Whether nothing needs this program to stay open, or the operator leaves although something does."""
        return True

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
        chosen = await self.push_screen_wait(Menu(f"{fields} changed and not saved", items, "stay"))
        return chosen == "leave"

    def say_waiting(self, number: int) -> None:
        keys = "1 key waits" if number == 1 else f"{number} keys wait"
        self.notify(f"This takes a while; {keys} for it. Press esc to drop them and go on without it.")

    def say_dropped(self, number: int) -> None:
        keys, they, them = (
            ("1 key was", "it was", "it") if number == 1 else (f"{number} keys were", "they were", "them")
        )
        self.notify(
            f"{keys} dropped: what {they} meant for has not come. Press {them} again when it is there.",
            severity="warning",
        )

    def action_stop(self) -> None:
        """Stop what the operator waits for; when there is nothing, say how to leave."""
        stopped = [screen.stop() for screen in self.opened if isinstance(screen, Stops)]
        self.notify("Stopped." if any(stopped) else "Nothing runs that could be stopped; ctrl+q leaves.")

    async def on_event(self, event: events.Event) -> None:
        """Take only the beginning of a paste that is longer than any field, and say so.  The key that leaves
        need not wait for a flood of others, such as noise on the line."""
        if isinstance(event, events.Key) and event.key == "ctrl+q" and len(self.waiting) > FLOOD:
            self.waiting.clear()
        if isinstance(event, events.Paste) and len(event.text) > LONGEST_PASTE:
            self.notify(
                f"{len(event.text):,} characters were pasted; the first {LONGEST_PASTE:,} are taken.",
                severity="warning",
            )
            event = events.Paste(event.text[:LONGEST_PASTE])
        await super().on_event(event)
