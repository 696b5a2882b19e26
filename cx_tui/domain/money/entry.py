"""The entries of the ledger: everything that ever moved a balance, each once."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cx_tui.domain.kinds import Labelled


class Kind(Labelled):
    """Why a balance moved."""

    OPENING = "opening", "Opening balance"
    PAYMENT = "payment", "Payment"
    PACKAGE = "package", "Package"
    CALLS = "calls", "Calls of a day"
    CORRECTION = "correction", "Correction"
    CANCELLATION = "cancellation", "Cancellation"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry.  No customer has two of the same source and turn, so nothing is booked twice."""

    customer_id: int
    kind: Kind
    amount: Decimal
    currency: str
    source: str
    """What it was booked for: "payment 12", "calls 2026-06-16", "package 3 2026-07-01"."""
    turn: int = 1
    """How often something was booked for this source, this time included."""
    day: date
    """The day that it is about (UTC)."""
    at: datetime
    """When it was booked."""
    reason: str = ""
    who: str = ""
    operation_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Booked(Entry):
    """An entry as it stands in the ledger."""

    id: int
    total: Decimal
    """The sum of the customer's ledger up to it and with it."""


@dataclass(frozen=True)
class Balance:
    """What a customer has, and what it is made of."""

    balance: Decimal
    debit_limit: Decimal
    currency: str
    booked: Decimal
    """The sum of the ledger's entries."""
    unbooked: Decimal
    """Charges of calls of days that are not closed yet: they are in the balance, but no entries yet."""

    @property
    def ledger_sum(self) -> Decimal:
        """What the balance has to be: all that was booked, less what calls cost since."""
        return self.booked - self.unbooked

    @property
    def available(self) -> Decimal:
        """What may still be spent."""
        return self.balance + self.debit_limit


def source_of_payment(payment_id: int) -> str:
    """What entries of a payment are booked for."""
    return f"payment {payment_id}"


def source_of_credit(number: str) -> str:
    """What entries of a credit note are booked for."""
    return f"credit {number}"


def source_of_calls(day: date) -> str:
    """What entries of a day's calls are booked for."""
    return f"calls {day}"
