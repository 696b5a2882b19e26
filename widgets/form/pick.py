"""One of several options, shown by its label; a list of them opens beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Key
from textual.strip import Strip

from widgets.function_keys import LIST
from widgets.text import fit, visible

from .drawn import Drawn
from .editor import Setting
from .keys import key
from .looks import Look
from .popup import Find, Option, Popup, matching

Make = Callable[[], Awaitable[str | None]]
"""Lets the operator make another option: its value, or None."""

MAKE = "+"


class Pick(Drawn):
    """A closed list.  Without a search, letters take the next option that begins with them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(f"{LIST},space,enter", "open", "open", "List", "Open the list of what can be chosen."),
        key("delete,backspace", "clear", "clear", "Clear", "Choose nothing."),
    ]

    def __init__(
        self, setting: Setting, options: Callable[[], Sequence[Option]], *, search: bool = True
    ) -> None:
        super().__init__(setting)
        self._options, self._search = options, search
        self._popup: Popup | None = None
        self._ahead, self._taken = "", ""

    def render_line(self, y: int) -> Strip:
        """The label, and a sign that a list opens."""
        width, signs = max(0, self.size.width - 2), self.setting.signs
        label = next((label for value, label in self._options() if value == self.text), self.text)
        text = fit(visible(label), width, ellipsis=signs.ellipsis)
        at: Look = "chosen" if self.has_focus else self.rest
        if self.setting.fixed:
            return self.drawn((text, at))
        return self.drawn((f"{text} ", at), (signs.opens, at if self.has_focus else "sign"))

    def action_open(self, typed: str = "") -> None:
        """Open the list, narrowed to what was typed."""
        if self.setting.fixed:
            self.app.bell()
            return
        self._popup = Popup(
            self._find, self.text, typed=typed, searches=self._search, signs=self.setting.signs
        )
        self._typed = typed
        # The fields may just be moving, to make room for what is wrong with the one before.
        self.call_after_refresh(self._open)

    def awaits(self, key: str) -> bool:
        """What is typed behind the key that opens the list is meant for the list."""
        return self._popup is not None

    def _open(self) -> None:
        """Open the list where the field is now."""
        if self._popup:
            self._popup.beside = self.region
            self.app.push_screen(self._popup, self._answered)

    def _answered(self, value: str | None) -> None:
        """Take what was chosen."""
        self._popup = None
        if value is not None:
            self.change(value)

    async def _find(self, typed: str) -> Sequence[Option]:
        """The options that have a text."""
        return matching(self._options(), typed)

    def action_clear(self) -> None:
        """Choose nothing."""
        self.change("")

    def on_click(self) -> None:
        """A click opens the list."""
        self.action_open()

    def on_key(self, event: Key) -> None:
        """Typing opens the list narrowed to it; what is typed before it is open counts as well."""
        if not event.is_printable or not event.character or (event.key == "space" and not self._popup):
            return
        event.stop()
        event.prevent_default()
        if self._popup:
            self._typed += event.character
            self._popup.narrow(self._typed)
        elif self._search:
            self.action_open(event.character)
        else:
            self._next(event.character)

    def _next(self, letter: str) -> None:
        """Take the option that begins with the letters so far, or the next that begins with this one."""
        so_far = self._ahead + letter if self._taken == self.text else letter
        if found := self._beginning_with(so_far):
            taken = self.text if len(so_far) > 1 and self.text in found else found[0]
        elif found := self._beginning_with(letter):
            so_far, taken = letter, found[0]
        else:
            return
        if len(so_far) == 1 and self.text in found:
            taken = found[(found.index(self.text) + 1) % len(found)]
        self._ahead, self._taken = so_far, taken
        self.change(taken)

    def _beginning_with(self, letters: str) -> list[str]:
        wanted = letters.casefold()
        return [value for value, label in self._options() if label.casefold().startswith(wanted)]

    def on_blur(self) -> None:
        """What is typed when one comes back begins a new word."""
        self._ahead = ""


class Found(Pick):
    """One of very many options, which are asked for while one types."""

    def __init__(self, setting: Setting, find: Find, make: Make | None = None) -> None:
        super().__init__(setting, self._known)
        self._asks, self._make = find, make
        self._labels: dict[str, str] = {}

    def _known(self) -> Sequence[Option]:
        """The options that were met so far."""
        return list(self._labels.items())

    def on_mount(self) -> None:
        """Find out how the present choice reads."""
        self.run_worker(self._learn(), exclusive=True)

    async def _learn(self) -> None:
        """Ask for the present choice."""
        if self.text and self.text not in self._labels:
            await self._find(self.text)
            self.refresh()

    async def _find(self, typed: str) -> Sequence[Option]:
        """What there is for a text; and last the way to make another one."""
        found = list(await self._asks(typed))
        self._labels.update(found)
        return [*found, (MAKE, "+ make a new one")] if self._make else found

    def _answered(self, value: str | None) -> None:
        """Take what was chosen, or what is made now."""
        if value == MAKE and self._make:
            self._popup = None
            self.run_worker(self._take_made(self._make))
        else:
            super()._answered(value)

    async def _take_made(self, make: Make) -> None:
        """Take what the operator makes now."""
        if made := await make():
            self.change(made)
            await self._learn()
