"""The record of a call: one attempt of a customer, whatever the carriers tried for it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.kinds import Labelled


class Release(Labelled):
    """Who or what ended a call."""

    CALLER = "caller", "Caller"
    CALLEE = "callee", "Callee"
    SWITCH = "switch", "Switch"
    OPERATOR = "operator", "Operator"
    TIMEOUT = "timeout", "Time-out"
    ERROR = "error", "Error"
    UNKNOWN = "unknown", "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One attempt at one carrier: seconds after the INVITE, and what the carrier answered."""

    carrier: str
    number: str = ""
    began_ms: int = 0
    ended_ms: int | None = None
    sip_code: int | None = None
    reason: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One attempt of a customer.  `(source, source_key)` is what makes it that call: the same told twice
    changes nothing.  It was connected when it has an answer time, however short the talk."""

    source: str
    source_key: str
    customer_id: int | None = None
    """None: nobody was recognised; such calls are kept apart."""
    auth: str = ""
    """By what the customer was recognised: "ip 12", "sip-user 7"."""
    direction: str = "termination"
    route_id: int | None = None
    did_id: int | None = None
    src_ip: str = ""
    src_port: int | None = None
    protocol: str = ""
    cli_in: str = ""
    """The caller's number as it came; a text, as zeros and signs count."""
    cli: str = ""
    paid: str = ""
    dialled: str = ""
    number: str = ""
    """The number as it was sent to the carrier."""
    invited_at: datetime
    """The moment of the call, in UTC: the day and the hour that it belongs to."""
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime
    talk_ms: int = 0
    sip_code: int | None = None
    """The carrier's last answer; what the caller was told may differ."""
    sip_reason: str = ""
    q850: int | None = None
    gate: str = ""
    """The gate of our own that refused it; such a call has no carrier."""
    release: Release = Release.UNKNOWN
    carrier: str = ""
    """The carrier that answered, or failed last."""
    tries: tuple[Try, ...] = ()
    recording: str = ""
    simulated: bool = False
    # What rating adds.
    prefix: str = ""
    destination: str = ""
    billed_seconds: int = 0
    charge: Decimal | None = None
    cost: Decimal | None = None
    currency: str = ""
    unrated: str = ""
    """Why it has no price; empty when it has one or needs none."""

    @property
    def incoming(self) -> bool:
        """Whether it came in, to one of the customer's DIDs."""
        return self.direction == "origination"

    @property
    def priced_number(self) -> str:
        """The number that the price and free minutes hold for: what an incoming call was sent on to is none
        of the customer's prices."""
        return same_form(self.dialled if self.incoming else self.number or self.dialled)

    @property
    def connected(self) -> bool:
        """Whether it was answered."""
        return self.answered_at is not None

    @property
    def pdd_ms(self) -> int | None:
        """Milliseconds from the INVITE to ringing; None, not 0, when it never rang."""
        return None if self.ringing_at is None else _ms(self.ringing_at, self.invited_at)

    @property
    def ring_ms(self) -> int | None:
        """Milliseconds that it rang."""
        return None if self.ringing_at is None else _ms(self.answered_at or self.ended_at, self.ringing_at)


def _ms(later: datetime, earlier: datetime) -> int:
    return round((later - earlier).total_seconds() * 1000)
