"""The contacts of the chosen customers as far as they are counted: who will get a message, and who not."""

from collections import Counter
from collections.abc import Sequence

from cx_tui.domain.outbox import Reach
from cx_tui.services.sending.recipients import Recipient, once


class People:
    """The recipients of one way."""

    def __init__(self) -> None:
        self.all: list[Recipient] = []
        self.reached: list[Recipient] = []
        self.counts: Counter[Reach] = Counter()
        self.looked = 0
        """So many customers were looked at."""
        self.customers = 0
        """So many of them have a contact who will get it."""
        self.without: list[int] = []
        """The customers of whom nobody will get it."""
        self.done = False
        self._addresses: set[str] = set()

    def add(self, found: Sequence[Recipient], looked: int) -> None:
        """Take the contacts of some more customers."""
        found = once(found, self._addresses)
        will = [one for one in found if one.reach is Reach.WILL]
        self.all += found
        self.reached += will
        self.counts.update(one.reach for one in found)
        reached = {one.customer_id for one in will}
        self.customers += len(reached)
        self.without += [
            one for one in dict.fromkeys(each.customer_id for each in found) if one not in reached
        ]
        self.looked += looked

    @property
    def contacts(self) -> int:
        """How many contacts there are."""
        return len(self.all) - self.counts[Reach.NOBODY]
