"""What a hasty key must not do: break off the work of a screen that is left, flood a field."""

from typing import Any

from textual import events
from textual.screen import Screen

from cx_tui.terminal.direct import Direct
from cx_tui.terminal.in_order import InOrder
from cx_tui.terminal.leaving import Leaving

LONGEST_PASTE = 100_000
"""Characters of a paste that are taken: any field is smaller, and drawing more takes time."""

FLOOD = 100
"""So many keys that wait were not pressed by a person."""


class Staying(Direct[int], InOrder[int], Leaving[int]):
    """A program that knows which of its screens are there, and says what becomes of keys that wait."""

    @property
    def opened(self) -> list[Screen[Any]]:
        """The screens that have their widgets: one that is still being made has nothing to keep."""
        return [screen for screen in self.screen_stack if screen.is_mounted]

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
