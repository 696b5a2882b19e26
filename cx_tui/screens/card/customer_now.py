"""The customer whose card is open: who it is, and what is known of it at this moment."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cx_tui.domain.history import DelayedState, open_by
from cx_tui.domain.kinds import Money
from cx_tui.domain.query import Query
from cx_tui.errors import CxError
from cx_tui.screens.present import ALWAYS, STATUS_TONES, credit_in_words, spaced, warned
from cx_tui.screens.times import local
from cx_tui.services.records.presence import Around
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.services.session import Session

MONEY = Money()
NOTHING = Around()


@dataclass
class CustomerNow:
    """A customer by its number, with the values that were read last."""

    id: int
    name: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    around: Around = NOTHING

    async def read(self, session: "Session") -> bool:
        """Read it anew: whether it is still there."""
        listing = await session.customers.list(Query())
        found = await listing.again([self.id], ALWAYS)
        with suppress(CxError):  # a login may have no right to see it
            self.around = await session.presence.around(self.id)
        if self.id in found:
            self.values = found[self.id]
            self.name = str(self.values["name"])
        return self.id in found

    def goes_on(self) -> list[Part]:
        """Changes that wait for their time or for a person, and who else has the customer open."""
        changes, parts = self.around.changes, []
        if changes:
            count = "1 change waits" if len(changes) == 1 else f"{len(changes):,} changes wait"
            held = any(change.state is DelayedState.HELD for change in changes)
            when = "for a decision" if held else f"until {local(changes[0].due_at)}"
            parts.append(Part(f"{count} {when}", "warn"))
        if self.around.editors:
            parts.append(Part(open_by(self.around.editors), "warn"))
        return parts

    def lines(self) -> list[LineText]:
        """The two lines that are always on the card: how it stands, and what is wrong."""
        values = self.values
        if not values:
            return []
        balance = f"{MONEY.show(values['balance'])} {values['currency']}"
        in_use = f"{values['live']:,} of {values['channels']:,} channels"
        first = [
            Part(values["status"].label, STATUS_TONES.get(values["status"], "good")),
            Part(f"balance {balance}", "bad" if values["available"] <= 0 else ""),
            Part(in_use, "warn" if values["live"] and values["live"] >= values["channels"] else ""),
            Part(credit_in_words(values), "dim"),
        ]
        return [LineText(spaced(first)), LineText([warned(values["warning_mask"])])]
