"""The customer whose card is open: who it is, and what is known of it at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cx_tui.domain.kinds import Money
from cx_tui.domain.query import Query
from cx_tui.screens.present import ALWAYS, STATUS_TONES, credit_in_words, spaced, warned
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.services.session import Session

MONEY = Money()


@dataclass
class CustomerNow:
    """A customer by its number, with the values that were read last."""

    id: int
    name: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    async def read(self, session: "Session") -> bool:
        """Read it anew: whether it is still there."""
        listing = await session.customers.list(Query())
        found = await listing.again([self.id], ALWAYS)
        if self.id in found:
            self.values = found[self.id]
            self.name = str(self.values["name"])
        return self.id in found

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
