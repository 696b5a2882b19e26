"""The small interface through which calls arrive: the start and the end of each."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class CallStarted:
    """A call is being set up for a customer."""

    customer_id: int


@dataclass(frozen=True)
class CallEnded:
    """A call is over."""

    customer_id: int
    answered: bool
    seconds: int
    ring_ms: int
    charge: Decimal


CallEvent = CallStarted | CallEnded
