"""One line of text for which earlier texts are offered: the rest of one in it, all of them in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import BindingType

from widgets.function_keys import LIST

from .editor import Setting
from .entry import Entry
from .keys import key
from .popup import Find, Option, Popup


class Suggest(Entry):
    """Any text may be typed; right takes the rest of what is offered, down the list once one has typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(LIST, "offers", "offers", "List", "Open the list of what is offered."),
        key(
            "down", "offers_typed", "offers_typed", "List", "Open the list of what is offered for this text."
        ),
    ]

    def __init__(self, setting: Setting, find: Find) -> None:
        super().__init__(setting)
        self._asks = find
        self._offers: Sequence[Option] = ()

    def watch_value(self, value: str) -> None:
        """Ask what there is to offer for what is typed."""
        super().watch_value(value)
        self.ghost, self._offers = "", ()
        if self.is_mounted and self.has_focus and value:
            self.run_worker(self._ask(value), exclusive=True)

    async def _ask(self, typed: str) -> None:
        """Offer what begins so."""
        self._offers = await self._asks(typed)
        begun = (value for value, _ in self._offers if value.casefold().startswith(typed.casefold()))
        self.ghost = next(begun, typed)[len(typed) :]
        self.refresh()

    def on_blur(self) -> None:
        """Nothing is offered elsewhere."""
        super().on_blur()
        self.ghost, self._offers = "", ()

    def action_cursor_right(self, select: bool = False) -> None:
        """Go to the right; at the end, take what is offered."""
        if self.ghost and self.cursor_at_end and not select:
            self.value += self.ghost
            self.action_end()
        else:
            super().action_cursor_right(select)

    def action_offers_typed(self) -> None:
        """Open the list if something was typed for which there is something to offer."""
        if not self._offers:
            raise SkipAction
        self._open(self.value)

    def action_offers(self) -> None:
        """Open the list of everything."""
        self._open("")

    def _open(self, typed: str) -> None:
        """Open the list."""
        if self.setting.fixed:
            self.restricted()
            return
        popup = Popup(self._asks, self.value, typed=typed, signs=self.setting.signs)
        popup.beside = self.region
        self.app.push_screen(popup, self._answered)

    def _answered(self, value: str | None) -> None:
        """Take what was chosen."""
        if value is not None:
            self.value = value
            self.action_end()
