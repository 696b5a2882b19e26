"""The search box of a list: words and conditions, with what could be typed next."""

from collections.abc import Sequence
from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from cx_tui.domain.completion import Offer, offers
from cx_tui.screens.present import one_of
from widgets.line import Part


class FilterInput(Input):
    """Tab takes what is offered first, and the next one when it is pressed again; enter never does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete", show=False, id="search.complete",
                tooltip="Take the first of what is offered for this word; again takes the next."),
    ]  # fmt: skip

    class Offered(Message):
        """Something else is offered now."""

    def __init__(self, record: str, *, placeholder: str, id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, compact=True, id=id)
        self._record = record
        self._round: tuple[str, int, Sequence[Offer]] | None = None
        self.counts: dict[str, str] = {}
        """How many records have each value, as far as it was counted."""

    def offered(self) -> Sequence[Offer]:
        """What could be typed next."""
        if self._round and self.value == self._round[0]:
            return self._round[2]
        if not self.has_focus or self.cursor_position < len(self.value):
            return []
        return offers(self.value, self._record)

    def parts(self) -> list[Part]:
        """The same, to be shown."""
        found = self.offered()
        if not found:
            return []
        parts = [Part("tab: ", "dim")]
        taken = self._round[1] if self._round and self.value == self._round[0] else -1
        for place, offer in enumerate(found):
            parts.append(one_of(offer.text, chosen=place == taken))
            said = self.counts.get(offer.text.strip('"')) or offer.help
            parts.append(Part(f"{said}  " if said else " ", "dim"))
        return parts

    def action_complete(self) -> None:
        """Take the first of what is offered, or the one after it."""
        found = self.offered()
        if not found:
            raise SkipAction
        place = 0
        if self._round and self.value == self._round[0]:
            place = (self._round[1] + 1) % len(found)
        offer = found[place]
        text = self.value[: offer.start] + offer.text
        self._round = (text, place, found)
        self.value = text
        self.cursor_position = len(text)
        self.post_message(self.Offered())

    def on_focus(self) -> None:
        """From now on something may be offered."""
        self.post_message(self.Offered())

    def on_blur(self) -> None:
        """Nothing is offered to who has left it."""
        self._round = None
        self.post_message(self.Offered())
