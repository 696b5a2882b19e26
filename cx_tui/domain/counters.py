"""What is counted of a customer while calls arrive and its other records change.

Attempts, connected calls, lengths and spend are those of `day`, the last day with calls (UTC); a call
that begins or ends on another day begins them anew.  Only finished calls are attempts: one that still rings
or talks is no failure.  A call belongs to the day of its end.  Ratios are kept beside their figures, so that
sorting needs no sum.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cx_tui.domain import fields as field
from cx_tui.domain.kinds import CallSeconds, Integer, Rate, Ratio


@dataclass(kw_only=True)
class Counters:
    """The counters of one customer."""

    customer_id: int = field.of_kind("Customer", Integer())
    balance: Decimal = field.money("Balance", default=Decimal(0), minimum="-999999999999")
    live: int = field.integer("Channels in use", default=0)
    cps: float = field.of_kind("CPS", Rate(), default=0.0)
    last_call_at: datetime | None = field.moment("Last call")
    day: date | None = field.day("Day of the figures")
    attempts: int = field.integer("Attempts", default=0)
    connected: int = field.integer("Connected", default=0)
    answered_seconds: int = field.integer("Answered seconds", maximum=2**62, default=0)
    total_seconds: int = field.integer("Seconds of all calls", maximum=2**62, default=0)
    ring_ms: int = field.integer("Milliseconds to ringing", maximum=2**62, default=0)
    day_spend: Decimal = field.money("Spend of the day", default=Decimal(0))
    asr: float | None = field.of_kind("ASR", Ratio(), optional=True)
    acd: float | None = field.of_kind("ACD", CallSeconds(), optional=True)
    acd_all: float | None = field.of_kind("ACD all", CallSeconds(), optional=True)
    pdd: float | None = field.of_kind("PDD", CallSeconds(tenths=True), optional=True)
    contacts: int = field.integer("Contacts", default=0)
    emails_verified: int = field.integer("Verified e-mails", default=0)
    mobiles_verified: int = field.integer("Verified mobiles", default=0)
    authentications: int | None = field.integer("Authentications", optional=True)
    routes: int | None = field.integer("Routes", optional=True)
    shared_ips: int | None = field.integer("IPs shared without distinction", optional=True)
    contract_due: date | None = field.day("Contract to be signed by")

    def start_call(self, now: datetime) -> None:
        """A call is being set up: a channel, and no attempt yet."""
        self._turn_to(now.date())
        self.live += 1
        self.last_call_at = now
        self._ratios()

    def end_call(self, now: datetime, *, answered: bool, seconds: int, ring_ms: int, charge: Decimal) -> None:
        """A call is over: `seconds` is its whole length, charged only when it was answered."""
        self._turn_to(now.date())
        self.live = max(0, self.live - 1)
        self.attempts += 1
        self.connected += answered
        self.answered_seconds += seconds if answered else 0
        self.total_seconds += seconds
        self.ring_ms += ring_ms
        self.day_spend += charge
        self.balance -= charge
        self._ratios()

    def _turn_to(self, today: date) -> None:
        """On a new day the figures begin anew."""
        if self.day == today:
            return
        self.day = today
        self.attempts = self.connected = 0
        self.answered_seconds = self.total_seconds = self.ring_ms = 0
        self.day_spend = Decimal(0)

    def _ratios(self) -> None:
        self.asr = 100 * self.connected / self.attempts if self.attempts else None
        self.acd = self.answered_seconds / self.connected if self.connected else None
        self.acd_all = self.total_seconds / self.attempts if self.attempts else None
        self.pdd = self.ring_ms / 1000 / self.attempts if self.attempts else None
