"""Counting a day's calls anew, giving them other prices or lengths: what is asked, and what it changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cx_tui.domain.calls.call import Release
from cx_tui.domain.kinds import Labelled


class Operation(Labelled):
    """What is done; each but the first does all that is before it as well."""

    CREDIT = "credit", "Credit"
    SUMMARIES = "summaries", "Summaries and credit"
    RATE = "rate", "Re-rate, summaries and credit"
    DURATION = "duration", "Adjust durations, re-rate, summaries and credit"


@dataclass(frozen=True, kw_only=True)
class Recalculation:
    """What is asked for."""

    day: date
    operation: Operation
    customer_id: int | None = None
    minimum_ms: int = 0
    """Calls that talked at least so long get a new length."""
    new_ms: int = 0
    releases: Collection[Release] = ()
    """Only calls that ended so; none is all."""

    @property
    def changes_calls(self) -> bool:
        """Whether the calls themselves get other values."""
        return self.operation in (Operation.RATE, Operation.DURATION)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What changes for a customer: these amounts go to the ledger."""

    customer_id: int
    currency: str
    calls: int
    """Of how many calls the price changes."""
    before: Decimal
    after: Decimal

    @property
    def more(self) -> Decimal:
        """What the customer is charged more."""
        return self.after - self.before
